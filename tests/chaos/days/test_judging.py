"""The judge of whole days is not blind: what is missing, doubled, early or at night is seen."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.chaos.arrivals import Arrival
from tests.chaos.clock import ChaosClock
from tests.chaos.days.chronicle import Chronicle, Record, Snoozed, Wish
from tests.chaos.days.judging import judge
from tests.chaos.days.kind import SATURDAY
from tests.chaos.days.reminders import LEADS
from tests.chaos.days.walls import Night, loud
from tests.chaos.history import Fact, Session, What
from tests.chaos.verdict import Terms, Verdict

CLOCK = ChaosClock(0.0, 1.0, beginning=SATURDAY)
TERMS = Terms(skew=1.0, in_hand=5.0, cut=CLOCK.second(datetime(2026, 3, 31, 20, tzinfo=UTC)))
USUAL = frozenset(LEADS[each] for each in ("1d", "8h", "3h"))
HOUR = 3600.0


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


STARTS = at(29, 14)
WISH = Wish(began=1, done=2, as_facilitator=USUAL, as_attendee=USUAL)
AGENDA = replace(WISH, agenda_at=time(8))
DIGEST = replace(WISH, digest=True)


def fact(what: What, moment: datetime, *, starts_at: datetime = STARTS, version: int = 1) -> Fact:
    began = CLOCK.second(moment)
    return Fact(
        what=what,
        by="boss",
        began=began,
        done=began + 0.1,
        version=version,
        starts_at=starts_at,
        minutes=30,
    )


def came(
    kind: str, moment: datetime, occurrence: str = "", *, to: str = "agent", late: float = 0.2
) -> Arrival:
    second = CLOCK.second(moment) + late
    return Arrival(
        second=second,
        account=to,
        delivery=f"{kind} {moment} {occurrence} {to}",
        number=1,
        version=1,
        words=f"{kind}: Review 1.1",
        kind=kind,
        occurrence=occurrence,
    )


CREATED = fact("create", at(28, 15, 1))
CREATION = came("Create", at(28, 15, 1))
MORNING = came("Agenda", at(29, 7), "2026-03-29")
"""At 8 on the first morning of summer time in London."""
WAITED = came("Reminder", at(29, 6), "8h")
TIMELY = came("Reminder", at(29, 11), "3h")
FIRST = came("Overdue", at(29, 14, 45), "1", to="boss")
SECOND = came("Overdue", at(30, 8), "2", to="boss")
WEEK = came("Digest", at(30, 8), "2026-03-30", to="boss")
ABOVE = came("Overdue", at(31, 7), "escalation", to="chief")
KEPT = [CREATION, MORNING, WAITED, TIMELY, FIRST, SECOND, WEEK, ABOVE]
SILENCES = {
    ("agent", "Agenda", "2026-03-30"): CLOCK.second(at(30, 7)),
    ("agent", "Agenda", "2026-03-31"): CLOCK.second(at(31, 7)),
    ("agent", "Agenda", "2026-03-29"): CLOCK.second(at(29, 7)) + 1,
    ("boss", "Digest", "2026-03-30"): CLOCK.second(at(30, 8)) + 1,
}
"""What is on record as having had nothing to say; of two days that is not true."""


def judged(
    facts: list[Fact],
    arrivals: list[Arrival],
    *wishes: Wish,
    snoozes: tuple[Snoozed, ...] = (),
    records: frozenset[Record] = frozenset(),
) -> Verdict:
    session = Session(1, "id", "boss", None, ("agent",), facts=facts)
    week = frozenset(range(5))
    history = Chronicle(
        usual=USUAL,
        overdue_after=timedelta(minutes=15),
        sessions={1: session},
        zones={"boss": "Europe/London", "agent": "Europe/London", "chief": "Europe/Berlin"},
        workdays={"boss": week, "agent": week, "chief": week},
        managers={"boss": "chief"},
        leaders=("boss", "chief"),
        overdue_times=2,
        wishes={"agent": [AGENDA, *wishes], "boss": [DIGEST]},
        snoozes=list(snoozes),
        records=records,
        silences=SILENCES,
    )
    return judge(history, arrivals, TERMS, CLOCK)


def without(*missing: Arrival) -> list[Arrival]:
    return [each for each in KEPT if each not in missing]


@pytest.fixture(autouse=True)
def eight_hours_before_is_at_night() -> None:
    """The reminder of eight hours before falls at 7:00 by the old time, and into no night."""
    assert loud(STARTS - LEADS["8h"], Night(time(20), time(7)), "Europe/London") == at(29, 6)


def test_what_was_kept_is_called_kept() -> None:
    verdict = judged([CREATED], KEPT)
    assert verdict.is_clean, verdict
    assert {kind: len(late) for kind, late in verdict.lateness.items()} == {
        "Create": 1,
        "Agenda": 1,
        "Reminder": 2,
        "Overdue": 2,
        "Escalation": 1,
        "Digest": 1,
    }


@pytest.mark.parametrize("missing", KEPT, ids=str)
def test_what_did_not_come_is_lost(missing: Arrival) -> None:
    assert judged([CREATED], without(missing)).lost


@pytest.mark.parametrize("again", KEPT, ids=str)
def test_what_came_again_is_doubled(again: Arrival) -> None:
    once_more = replace(again, second=again.second + 1)
    assert judged([CREATED], [*KEPT, once_more]).doubled
    assert judged([CREATED], [*KEPT, replace(once_more, delivery="another")]).doubled


@pytest.mark.parametrize("early", KEPT[1:], ids=str)
def test_what_came_before_its_time_is_stale(early: Arrival) -> None:
    before = replace(early, second=early.second - 10.0)
    assert judged([CREATED], [*without(early), before]).stale


def test_a_reminder_at_night_is_stale_and_owed_when_the_night_is_over() -> None:
    night = replace(WISH, night=Night(time(22), time(10)), began=3, done=4, agenda_at=time(8))
    waiting = came("Reminder", at(29, 9), "8h")
    agenda = came("Agenda", at(29, 9), "2026-03-29")
    others = without(WAITED, MORNING)
    assert judged([CREATED], [*others, waiting, agenda], night).is_clean
    assert judged([CREATED], [*others, WAITED, agenda], night).stale
    assert judged([CREATED], [*others, waiting, MORNING], night).stale
    assert judged([CREATED], [*others, agenda], night).lost


def test_what_is_not_wanted_is_stale_and_within_the_skew_either_is_fine() -> None:
    due = CLOCK.second(at(29, 7))
    never = replace(WISH, began=due - HOUR, done=due - HOUR + 1)
    assert judged([CREATED], KEPT, never).stale
    assert judged([CREATED], without(MORNING), never).is_clean
    just_then = replace(never, began=due - 0.5, done=due + 0.5)
    assert judged([CREATED], KEPT, just_then).is_clean
    assert judged([CREATED], without(MORNING), just_then).is_clean


def test_an_agenda_names_what_is_true_on_its_day() -> None:
    elsewhere = replace(MORNING, words="Your day: Review 2.1")
    assert judged([CREATED], [*without(MORNING), elsewhere]).stale
    moved = fact("update", at(28, 16), starts_at=at(30, 14), version=2)
    assert judged([CREATED, moved], [CREATION, MORNING]).stale


def test_what_comes_after_the_end_is_stale() -> None:
    done = fact("complete", at(29, 20))
    told = came("StatusChange", at(29, 20))
    ended = without(SECOND, WEEK, ABOVE)
    assert judged([CREATED, done], [*ended, told]).is_clean
    for late in (SECOND, WEEK, ABOVE):
        assert judged([CREATED, done], [*ended, told, late]).stale


def test_a_late_question_leaves_out_the_one_that_it_overtook() -> None:
    late = replace(FIRST, second=CLOCK.second(at(30, 9)))
    assert judged([CREATED], [*without(FIRST, SECOND), late]).is_clean
    assert judged([CREATED], [*without(FIRST, SECOND, ABOVE), late]).is_clean
    assert judged([CREATED], without(FIRST, SECOND, ABOVE)).lost


def test_a_reminder_put_off_is_owed_once_at_its_moment() -> None:
    second = CLOCK.second(at(29, 11, 10))
    moment = at(29, 12, 10)
    wish = Snoozed(
        number=1,
        account="agent",
        began=second,
        done=second + 1,
        earliest=moment,
        latest=moment,
        surely=True,
    )
    again = came("Reminder", moment, "snooze-202603291210")
    assert judged([CREATED], [*KEPT, again], snoozes=(wish,)).is_clean
    assert judged([CREATED], KEPT, snoozes=(wish,)).lost
    assert judged([CREATED], KEPT, snoozes=(replace(wish, surely=False),)).is_clean
    assert judged([CREATED], [*KEPT, again]).stale
    early = replace(again, second=again.second - 60)
    assert judged([CREATED], [*KEPT, early], snoozes=(wish,)).stale
    twice = replace(again, second=again.second + 60, delivery="another")
    assert judged([CREATED], [*KEPT, again, twice], snoozes=(wish,)).doubled


def test_a_reminder_is_excused_only_where_it_is_on_record_and_was_of_no_use() -> None:
    late = replace(FIRST, second=FIRST.second + 5 * HOUR)
    others = [*without(TIMELY, FIRST), late]
    useless = Record("id", "agent", "3h", "too late: the session had begun")
    verdict = judged([CREATED], others, records=frozenset({useless}))
    assert (verdict.is_clean, verdict.too_late) == (True, 1)
    assert judged([CREATED], others).lost
    assert judged([CREATED], others, records=frozenset({replace(useless, reason="")})).lost
    assert judged([CREATED], without(TIMELY), records=frozenset({useless})).lost
