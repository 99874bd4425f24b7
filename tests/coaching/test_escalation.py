"""What is asked about an overdue session, how often, and who hears of it in the end."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot import coaching
from bot.coaching import AppointmentChanges, Policy, Status
from storage import models
from storage.transaction import Store
from storage.types import DeliveryState
from tests.coaching.acts import Act, complete, delete
from tests.coaching.sending import claim, finish, send_all
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECRET = "Considering a move to another team"


@pytest.fixture
def nights(store: Store, clock: FrozenClock) -> Workplace:
    return Workplace(store, clock, Policy())


def overdue(desk: Workplace, days: int) -> list[tuple[str, datetime, str]]:
    """Let days pass by the hour; answers who was asked when, in which headline."""
    told = []
    for _ in range(days * 24):
        desk.clock.advance(HOUR)
        for each, words in finish(desk, claim(desk)):
            if each.kind == "Overdue":
                told.append((desk.name_of(each.person_id), desk.clock(), words.headline))
    return told


def session(desk: Workplace, **changes: object) -> coaching.Appointment:
    """One on Monday at 10:00 in London, led by Grace, organized by Dana in New York."""
    start = desk.clock() + HOUR
    return desk.schedule("Dana", "Jonas", facilitator="Grace", starts_at=start, **changes)


def to_tomorrow(desk: Workplace, who: str, made: coaching.Appointment) -> object:
    changes = AppointmentChanges(starts_at=desk.clock() + DAY)
    return coaching.change(desk.context, desk.caller(who), made.id, changes)


def test_both_are_asked_five_times_and_then_a_quality_manager_is_told(nights: Workplace) -> None:
    nights.hire("Quinn", division="Home", roles=("Quality Manager",), timezone="Europe/London")
    nights.hire("Omar’s", division="Sales", roles=("Quality Manager",))
    session(nights)
    told = overdue(nights, 21)
    assert Counter(who for who, *_ in told) == {"Grace": 5, "Dana": 5, "Quinn": 1}
    asked = [at for who, at, _ in told if who == "Grace"]
    first = datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert asked == [first, *(first + DAY * day - 2 * HOUR for day in (1, 2, 3, 4))]
    [(_, at, headline)] = [each for each in told if each[0] == "Quinn"]
    assert at == datetime(2026, 3, 9, 9, tzinfo=UTC), "the Monday after"
    assert headline.startswith("A session that Grace leads has been overdue since Mon 2 Mar")


def test_from_the_second_day_on_it_is_said_since_when_a_session_waits(nights: Workplace) -> None:
    made = session(nights)
    first, *later = [headline for who, _, headline in overdue(nights, 7) if who == "Grace"]
    ask = "Please complete it, or open it to change its time"
    assert first == f"This session should be over. {ask}"
    assert later == [f"This session has been overdue since Mon 2 Mar. {ask}"] * 4
    coaching.change_status(nights.context, nights.caller("Grace"), made.id, Status.IN_PROGRESS)
    found = coaching.inbox(nights.context, nights.caller("Grace")).page.entities
    said = {each.headline for each in found if each.action_type.value == "Overdue"}
    assert all(each.endswith(". Please complete it") for each in said), "it did take place"
    assert len(said) == 2


@pytest.mark.parametrize(
    ("act", "became"),
    [
        (complete, "is completed now"),
        (delete, "is cancelled now"),
        (to_tomorrow, "has another time now"),
    ],
)
def test_who_was_told_in_the_end_sees_what_became_of_it(
    nights: Workplace, act: Act, became: str
) -> None:
    nights.hire("Quinn", division="Home", roles=("Quality Manager",), timezone="Europe/London")
    made = session(nights)
    assert [who for who, *_ in overdue(nights, 8)][-1] == "Quinn"
    [told] = [each.id for each in nights.deliveries(made.id) if each.occurrence == "escalation"]
    act(nights, "Dana", made)
    shown = coaching.shown_anew(nights.context, [told])[told]
    assert shown
    assert shown.headline == f"A session that Grace leads was overdue, and {became}"


def test_the_manager_comes_first_where_they_may_see_it(nights: Workplace) -> None:
    nights.hire("Mona", division="Home", roles=("Supervisor",), timezone="Europe/London")
    nights.hire("Quinn", division="Home", roles=("Quality Manager",), timezone="Europe/London")
    manage(nights, "Grace", "Mona")
    made = session(nights)
    told = overdue(nights, 14)
    assert [who for who, *_ in told if who in {"Mona", "Quinn"}] == ["Mona"]
    assert not nights.notifications("Mona"), "who is not related has no entry in the inbox"
    states = {each.state for each in nights.deliveries(made.id) if each.occurrence == "escalation"}
    assert states == {DeliveryState.SENT}


def test_a_manager_who_may_not_see_it_is_not_told(nights: Workplace) -> None:
    nights.hire("Mona", division="Sales", roles=("Supervisor",), timezone="Europe/London")
    nights.hire("Quinn", division="Home", roles=("Quality Manager",), timezone="Europe/London")
    manage(nights, "Grace", "Mona")
    session(nights, name=SECRET)
    told = overdue(nights, 14)
    assert [who for who, *_ in told if who in {"Mona", "Quinn"}] == ["Quinn"]


def test_who_loses_the_role_before_the_morning_is_not_told(nights: Workplace) -> None:
    nights.hire("Quinn", division="Home", roles=("Quality Manager",), timezone="Europe/London")
    made = session(nights)
    overdue(nights, 5)
    assert [each[1:3] for each in nights.owed(made.id) if each[2] == "escalation"] == [
        ("Quinn", "escalation")
    ]
    nights.grant("Quinn", ("Agent", "Home"))
    assert not [who for who, *_ in overdue(nights, 9) if who == "Quinn"]


def test_what_is_completed_is_asked_about_no_more(nights: Workplace) -> None:
    made = session(nights)
    assert len(overdue(nights, 2)) > 2
    coaching.change_status(nights.context, nights.caller("Grace"), made.id, Status.COMPLETED)
    assert overdue(nights, 14) == []


def test_a_rename_or_a_start_and_a_reset_loses_no_step(nights: Workplace) -> None:
    made = session(nights)
    told = overdue(nights, 2)
    grace = nights.caller("Grace")
    coaching.change(nights.context, grace, made.id, AppointmentChanges(name="Another name"))
    coaching.change_status(nights.context, grace, made.id, Status.IN_PROGRESS)
    coaching.change_status(nights.context, grace, made.id, Status.SCHEDULED)
    told += overdue(nights, 19)
    assert Counter(who for who, *_ in told) == {"Grace": 5, "Dana": 5}


def test_a_downtime_skips_what_it_held_up(nights: Workplace) -> None:
    session(nights)
    send_all(nights)
    nights.clock.advance(3 * DAY)
    told = [each for each in send_all(nights) if each[1] == "Overdue"]
    assert Counter(who for who, *_ in told) == {"Grace": 1, "Dana": 1}
    # It is Thursday, 09:00: Grace’s fourth is over as well, in New York it is still ahead.
    assert Counter(who for who, *_ in overdue(nights, 14)) == {"Grace": 1, "Dana": 2}


def manage(desk: Workplace, name: str, manager: str) -> None:
    with desk.store.begin() as tx:
        row = tx.session.get(models.Person, desk.ids[name])
        assert row
        row.manager_id = desk.ids[manager]
