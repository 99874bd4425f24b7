"""What was promised follows what is decided: in small steps, none lost, and only what is ahead."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Context, Policy, SettingsChanges
from bot.coaching.sessions.planning_anew import AT_ONCE
from bot.hop import Hop
from bot.routine import plans_followed
from storage.transaction import Store, Transaction
from storage.types import DeliveryState
from tests.coaching.sending import claim, finish, send_all
from tests.coaching.test_races import all_at_once
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AT_ONCE_AGAIN = timedelta(0)
Owed = list[tuple[str, str, str, datetime]]


@pytest.fixture
def nights(sqlite_store: Store, clock: FrozenClock) -> Workplace:
    """A contact centre where the night is quiet for everybody who chose nothing else."""
    return settled(Workplace(sqlite_store, clock, Policy()))


@pytest.fixture
def everywhere(store: Store, clock: FrozenClock) -> Workplace:
    """The same on each kind of database."""
    return settled(Workplace(store, clock, Policy()))


def settled(desk: Workplace) -> Workplace:
    coaching.follow_policy(desk.context)
    catch_up(desk)
    return desk


def catch_up(desk: Workplace, context: Context | None = None) -> int:
    """Do all that is to be planned anew, the second look too; answers in how many steps."""
    steps = 0
    while coaching.plan_anew(context or desk.context, once_more_after=AT_ONCE_AGAIN):
        steps += 1
    return steps


def decide(desk: Workplace, name: str, typed: str | None) -> None:
    coaching.decide_policy(desk.context, desk.caller("Alex"), name, typed)


def owed(desk: Workplace, made: coaching.Appointment, *kinds: str) -> Owed:
    found = [each for each in desk.owed(made.id) if each[0] in (kinds or ("Reminder", "Overdue"))]
    return sorted(found)


def reminders(desk: Workplace, made: coaching.Appointment, who: str) -> list[tuple[str, datetime]]:
    return sorted((each[2], each[3]) for each in owed(desk, made, "Reminder") if each[1] == who)


def overdue_session(desk: Workplace) -> coaching.Appointment:
    """One on Monday at 10:00 in London, led by Grace, organized by Alex, over by now."""
    start = desk.clock() + HOUR
    made = desk.schedule("Alex", "Jonas", facilitator="Grace", starts_at=start)
    send_all(desk)
    desk.clock.advance(2 * HOUR)
    send_all(desk)
    return made


def asked(desk: Workplace, days: int) -> list[tuple[str, datetime]]:
    """Let days pass by the hour; answers who was told of what is overdue, when."""
    told = []
    for _ in range(days * 24):
        desk.clock.advance(HOUR)
        for each, _words in finish(desk, claim(desk)):
            if each.kind == "Overdue":
                told.append((desk.name_of(each.person_id), desk.clock()))
    return told


LEADS = st.sampled_from(["", "24h,1h,10m", "3d,4h", "90m", "24h,2h,1h,10m,5m"])
QUIET = st.sampled_from(["never", "20:00-07:00", "06:00-22:00", "00:00-23:00"])
DECIDED = st.fixed_dictionaries(
    {
        "reminder_leads": LEADS,
        "quiet_hours": QUIET,
        "overdue_after_minutes": st.sampled_from(["1", "15", "600"]),
        "overdue_times": st.sampled_from(["1", "5"]),
        "overdue_at": st.sampled_from(["09:00", "23:30"]),
    }
)


@given(decided=st.lists(DECIDED, min_size=1, max_size=3), ahead=st.integers(4400, 9000))
@settings(max_examples=20)
def test_what_was_promised_before_is_as_if_it_were_promised_now(
    nights: Workplace, decided: list[dict[str, str]], ahead: int
) -> None:
    """Where no moment is over yet: what lies behind is not owed by a new decision."""
    number = len(nights.ids)
    old, new = (hired(nights, f"{name} {number}") for name in ("Old", "New"))
    start = nights.clock() + timedelta(minutes=ahead)
    before = nights.schedule("Grace", old, facilitator="Jonas", starts_at=start)
    for each in decided:
        for name, typed in each.items():
            decide(nights, name, typed)
        catch_up(nights)
    coaching.delete(nights.context, nights.caller("Grace"), before.id)
    now = nights.schedule("Grace", new, facilitator="Jonas", starts_at=start)
    with nights.store.read() as tx:
        told = [each for each in tx.deliveries.of(before.id) if each.kind != "Delete"]
    of_old = {
        (each.kind, each.occurrence, each.due_at)
        for each in told
        if each.state is DeliveryState.PENDING and each.kind in {"Reminder", "Overdue"}
    }
    of_new = {(kind, occurrence, due) for kind, _, occurrence, due in owed(nights, now)}
    assert of_old == of_new
    coaching.delete(nights.context, nights.caller("Grace"), now.id)
    for name in decided[0]:
        decide(nights, name, None)
    catch_up(nights)


def hired(desk: Workplace, name: str) -> str:
    account = name.replace(" ", "").upper()
    email = f"{account}@example.com".lower()
    zone = "Asia/Kolkata"
    desk.hire(name, division="Home", timezone=zone, slack_user_id=account, email=email)
    return name


def test_a_look_that_finds_nothing_different_changes_nothing(everywhere: Workplace) -> None:
    at = everywhere
    made = [at.schedule("Dana", "Priya", facilitator="Grace"), overdue_session(at)]
    coaching.change(
        at.context, at.caller("Dana"), made[0].id, coaching.AppointmentChanges(name="Another")
    )
    at.schedule("Omar", "Sam", starts_at=at.clock() + 3 * HOUR)
    before = at.everything()["deliveries"]
    again = Context(store=at.store, clock=at.clock, policy=Policy(overdue_at=time(8)))
    coaching.follow_policy(again)
    coaching.follow_policy(at.context)
    assert catch_up(at) > 2
    assert at.everything()["deliveries"] == before


def test_reminders_follow_for_those_who_chose_nothing(everywhere: Workplace) -> None:
    at = everywhere
    decide(at, "quiet_hours", "never")
    catch_up(at)
    coaching.change_settings(at.context, at.caller("Priya"), SettingsChanges(attendee_leads=["1h"]))
    made = at.schedule("Dana", "Priya", "Jonas")
    hers = reminders(at, made, "Priya")
    decide(at, "reminder_leads", "4h,5m")
    assert at.woken
    assert catch_up(at)
    assert reminders(at, made, "Jonas") == [
        ("4h", made.starts_at - 4 * HOUR),
        ("5m", made.starts_at - timedelta(minutes=5)),
    ]
    assert reminders(at, made, "Priya") == hers == [("1h", made.starts_at - HOUR)]
    decide(at, "reminder_leads", None)
    catch_up(at)
    assert [each for each, _ in reminders(at, made, "Jonas")] == ["10m", "1h", "24h"]


def test_what_was_reminded_of_is_not_said_again(nights: Workplace) -> None:
    made = nights.schedule("Dana", "Jonas")
    nights.clock.advance(DAY + HOUR)
    assert [each[:2] for each in send_all(nights) if each[1] == "Reminder"] == [
        ("Jonas", "Reminder")
    ]
    decide(nights, "reminder_leads", "2d,24h,26h,1h")
    catch_up(nights)
    assert [each for each, _ in reminders(nights, made, "Jonas")] == ["1h"]
    assert not [each for each in send_all(nights) if each[1] == "Reminder"]


def test_what_would_be_due_at_night_waits_for_its_end(nights: Workplace) -> None:
    """A step that was to come in the morning, and that no night holds back now, is not early."""
    start = nights.clock().replace(hour=20, minute=0)
    made = nights.schedule("Alex", "Jonas", facilitator="Grace", starts_at=start)
    nights.clock.advance(start + 2 * HOUR - nights.clock())
    morning = datetime(2026, 3, 3, 7, tzinfo=UTC)
    assert {each[3] for each in owed(nights, made, "Overdue")} == {morning}
    decide(nights, "quiet_hours", "21:30-06:00")
    catch_up(nights)
    assert {each[3] for each in owed(nights, made, "Overdue")} == {morning - HOUR}


def test_the_next_step_moves_and_those_that_are_too_many_are_dropped(
    everywhere: Workplace,
) -> None:
    at = everywhere
    at.hire("Quinn", division="Home", roles=("Quality Manager",), timezone="Europe/London")
    made = overdue_session(at)
    tomorrow = datetime(2026, 3, 3, 9, tzinfo=UTC)
    second = [("Overdue", "Alex", "2", tomorrow), ("Overdue", "Grace", "2", tomorrow)]
    assert owed(at, made) == second
    decide(at, "overdue_at", "10:30")
    catch_up(at)
    later = tomorrow + HOUR * 3 / 2
    assert owed(at, made) == [(*each[:3], later) for each in second]
    decide(at, "overdue_times", "1")
    catch_up(at)
    assert owed(at, made) == [("Overdue", "Quinn", "escalation", later)]
    decide(at, "escalate", "no")
    catch_up(at)
    assert owed(at, made) == []
    decide(at, "escalate", None)
    catch_up(at)
    assert owed(at, made) == [("Overdue", "Quinn", "escalation", later)]
    decide(at, "overdue_at", None)
    decide(at, "overdue_times", None)
    catch_up(at)
    assert owed(at, made) == second
    told = asked(at, 14)
    names = [who for who, _ in told]
    assert {who: names.count(who) for who in names} == {"Grace": 4, "Alex": 4, "Quinn": 1}
    assert names[-1] == "Quinn", "whoever was cut off is told in the end after all"


def test_what_came_to_its_end_by_itself_stays_so(nights: Workplace) -> None:
    nights.hire("Quinn", division="Home", roles=("Quality Manager",), timezone="Europe/London")
    decide(nights, "overdue_times", "1")
    decide(nights, "escalate", "no")
    made = overdue_session(nights)
    assert owed(nights, made) == []
    decide(nights, "overdue_times", None)
    decide(nights, "escalate", None)
    catch_up(nights)
    assert owed(nights, made) == []


def test_agendas_wait_for_the_end_of_the_nights_that_are_decided(nights: Workplace) -> None:
    coaching.change_settings(
        nights.context, nights.caller("Jonas"), SettingsChanges(agenda_at=time(8))
    )

    def agenda() -> list[datetime]:
        with nights.store.read() as tx:
            return [each.due_at for each in tx.ahead.general([nights.ids["Jonas"]])]

    [at_eight] = agenda()
    decide(nights, "quiet_hours", "20:00-08:30")
    catch_up(nights)
    assert agenda() == [at_eight + HOUR / 2]


class Crash(Exception):
    """A process ends."""


class DyingStore(Store):
    """A store of a process that ends just before it commits."""

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Open a transaction that never commits."""
        with super().begin() as tx:
            yield tx
            raise Crash


def test_a_crash_or_another_process_at_any_step_loses_nothing(everywhere: Workplace) -> None:
    at = everywhere
    start = at.clock() + 3 * DAY
    made = [
        at.schedule("Omar", "Sam", starts_at=start + number * HOUR) for number in range(AT_ONCE + 7)
    ]
    decide(at, "quiet_hours", "never")
    decide(at, "reminder_leads", "2h")
    other = Context(store=at.store, clock=at.clock, policy=Policy(inbox_days=3))
    dying = replace(other, store=DyingStore(at.store.database))
    for number in range(6):
        before = at.everything()
        with pytest.raises(Crash):
            coaching.plan_anew(dying, once_more_after=AT_ONCE_AGAIN)
        assert at.everything() == before
        by = other if number % 2 else at.context
        assert coaching.plan_anew(by, once_more_after=AT_ONCE_AGAIN)
    # Two parts and an end, and all of it once more.
    assert not catch_up(at)
    for each in made:
        assert reminders(at, each, "Sam") == [("2h", each.starts_at - 2 * HOUR)]


def test_what_a_replica_planned_before_it_had_heard_is_found_a_little_later(
    nights: Workplace,
) -> None:
    late = Context(store=nights.store, clock=nights.clock, policy=Policy())
    decide(nights, "reminder_leads", "2h")
    while coaching.plan_anew(nights.context):
        pass
    made = coaching.schedule(late, nights.caller("Dana"), nights.request("Jonas"))
    assert [each for each, _ in reminders(nights, made, "Jonas")] == ["10m", "1h", "24h"]
    assert not coaching.plan_anew(nights.context), "not before half a minute is over"
    assert catch_up(nights)
    assert [each for each, _ in reminders(nights, made, "Jonas")] == ["2h"]


def test_settings_that_are_others_since_the_last_start_are_followed(everywhere: Workplace) -> None:
    at = everywhere
    made = at.schedule("Dana", "Jonas")
    decide(at, "overdue_times", "2")
    catch_up(at)
    anew = Context(store=at.store, clock=at.clock, policy=Policy(quiet_hours=None, leads=()))
    coaching.follow_policy(anew)
    assert catch_up(at) > 0, "also by one with other settings: they are written down"
    assert not owed(at, made, "Reminder")
    coaching.follow_policy(anew)
    assert not catch_up(at, anew), "the same settings again are nothing new"


def test_what_tells_nobody_of_anything_plans_nothing_anew(nights: Workplace) -> None:
    for name, typed in (("undo_seconds", "9"), ("inbox_days", "9"), ("attendee_notes", "no")):
        decide(nights, name, typed)
    assert not catch_up(nights)
    assert [each.name for each in coaching.policies_page(nights.context, nights.caller("Alex"))]
    with nights.store.read() as tx:
        assert set(tx.policies.all()) == {"undo_seconds", "inbox_days", "attendee_notes"}


async def test_a_process_that_begins_follows_by_itself(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Jonas")
    context = Context(store=desk.store, clock=desk.clock, policy=Policy(leads=()))
    hop = Hop(threads=1)
    async with plans_followed(context, hop, every=timedelta(milliseconds=10)):
        for _ in range(500):
            await asyncio.sleep(0.01)
            if not owed(desk, made, "Reminder"):
                break
    assert not owed(desk, made, "Reminder")
    await hop.drain()
    hop.close()


def test_many_at_once_end_in_what_holds_for_all(postgres_store: Store, clock: FrozenClock) -> None:
    """Replicas take turns while people choose, travel and edit; nobody waits in a circle."""
    at = settled(Workplace(postgres_store, clock, Policy(quiet_hours=None)))
    start = at.clock() + 4 * DAY
    made = [
        at.schedule("Grace", "Jonas", "Priya", starts_at=start + number * HOUR)
        for number in range(12)
    ]
    decide(at, "reminder_leads", "2h,30m")

    def step() -> None:
        for _ in range(4):
            coaching.plan_anew(at.context, once_more_after=AT_ONCE_AGAIN)

    def edit(number: int) -> None:
        changes = coaching.AppointmentChanges(name=f"Another {number}")
        coaching.change(at.context, at.caller("Grace"), made[number].id, changes)

    def travel(zone: str) -> None:
        profile = coaching.SlackProfile(user_id="UJONAS", name="Jonas", timezone=zone)
        coaching.register(at.context, [profile])

    def choose() -> None:
        leads = SettingsChanges(attendee_leads=["4h"])
        coaching.change_settings(at.context, at.caller("Priya"), leads)

    def work() -> None:
        changes = coaching.PersonChanges(working_hours="Mon-Sun 00:00-23:59")
        coaching.change_person(at.context, at.caller("Alex"), at.ids["Jonas"], changes)

    found = all_at_once(
        [
            *[step] * 3,
            *[partial(edit, number) for number in range(4)],
            *[partial(travel, zone) for zone in ("Asia/Tokyo", "Europe/Paris")],
            choose,
            work,
            partial(at.schedule, "Dana", "Jonas", starts_at=at.clock() + 2 * DAY),
        ]
    )
    assert not [each for each in found if isinstance(each, str)], "none was refused"
    catch_up(at)
    for each in made:
        assert [lead for lead, _ in reminders(at, each, "Jonas")] == ["2h", "30m"]
        assert [lead for lead, _ in reminders(at, each, "Priya")] == ["4h"]
