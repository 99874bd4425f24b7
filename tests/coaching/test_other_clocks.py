"""What is pending follows people's clocks and hours of work, however these come to be others."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Policy, SettingsChanges, SlackProfile, Source, Status
from storage.transaction import Store
from storage.types import DeliveryState
from tests.coaching.sending import claim, finish, send_all
from tests.coaching.test_planning_anew import (
    DAY,
    HOUR,
    asked,
    catch_up,
    hired,
    overdue_session,
    owed,
    reminders,
    settled,
)
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

AUCKLAND, NEW_YORK = "Pacific/Auckland", "America/New_York"


@pytest.fixture
def nights(sqlite_store: Store, clock: FrozenClock) -> Workplace:
    return settled(Workplace(sqlite_store, clock, Policy()))


@pytest.fixture
def everywhere(store: Store, clock: FrozenClock) -> Workplace:
    return settled(Workplace(store, clock, Policy()))


def travel(desk: Workplace, name: str, zone: str) -> None:
    """Let Slack tell that somebody's clocks are others."""
    account = f"U{name.replace(' ', '').upper()}"
    with desk.store.read() as tx:
        account = tx.people.many([desk.ids[name]])[desk.ids[name]].slack_user_id or account
    coaching.register(desk.context, [SlackProfile(user_id=account, name=name, timezone=zone)])


def bring_in(desk: Workplace, name: str, **cells: str) -> None:
    row = {"email": f"{name.lower()}@example.com", "name": name, **cells}
    coaching.import_people(desk.context, desk.caller("Alex", Source.COMMAND_LINE), [row])


def set_hours(desk: Workplace, name: str, hours: str) -> None:
    changes = coaching.PersonChanges(working_hours=hours)
    coaching.change_person(desk.context, desk.caller("Alex"), desk.ids[name], changes)


def status(desk: Workplace, made: coaching.Appointment) -> Status:
    with desk.store.read() as tx:
        return tx.appointments.the(made.id).status


ZONES = st.sampled_from(
    [AUCKLAND, NEW_YORK, "Asia/Kolkata", "Europe/London", "Pacific/Kiritimati", "Etc/GMT+12"]
)


@given(zones=st.lists(ZONES, min_size=1, max_size=3), ahead=st.integers(1500, 9000))
@settings(max_examples=15)
def test_wherever_somebody_went_only_where_they_are_counts(
    nights: Workplace, zones: list[str], ahead: int
) -> None:
    number = len(nights.ids)
    old, new = (hired(nights, f"{name} {number}") for name in ("Old", "New"))
    with nights.store.begin() as tx:
        tx.people.replace_grants(
            nights.ids[old], [("Supervisor", tx.people.ensure_division("Home"))]
        )
        tx.people.replace_grants(
            nights.ids[new], [("Supervisor", tx.people.ensure_division("Home"))]
        )
    start = nights.clock() + timedelta(minutes=ahead)
    before = nights.schedule("Grace", "Priya", facilitator=old, starts_at=start)
    coaching.delete(nights.context, nights.caller("Grace"), before.id)
    before = nights.schedule("Grace", "Priya", facilitator=old, starts_at=start)
    for zone in zones:
        travel(nights, old, zone)
        catch_up(nights)
    travel(nights, new, zones[-1])
    catch_up(nights)
    his = {(kind, what, due) for kind, who, what, due in owed(nights, before) if who == old}
    coaching.delete(nights.context, nights.caller("Grace"), before.id)
    now = nights.schedule("Grace", "Priya", facilitator=new, starts_at=start)
    assert his == {(kind, what, due) for kind, who, what, due in owed(nights, now) if who == new}
    coaching.delete(nights.context, nights.caller("Grace"), now.id)


@pytest.mark.parametrize("way", ["slack", "import"])
def test_the_next_question_comes_at_nine_on_the_clocks_of_now(
    everywhere: Workplace, way: str
) -> None:
    at = everywhere
    made = overdue_session(at)
    if way == "slack":
        travel(at, "Grace", NEW_YORK)
    else:
        bring_in(at, "Grace", timezone=NEW_YORK)
    assert catch_up(at)
    due = {who: due for _, who, _, due in owed(at, made)}
    assert due == {
        "Grace": datetime(2026, 3, 3, 14, tzinfo=UTC),
        "Alex": datetime(2026, 3, 3, 9, tzinfo=UTC),
    }


def test_whoever_stands_above_is_told_at_nine_on_the_clocks_of_now(nights: Workplace) -> None:
    nights.hire("Quinn", division="Home", roles=("Quality Manager",), timezone="Europe/London")
    made = overdue_session(nights)
    asked(nights, 4)
    [(*_, due)] = [each for each in owed(nights, made) if each[2] == "escalation"]
    assert due == datetime(2026, 3, 9, 9, tzinfo=UTC)
    for zone, wanted in ((NEW_YORK, (9, 13)), ("Europe/London", (9, 9)), (AUCKLAND, (8, 20))):
        travel(nights, "Quinn", zone)
        catch_up(nights)
        [(*_, due)] = [each for each in owed(nights, made) if each[2] == "escalation"]
        assert (due.day, due.hour) == wanted


def test_the_agenda_and_the_digest_come_in_the_morning_of_now(nights: Workplace) -> None:
    wanted = SettingsChanges(agenda_at=time(8), weekly_digest=True)
    coaching.change_settings(nights.context, nights.caller("Grace"), wanted)
    travel(nights, "Grace", NEW_YORK)
    assert catch_up(nights)
    with nights.store.read() as tx:
        found = {each.kind: each.due_at for each in tx.ahead.general([nights.ids["Grace"]])}
    # It is Monday 09:00 in London, 04:00 in New York: this day's are still ahead there.
    assert found == {
        "Agenda": datetime(2026, 3, 2, 13, tzinfo=UTC),
        "Digest": datetime(2026, 3, 2, 14, tzinfo=UTC),
    }


def test_the_night_of_where_somebody_is_now_is_quiet(nights: Workplace) -> None:
    start = nights.clock().replace(hour=12) + 2 * DAY
    made = nights.schedule("Dana", "Jonas", starts_at=start)
    assert ("24h", start - DAY) in reminders(nights, made, "Jonas")
    travel(nights, "Jonas", AUCKLAND)  # 24 hours before is 01:00 there
    catch_up(nights)
    assert ("24h", datetime(2026, 3, 3, 18, tzinfo=UTC)) in reminders(nights, made, "Jonas")


def test_other_days_of_work_move_the_next_question(everywhere: Workplace) -> None:
    made = overdue_session(everywhere)
    set_hours(everywhere, "Grace", "Thu-Fri 09:00-17:00")
    catch_up(everywhere)
    due = {who: due.day for _, who, _, due in owed(everywhere, made)}
    assert due == {"Grace": 5, "Alex": 3}


@pytest.mark.parametrize("way", ["administrator", "import"])
def test_a_session_that_fits_the_hours_no_more_needs_a_new_time(
    everywhere: Workplace, way: str
) -> None:
    at = everywhere
    day = at.clock().replace(hour=0, minute=0) + 2 * DAY
    hours = {"morning": 10, "afternoon": 15, "evening": 19}
    made = {
        name: at.schedule("Alex", "Jonas", starts_at=day + hour * HOUR, facilitator="Grace")
        for name, hour in hours.items()
    }
    if way == "administrator":
        set_hours(at, "Jonas", "Mon-Fri 09:00-13:00")
    else:
        bring_in(at, "Jonas", working_hours="Mon-Fri 09:00-13:00")
    at.clock.advance(HOUR / 60)
    later = at.schedule("Alex", "Jonas", starts_at=day + 16 * HOUR, facilitator="Grace")
    catch_up(at)
    found = {name: status(at, each) for name, each in made.items()}
    assert found == {
        "morning": Status.SCHEDULED,
        "afternoon": Status.INVALID_SCHEDULE,
        "evening": Status.SCHEDULED,
    }, "the one in the evening was outside of the hours on purpose"
    assert status(at, later) is Status.SCHEDULED, "who planned it knew the hours"
    assert not owed(at, made["afternoon"])
    entries = [
        each.appointment_id
        for each in at.notifications("Jonas")
        if each.status is Status.INVALID_SCHEDULE
    ]
    assert entries == [made["afternoon"].id]
    told = [each for each in send_all(at) if each[1] == "StatusChange"]
    assert [who for who, *_ in told] == ["Alex", "Grace", "Jonas"]
    trail = at.audit("appointment", made["afternoon"].id)
    assert trail[-1].source is Source.SYSTEM
    set_hours(at, "Jonas", "")
    catch_up(at)
    assert status(at, made["afternoon"]) is Status.INVALID_SCHEDULE, "left by editing (section 6)"


def test_hours_that_change_twice_before_they_are_looked_at_count_from_the_first(
    nights: Workplace,
) -> None:
    start = nights.clock().replace(hour=15) + 2 * DAY
    made = nights.schedule("Alex", "Jonas", starts_at=start)
    set_hours(nights, "Jonas", "Mon-Fri 09:00-13:00")
    set_hours(nights, "Jonas", "Mon-Fri 09:00-14:00")
    travel(nights, "Jonas", "Europe/Paris")
    catch_up(nights)
    assert status(nights, made) is Status.INVALID_SCHEDULE


def test_hours_put_back_before_anybody_looked_change_nothing(nights: Workplace) -> None:
    start = nights.clock().replace(hour=15) + 2 * DAY
    made = nights.schedule("Alex", "Jonas", starts_at=start)
    set_hours(nights, "Jonas", "Mon-Fri 09:00-13:00")
    set_hours(nights, "Jonas", "")
    catch_up(nights)
    assert status(nights, made) is Status.SCHEDULED


def test_travelling_and_other_people_s_hours_leave_sessions_alone(nights: Workplace) -> None:
    start = nights.clock().replace(hour=15) + 2 * DAY
    made = nights.schedule("Alex", "Jonas", starts_at=start)
    begun = nights.schedule("Alex", "Priya", starts_at=nights.clock() + HOUR)
    coaching.change_status(nights.context, nights.caller("Alex"), begun.id, Status.IN_PROGRESS)
    travel(nights, "Jonas", AUCKLAND)
    set_hours(nights, "Alex", "Sat 09:00-10:00")
    set_hours(nights, "Priya", "Sat 09:00-10:00")
    catch_up(nights)
    assert status(nights, made) is Status.SCHEDULED, "the organizer need not be there"
    assert status(nights, begun) is Status.IN_PROGRESS


def test_whoever_stands_above_when_it_leaves_is_told(everywhere: Workplace) -> None:
    """The manager it was planned for is not the manager any more; the new one hears of it."""
    at = everywhere
    for name in ("Mona", "Nils"):
        at.hire(name, division="Home", roles=("Supervisor",), timezone="Europe/London")
    manage(at, "Grace", "Mona")
    made = overdue_session(at)
    asked(at, 4)
    assert [each[1] for each in owed(at, made) if each[2] == "escalation"] == ["Mona"]
    manage(at, "Grace", "Nils")
    told = [who for who, _ in asked(at, 9)]
    assert [who for who in told if who in {"Mona", "Nils"}] == ["Nils"]
    ended = {
        at.name_of(each.person_id): each.state
        for each in at.deliveries(made.id)
        if each.occurrence == "escalation"
    }
    assert ended == {"Mona": DeliveryState.STALE, "Nils": DeliveryState.SENT}


def test_quality_managers_of_now_are_told_each_once(everywhere: Workplace) -> None:
    at = everywhere
    for name in ("Quinn", "Rosa"):
        at.hire(name, division="Home", roles=("Quality Manager",), timezone="Europe/London")
    made = overdue_session(at)
    asked(at, 4)
    at.grant("Quinn", ("Quality Manager", "Sales"))
    at.hire("Tess", division="Home", roles=("Quality Manager",), timezone="Europe/London")
    told = [who for who, _ in asked(at, 9)]
    above = sorted(who for who in told if who in {"Quinn", "Rosa", "Tess"})
    assert above == ["Rosa", "Tess"]
    assert not [each for each in owed(at, made) if each[2] == "escalation"]


def test_nothing_is_passed_on_of_what_is_done_meanwhile(nights: Workplace) -> None:
    nights.hire("Mona", division="Home", roles=("Supervisor",), timezone="Europe/London")
    manage(nights, "Grace", "Mona")
    made = overdue_session(nights)
    asked(nights, 4)
    manage(nights, "Grace", "Dana")
    nights.clock.advance(5 * DAY)
    taken = claim(nights)
    coaching.change_status(nights.context, nights.caller("Grace"), made.id, Status.COMPLETED)
    assert not [each for each, _ in finish(nights, taken) if each.kind == "Overdue"]
    assert not [who for who, _ in asked(nights, 3)]


def test_the_digest_is_for_those_who_lead_when_it_leaves(nights: Workplace) -> None:
    overdue_session(nights)
    for name in ("Dana", "Grace"):
        wanted = SettingsChanges(weekly_digest=True)
        coaching.change_settings(nights.context, nights.caller(name), wanted)
    nights.grant("Grace", ("Agent", "Home"))
    told = []
    for _ in range(8 * 24):
        nights.clock.advance(HOUR)
        told += [who for who, kind, _ in send_all(nights) if kind == "Digest"]
    assert set(told) == {"Dana"}, "Grace’s own overdue session is no team’s"


def manage(desk: Workplace, name: str, manager: str) -> None:
    changes = coaching.PersonChanges(manager_id=desk.ids[manager])
    coaching.change_person(desk.context, desk.caller("Alex"), desk.ids[name], changes)
