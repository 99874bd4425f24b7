"""Which reminders somebody must have got, by their own leads, nights and wishes, and which not."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from tests.chaos.arrivals import Arrival
from tests.chaos.days.chronicle import Chronicle, Snoozed
from tests.chaos.days.owing import Expected, blame, expected, planned, settle
from tests.chaos.days.rules import Reminding
from tests.chaos.days.worlds import Due
from tests.chaos.phases import Phase, phases_of, spans
from tests.chaos.timed import OPEN
from tests.chaos.verdict import Case

LEADS: Final[Mapping[str, timedelta]] = {
    "2d": timedelta(days=2),
    "1d": timedelta(days=1),
    "8h": timedelta(hours=8),
    "3h": timedelta(hours=3),
    "1h": timedelta(hours=1),
    "30m": timedelta(minutes=30),
}
NAMES: Final = {lead: name for name, lead in LEADS.items()}
SNOOZE: Final = "snooze-"
TOO_LATE: Final = "too late"
SUPERSEDED: Final = "superseded"


def judge(case: Case, history: Chronicle) -> None:
    """Hold the reminders that came against the plan and the wishes."""
    came = case.of_kind("Reminder")
    usual = [each for each in came if not each.occurrence.startswith(SNOOZE)]
    left = settle(case, usual, _owed(case, history), lambda owed: _excused(case, owed, history))
    snoozed = [each for each in came if each.occurrence.startswith(SNOOZE)]
    left += settle(
        case, snoozed, _wished(case, snoozed, history), lambda owed: _excused(case, owed, history)
    )
    blame(case, left)


def _owed(case: Case, history: Chronicle) -> Iterator[Expected]:
    if case.person not in case.session.participants:
        return
    leads = case.person == case.session.facilitator
    wishes = history.wishes_of(case.person)
    wanted = {lead for each in wishes for lead in each.as_facilitator | each.as_attendee}
    for held in spans(phases_of(case.session), OPEN):
        at = planned(case, held[0])
        for lead in wanted:
            rule = Reminding(history, case.person, held[0].fact.starts_at, leads, lead)
            yield expected(case, history, rule, NAMES[lead], at, held)


def _excused(case: Case, owed: Expected, history: Chronicle) -> bool:
    """Answer whether it is on record that a reminder was of no use any more, and rightly so."""
    records = [
        each
        for each in history.records
        if (each.session_id, each.account) == (case.session.id, case.person)
    ]
    reasons = [each.reason for each in records if _is_name_of(each.occurrence, owed)]
    due = case.clock.second(owed.dues[0].earliest)
    useless = case.clock.second(owed.first.fact.starts_at + history.late)
    is_late = useless - due < case.terms.patience
    if is_late and any(TOO_LATE in each for each in reasons):
        case.verdict.too_late += 1
        return True
    # What stands for the earlier ones came later, or came too late itself.
    later = any(each.second >= due - case.terms.skew for each in case.of_kind("Reminder"))
    later = later or (is_late and any(TOO_LATE in each.reason for each in records))
    if later and any(SUPERSEDED in each for each in reasons):
        case.verdict.superseded += 1
        return True
    return False


def _is_name_of(occurrence: str, owed: Expected) -> bool:
    """A reminder that was put off is called after its moment, of which only bounds are known."""
    if occurrence.startswith(SNOOZE) and owed.occurrence.startswith(SNOOZE):
        return any(each.earliest <= moment_of(occurrence) <= each.latest for each in owed.dues)
    return occurrence == owed.occurrence


def _wished(case: Case, came: Sequence[Arrival], history: Chronicle) -> Iterator[Expected]:
    """List the reminders that somebody asked for again, under the names by which they came."""
    mine = [
        each
        for each in history.snoozes
        if (each.number, each.account) == (case.session.number, case.person)
    ]
    for index, each in enumerate(mine):
        for held in spans(phases_of(case.session), OPEN):
            if held[0].could_since <= each.done and each.began <= held[1].could_until:
                for name in _names(each, came):
                    yield _snooze(case, each, mine[index + 1 :], name, held)


def _names(wish: Snoozed, came: Sequence[Arrival]) -> list[str]:
    found = {
        each.occurrence
        for each in came
        if wish.earliest <= moment_of(each.occurrence) <= wish.latest
    }
    return sorted(found) or [f"{SNOOZE}{wish.latest:%Y%m%d%H%M}"]


def _snooze(
    case: Case, wish: Snoozed, later: Sequence[Snoozed], name: str, held: tuple[Phase, Phase]
) -> Expected:
    skew = case.terms.skew
    is_kept = held[0].since < wish.began and wish.done < held[1].until
    replaced = any(each.began - skew <= case.clock.second(wish.latest) for each in later)
    due = Due(wish.earliest, wish.latest)
    is_firm = wish.surely and is_kept and not replaced
    return Expected(name, *held, frozenset([due] if is_firm else [due, None]))


def moment_of(occurrence: str) -> datetime:
    """Read when a reminder was to come again out of its name."""
    return datetime.strptime(f"{occurrence.removeprefix(SNOOZE)} +0000", "%Y%m%d%H%M %z")
