"""The database's clock may be set: a lease is as long as it was, for whoever holds it."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import literal, type_coerce, update

from bot.delivery.lease_clock import JUMP, LeaseClock
from storage.claim_statements import DELIVERY
from storage.types import DeliveryState, Instant, Span
from tests.delivery.pretend import Line, Office, settings

LEASE: Final = timedelta(seconds=60)
HOUR: Final = timedelta(hours=1)
NINE: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2))


class Ticks:
    """Ticks beside which the database's clock seems to be set forward or back."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


def in_hand(office: Office) -> int:
    """Let a sender that was lost have something in hand whose lease is over."""
    owed = office.promise(office.schedule())
    with office.store.begin() as tx:
        tx.deliveries.claim(now=office.clock(), limit=1, lease=LEASE, claim="lost")
    office.lapse()
    return owed


async def test_a_clock_that_is_set_forward_takes_nothing_out_of_hands(office: Office) -> None:
    """Until a lease is over by the ticks as well."""
    lease = timedelta(seconds=0.5)
    line, ticks = Line(office.network), Ticks()
    sender = office.sender(line, ticks=ticks, settings=settings(lease=lease))
    await sender.deliver_due()
    ticks.ahead -= HOUR.total_seconds()
    owed = in_hand(office)
    await sender.deliver_due()
    assert (line.lookups, office.row(owed).claim) == ([], "lost")
    await asyncio.sleep(lease.total_seconds())
    await sender.deliver_due()
    assert [each for each, _ in line.lookups] == [owed]
    assert office.row(owed).state is DeliveryState.SENT


async def test_a_lease_that_is_over_is_taken_over_where_no_clock_was_set(office: Office) -> None:
    line = Line(office.network)
    sender = office.sender(line, ticks=Ticks(), settings=settings(lease=LEASE))
    await sender.deliver_due()
    owed = in_hand(office)
    await sender.deliver_due()
    assert [each for each, _ in line.lookups] == [owed]
    assert office.row(owed).state is DeliveryState.SENT


async def test_a_lease_of_an_hour_that_never_was_is_shortened(office: Office) -> None:
    """Whoever had it in hand is lost, and the clock by which it was taken is right again."""
    hour: Any = literal(HOUR, Span())
    moved = {
        each: type_coerce(DELIVERY.c[each] + hour, Instant())
        for each in ("claimed_at", "claimed_until")
    }
    line, ticks = Line(office.network), Ticks()
    sender = office.sender(line, ticks=ticks, settings=settings(lease=LEASE))
    for is_at_start in (True, False):
        if not is_at_start:
            ticks.ahead += HOUR.total_seconds()
        owed = office.promise(office.schedule())
        with office.store.begin() as tx:
            tx.deliveries.claim(now=office.clock(), limit=1, lease=LEASE, claim="lost")
            tx.session.execute(update(DELIVERY).where(DELIVERY.c.id == owed).values(moved))
        await sender.deliver_due()
        with office.store.read() as tx:
            lapses_in = tx.deliveries.outlook(office.clock()).lapses_in
        assert lapses_in is not None
        assert lapses_in <= LEASE
        office.lapse()


@given(st.lists(st.tuples(spans, st.timedeltas(-JUMP / 4, JUMP / 4)), max_size=20))
def test_a_clock_that_goes_with_the_ticks_is_believed(
    steps: list[tuple[timedelta, timedelta]],
) -> None:
    passed, now = [0.0], NINE
    clock = LeaseClock(LEASE, lambda: passed[0])
    for span, drift in steps:
        passed[0] += span.total_seconds()
        now += span + drift
        with clock.asking() as see:
            see(now)
        assert clock.may_take_over


@given(
    jump=st.timedeltas(min_value=2 * JUMP, max_value=timedelta(days=400)),
    is_back=st.booleans(),
    slow=st.timedeltas(min_value=timedelta(0), max_value=timedelta(seconds=20)),
)
def test_a_clock_that_was_set_is_not_believed_for_a_lease(
    jump: timedelta, is_back: bool, slow: timedelta
) -> None:
    """However slow the answer is: it is from some moment between question and answer."""
    passed = [0.0]
    clock = LeaseClock(LEASE, lambda: passed[0])
    with clock.asking() as see:
        see(NINE)
    with clock.asking() as see:
        passed[0] += slow.total_seconds()
        see(NINE + slow / 2)
    found = [clock.may_take_over]
    with clock.asking() as see:
        see(NINE + slow / 2 + (-jump if is_back else jump) - (slow if is_back else -slow))
    found.append(clock.may_take_over)
    passed[0] += LEASE.total_seconds()
    assert [*found, clock.may_take_over] == [True, False, True]
