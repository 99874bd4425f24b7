"""Health and figures: each part says when it is not well, and no figure has anybody's name."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from bot import coaching
from bot.clocks import Clocks
from bot.coaching import Backlog, Context
from bot.coaching.ground.errors import Unavailable
from bot.delivery import events
from bot.delivery.outcomes import GiveUp, Missing, Sent, TryLater, Unreadable, Unsure
from bot.health import PATIENCE, Health
from bot.hop import Hop
from bot.metrics import Metrics
from bot.routine import clocks_compared
from bot.slack.transport.problems import Problem
from bot.slack.transport.status import Status
from bot.watchdog import Signs
from storage.transaction import Store
from storage.types import ActionType
from tests.clocks import true_now
from tests.conftest import FrozenClock
from tests.delivery.pretend import Fate, Line, Office, settings

LIMIT = timedelta(seconds=60)
CLOSED = Problem("closed", "The connection to Slack was lost.")


class Surroundings:
    """What a process is asked about, to be made good or bad."""

    def __init__(self, clock: FrozenClock) -> None:
        self.seconds = 0.0
        self.signs = Signs(lambda: self.seconds)
        self.metrics = Metrics(clock=clock, heartbeat_age=lambda: self.signs.age)
        self.backlog: Backlog | None = Backlog(3, timedelta(seconds=7))
        self.hangs = asyncio.Event()
        self.clocks = Clocks()
        self.is_connected = True
        self.asked = 0
        self.health = Health(
            count_due=self._count,
            slack=lambda: Status(self.is_connected, None if self.is_connected else CLOSED),
            signs=self.signs,
            clocks=self.clocks,
            metrics=self.metrics,
            limit=LIMIT,
        )

    async def _count(self) -> Backlog:
        self.asked += 1
        if self.backlog is None:
            raise Unavailable("database.disk_full")
        if self.hangs.is_set():
            await asyncio.sleep(3600)
        return self.backlog


@pytest.fixture
def around(clock: FrozenClock) -> Surroundings:
    return Surroundings(clock)


@pytest.fixture
async def asking(around: Surroundings) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=around.health.routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://health") as client:
        yield client


async def figures(asking: httpx.AsyncClient) -> dict[str, float]:
    text = (await asking.get("/metrics")).text
    return {
        each.name + "".join(f" {value}" for value in each.labels.values()): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


@pytest.mark.parametrize(
    "bad",
    [bad for n in range(5) for bad in itertools.combinations(("db", "slack", "beat", "clock"), n)],
)
async def test_it_is_ready_only_where_everything_is_well(
    around: Surroundings, asking: httpx.AsyncClient, bad: tuple[str, ...]
) -> None:
    ahead = timedelta(seconds=-30.5 if "clock" in bad else -30)
    around.clocks.see(ahead)
    around.backlog = None if "db" in bad else Backlog(3, timedelta(seconds=7), ahead)
    around.is_connected = "slack" not in bad
    around.seconds = 61 if "beat" in bad else 60
    answer = await asking.get("/health/ready")
    facts = answer.json()
    assert answer.status_code == (503 if bad else 200)
    assert facts["status"] == ("not ready" if bad else "ready")
    full = {"answers": False, "reason": "database.disk_full"}
    assert facts["database"] == (full if "db" in bad else {"answers": True})
    seconds = ahead.total_seconds()
    said = {"agrees": "clock" not in bad, "sure": True, "aheadSeconds": seconds}
    assert facts["clock"] == said
    why = {"reason": "closed", "message": CLOSED.message}
    assert facts["slack"] == {"connected": "slack" not in bad, **(why if "slack" in bad else {})}
    assert facts["heartbeat"] == {"beats": "beat" not in bad, "ageSeconds": around.seconds}
    assert facts.get("due") == (None if "db" in bad else {"count": 3, "oldestAgeSeconds": 7})
    assert (await asking.get("/health/live")).status_code == 200


async def test_a_clock_that_is_wrong_is_told_once_and_once_when_it_is_right(
    around: Surroundings, asking: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    statuses = []
    for seconds in (0, 31, 40, -31, 30, -30):
        around.backlog = Backlog(0, timedelta(0), timedelta(seconds=seconds))
        statuses.append((await asking.get("/health/ready")).status_code)
        assert (await figures(asking))["coachbot_clock_ahead_seconds"] == seconds
    assert statuses == [200, 503, 503, 503, 200, 200]
    said = [each.message for each in caplog.records if "Clock" in each.message]
    assert said == ["event=ClockWrong ahead=31.0 limit=30", "event=ClockRight ahead=30.0"]


async def test_the_clocks_are_compared_also_when_nobody_asks(office: Office) -> None:
    clocks, hop = Clocks(), Hop(threads=1)
    context = Context(store=office.store, clock=office.clock)
    async with clocks_compared(context, hop, clocks, every=timedelta(milliseconds=5)):
        for _ in range(500):
            await asyncio.sleep(0.01)
            if clocks.ahead is not None:
                break
    await hop.drain()
    hop.close()
    assert clocks.ahead is not None
    assert clocks.agree, "the clock of the tests stands still, years ago; the computer’s does not"


def test_how_long_the_database_takes_to_answer_is_no_difference(store: Store) -> None:
    context = Context(store=store, clock=true_now)
    now = true_now()
    for moments, wanted in (
        ([now - timedelta(minutes=5), now + timedelta(minutes=5)], timedelta(0)),
        ([now + timedelta(minutes=5)] * 2, timedelta(minutes=5)),
        ([now - timedelta(minutes=5)] * 2, -timedelta(minutes=5)),
    ):
        found = coaching.clock_ahead(context, system=partial(next, iter(moments)))
        assert abs(found - wanted) < timedelta(seconds=20)
        again = coaching.backlog(context, system=partial(next, iter(moments)))
        assert abs(again.clock_ahead - wanted) < timedelta(seconds=20)


async def test_a_database_that_hangs_is_asked_once_however_often_it_is_looked(
    around: Surroundings, asking: httpx.AsyncClient
) -> None:
    around.hangs.set()
    async with asyncio.timeout(2 * PATIENCE.total_seconds()):
        answers = await asyncio.gather(*(asking.get("/health/ready") for _ in range(5)))
    assert {each.status_code for each in answers} == {503}
    assert around.asked == 1
    shown = await figures(asking)
    assert str(shown["coachbot_deliveries_due"]) == "nan"


async def test_what_happens_is_counted_under_its_name(
    around: Surroundings, asking: httpx.AsyncClient, clock: FrozenClock
) -> None:
    row: Any = SimpleNamespace(kind=ActionType.REMINDER, due_at=clock() - timedelta(seconds=2))
    late, limited = TryLater(timedelta(0), "refused"), TryLater(timedelta(0), "ratelimited")
    happened = (
        events.Looked(),
        events.Tried(row, Sent("D1", "1.0")),
        events.Tried(row, late),
        events.Tried(row, limited),
        events.Tried(row, Unsure("x")),
        events.Tried(row, GiveUp("x")),
        events.Exhausted(row),
        events.Retired(4, by_revision=True),
        events.Retired(2, by_revision=False),
        events.Reconciled(row, Missing()),
        events.Reconciled(row, Unreadable("x")),
        events.Refreshed(row, Sent("D1", "1.0")),
        events.Refreshed(row, limited),
    )
    for each in happened:
        around.metrics(each)
    around.seconds = 5
    shown = await figures(asking)
    wanted = {
        "deliveries_sent_total Reminder": 1,
        "deliveries_put_off_total Reminder": 2,
        "deliveries_unsure_total Reminder": 1,
        "deliveries_failed_total Reminder": 2,
        "deliveries_stale_total superseded": 4,
        "deliveries_stale_total untrue": 2,
        "rate_limited_total send": 1,
        "rate_limited_total update": 1,
        "claims_reconciled_total missing": 1,
        "claims_reconciled_total unreadable": 1,
        "messages_refreshed_total sent": 1,
        "messages_refreshed_total trylater": 1,
        "delivery_lateness_seconds_bucket 1.0": 0,
        "delivery_lateness_seconds_bucket 2.5": 1,
        "delivery_lateness_seconds_sum": 2,
        "heartbeat_age_seconds": 5,
        "deliveries_due": 3,
        "oldest_due_age_seconds": 7,
        "slack_connected": 1,
    }
    assert {name: shown[f"coachbot_{name}"] for name in wanted} == wanted


@pytest.fixture
def office(sqlite_store: Store, clock: FrozenClock) -> Office:
    return Office(sqlite_store, clock)


async def test_the_figures_of_a_sender_are_those_of_its_rows(office: Office) -> None:
    heard: list[events.Event] = []
    metrics = Metrics(clock=office.clock, heartbeat_age=lambda: 0.0)
    watch = events.together(heard.append, metrics)
    moved, session = office.schedule(), office.schedule()
    for _ in range(3):
        office.promise(moved)
    kept = [office.promise(session, person=each) for each in (0, 1, 2)]
    office.change(moved)
    line = Line(office.network, [Fate.ARRIVES, Fate.UNREACHABLE, Fate.CHANNEL_LIMIT])
    await office.sender(line, settings=settings(at_once=1, watch=watch)).deliver_due()
    states = sorted(office.row(each).state.value for each in kept)
    assert states == ["failed", "pending", "sent"]
    assert sum(each.count for each in heard if isinstance(each, events.Retired)) == 3
    assert [type(each.outcome) for each in heard if isinstance(each, events.Tried)] == [
        Sent,
        GiveUp,
        TryLater,
    ]
    said = metrics.write().decode()
    assert 'coachbot_deliveries_stale_total{why="superseded"} 3.0' in said
    assert not [each for each in ("secret", "Ann", "U1", *office.people) if each in said]
