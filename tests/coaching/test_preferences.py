"""What people choose, and what follows for what was promised to them."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import (
    Denied,
    Invalid,
    Policy,
    Quiet,
    QuietHours,
    SettingsChanges,
    SettingsPage,
)
from storage.transaction import Store
from tests.coaching.sending import claim, send_all
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.queries import counting

HOUR = timedelta(hours=1)
Reminders = list[tuple[str, str, datetime]]


@pytest.fixture
def nights(sqlite_store: Store, clock: FrozenClock) -> Workplace:
    """A contact centre where the night is quiet for everybody who chose nothing else."""
    return Workplace(sqlite_store, clock, Policy())


def choose(desk: Workplace, who: str, **changes: object) -> None:
    coaching.change_settings(desk.context, desk.caller(who), SettingsChanges(**changes))  # type: ignore[arg-type]


def page(desk: Workplace, who: str) -> SettingsPage:
    return coaching.settings_page(desk.context, desk.caller(who))


def reminders(desk: Workplace, appointment_id: str) -> Reminders:
    return sorted(
        (who, occurrence, due)
        for kind, who, occurrence, due in desk.owed(appointment_id)
        if kind == "Reminder"
    )


def test_at_first_everything_is_as_for_everybody(nights: Workplace) -> None:
    shown = page(nights, "Priya")
    assert (shown.timezone, shown.hours, shown.quiet) == ("Asia/Kolkata", None, Quiet.USUAL)
    assert shown.facilitator_leads == shown.attendee_leads == ("24h", "1h", "10m")
    assert shown.quiet_hours == shown.usual_quiet == QuietHours(time(20), time(7))
    assert (shown.agenda_at, shown.weekly_digest, shown.leads_others) == (None, False, False)
    assert page(nights, "Dana").leads_others


def test_what_is_chosen_is_shown_and_written_down(workplace: Workplace) -> None:
    choose(
        workplace,
        "Dana",
        hours=24,
        facilitator_leads=["5m", "3d", "5m"],
        attendee_leads=[],
        quiet=Quiet.OWN,
        quiet_from=time(22),
        quiet_to=time(6, 30),
        agenda_at=time(8),
        weekly_digest=True,
    )
    shown = page(workplace, "Dana")
    assert (shown.hours, shown.facilitator_leads, shown.attendee_leads) == (24, ("3d", "5m"), ())
    assert (shown.quiet, shown.quiet_hours) == (Quiet.OWN, QuietHours(time(22), time(6, 30)))
    assert (shown.agenda_at, shown.weekly_digest) == (time(8), True)
    [entry] = workplace.audit("preferences", workplace.ids["Dana"])
    assert entry.actor_id == workplace.ids["Dana"]
    assert entry.before
    assert entry.before["hours"] is None
    assert entry.after
    assert entry.after["facilitator_leads"] == ["3d", "5m"]
    choose(workplace, "Dana", hours=24)
    assert len(workplace.audit("preferences", workplace.ids["Dana"])) == 1
    choose(workplace, "Dana", quiet=Quiet.NEVER, facilitator_leads=["24h", "10m", "1h"])
    assert page(workplace, "Dana").quiet_hours is None
    assert page(workplace, "Dana").facilitator_leads == ("24h", "1h", "10m")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": 23}, "hours"),
        ({"facilitator_leads": ["soon"]}, "facilitator_leads"),
        ({"attendee_leads": ["1h"] * 21}, "attendee_leads"),
        ({"quiet": Quiet.OWN, "quiet_to": time(7)}, "quiet_from"),
        ({"quiet": Quiet.OWN, "quiet_from": time(7)}, "quiet_to"),
        ({"quiet": Quiet.OWN, "quiet_from": time(7), "quiet_to": time(7)}, "quiet_to"),
    ],
)
def test_what_is_wrong_is_refused(desk: Workplace, changes: dict[str, object], field: str) -> None:
    with desk.refuses(Invalid, "validation.error", field):
        choose(desk, "Dana", **changes)


def test_the_digest_is_for_those_who_lead(desk: Workplace) -> None:
    with desk.refuses(Denied, "missing.permissions", "weekly_digest"):
        choose(desk, "Priya", weekly_digest=True)


def test_each_is_reminded_as_they_chose_in_their_part(workplace: Workplace) -> None:
    choose(workplace, "Dana", facilitator_leads=["4h"], attendee_leads=["5m"])
    choose(workplace, "Priya", attendee_leads=[])
    made = workplace.schedule("Dana", "Priya", facilitator="Dana")
    assert reminders(workplace, made.id) == [("Dana", "4h", made.starts_at - 4 * HOUR)]


def test_a_choice_holds_for_what_was_promised_before(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Dana")
    others = [each for each in reminders(workplace, made.id) if each[0] == "Dana"]
    choose(workplace, "Priya", attendee_leads=["3d", "4h", "1h"])
    hers = [
        ("Priya", lead, made.starts_at - before)
        for lead, before in (("1h", HOUR), ("4h", 4 * HOUR))
    ]
    assert reminders(workplace, made.id) == [*others, *hers]
    assert workplace.woken >= 2
    choose(workplace, "Priya", attendee_leads=None)
    back = [each for each in reminders(workplace, made.id) if each[0] == "Priya"]
    assert [each[1] for each in back] == ["10m", "1h", "24h"]


def test_the_night_waits_until_morning(nights: Workplace) -> None:
    # 02:00 UTC is 07:30 in Kolkata, and the evening before in New York.
    start = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
    made = nights.schedule("Dana", "Priya", facilitator="Dana", starts_at=start)
    dana = [
        ("Dana", lead, start - before)
        for lead, before in (("10m", HOUR / 6), ("1h", HOUR), ("24h", 24 * HOUR))
    ]
    found = reminders(nights, made.id)
    # It begins at 21:00 for Dana: what would come at night would come too late in the morning.
    assert [each for each in found if each[0] == "Dana"] == [
        dana[0],
        dana[1],
        ("Dana", "24h", datetime(2026, 3, 4, 12, 0, tzinfo=UTC)),
    ]
    assert [each for each in found if each[0] == "Priya"] == [
        ("Priya", "10m", start - HOUR / 6),
        ("Priya", "1h", start - HOUR / 2),
        ("Priya", "24h", start - 24 * HOUR),
    ]
    choose(nights, "Dana", quiet=Quiet.NEVER)
    assert [each for each in reminders(nights, made.id) if each[0] == "Dana"] == dana


def test_what_waits_is_not_lost_by_choosing_again(nights: Workplace) -> None:
    start = nights.clock() + 40 * HOUR  # Wednesday 01:00 UTC; the day before at 20:00 for Dana
    made = nights.schedule("Dana", "Priya", facilitator="Dana", starts_at=start)
    choose(nights, "Dana", quiet=Quiet.OWN, quiet_from=time(19), quiet_to=time(7))
    nights.clock.advance(17 * HOUR)  # Tuesday 02:00 UTC: the moment is over, the night is not
    waiting = [each for each in reminders(nights, made.id) if each[:2] == ("Dana", "24h")]
    assert [due for _, _, due in waiting] == [datetime(2026, 3, 3, 12, 0, tzinfo=UTC)]
    choose(nights, "Dana", quiet=Quiet.NEVER)
    said = [each for each in send_all(nights) if each[:2] == ("Dana", "Reminder")]
    assert len(said) == 1
    choose(nights, "Dana", quiet=Quiet.USUAL)
    nights.clock.advance(12 * HOUR)
    assert not [each for each in send_all(nights) if each[:2] == ("Dana", "Reminder")]


def test_of_what_was_held_up_the_latest_is_said_and_the_others_say_why(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", facilitator="Dana")
    send_all(desk)
    desk.clock.advance(47 * HOUR + HOUR * 9 / 10)
    taken = claim(desk)
    assert {each.occurrence for each in taken} == {"24h", "1h", "10m"}
    said = coaching.announce(desk.context, [each.id for each in taken])
    assert sorted(words.headline for words in said.values() if words) == [
        "Your coaching session with Dana starts in 6 minutes",
        "Your coaching session with Priya starts in 6 minutes",
    ]
    assert all((said[each.id] is None) == (each.occurrence != "10m") for each in taken)
    reasons = {(each.occurrence, each.reason) for each in desk.deliveries(made.id)}
    why_not = "superseded by a later reminder"
    assert {("24h", why_not), ("1h", why_not), ("10m", None)} <= reasons


def test_choosing_asks_no_more_of_the_database_for_many_sessions(nights: Workplace) -> None:
    def cost() -> int:
        with counting(nights.store) as count:
            choose(nights, "Priya", attendee_leads=["4h"], quiet=Quiet.NEVER)
        choose(nights, "Priya", attendee_leads=None, quiet=Quiet.USUAL)
        return len(count)

    start = nights.clock() + 30 * HOUR
    nights.schedule("Grace", starts_at=start)
    few = cost()
    for number in range(1, 20):
        nights.schedule("Grace", starts_at=start + number * HOUR)
    assert cost() <= few + 1  # the list of attachments is asked for in parts


LEADS = st.one_of(
    st.none(), st.lists(st.sampled_from(["3d", "24h", "4h", "1h", "10m"]), unique=True)
)
CHOICES = st.tuples(LEADS, st.sampled_from([Quiet.USUAL, Quiet.NEVER]))


@given(chosen=st.lists(CHOICES, min_size=1, max_size=4), ahead=st.integers(90, 6000))
@settings(max_examples=15)
def test_however_often_somebody_chooses_only_the_last_choice_counts(
    nights: Workplace, chosen: list[tuple[list[str] | None, Quiet]], ahead: int
) -> None:
    number = len(nights.ids)
    fickle, steady = f"Fickle {number}", f"Steady {number}"
    for name in (fickle, steady):
        account = name.replace(" ", "").upper()
        zone = "Asia/Kolkata"
        email = f"{account}@example.com".lower()
        nights.hire(name, division="Home", timezone=zone, slack_user_id=account, email=email)
    leads, quiet = chosen[-1]
    choose(nights, steady, attendee_leads=leads, quiet=quiet)
    start = nights.clock() + timedelta(minutes=ahead)
    made = nights.schedule("Grace", fickle, steady, starts_at=start)
    for earlier_leads, earlier_quiet in chosen:
        choose(nights, fickle, attendee_leads=earlier_leads, quiet=earlier_quiet)
    found = reminders(nights, made.id)
    assert [each[1:] for each in found if each[0] == fickle] == [
        each[1:] for each in found if each[0] == steady
    ]
