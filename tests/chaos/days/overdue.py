"""Who must have been asked about an overdue session on which days, and who heard of it above."""

from collections.abc import Iterator, Mapping, Sequence

from tests.chaos import notices
from tests.chaos.arrivals import Arrival
from tests.chaos.days.chronicle import Chronicle, Span
from tests.chaos.days.owing import (
    ESCALATION,
    Expected,
    blame,
    expected,
    planned,
    settle,
    with_arrivals,
)
from tests.chaos.days.rules import Asking, Escalating
from tests.chaos.history import Session
from tests.chaos.notices import LIVE
from tests.chaos.phases import Phase, phases_of, spans
from tests.chaos.verdict import Case


def judge(case: Case, history: Chronicle) -> None:
    """Hold the questions that came against the days on which they were due."""
    came = case.of_kind("Overdue")
    owed = _owed(case, history) if case.person in case.session.followers else ()
    blame(case, settle(case, came, owed, lambda one: _is_skipped(case, one)))


def _owed(case: Case, history: Chronicle) -> Iterator[Expected]:
    for held in spans(phases_of(case.session), LIVE):
        at = planned(case, held[0])
        for number in range(1, history.overdue_times + 1):
            rule = Asking(history, case.person, held[0].fact.ends_at, number)
            yield expected(case, history, rule, str(number), at, held)


def _is_skipped(case: Case, owed: Expected) -> bool:
    """Answer whether the question before it came so late that this one was behind."""
    due = case.clock.second(owed.dues[0].earliest) - case.terms.skew
    return any(
        each.second >= due
        and each.occurrence.isdigit()
        and int(each.occurrence) < int(owed.occurrence)
        for each in case.of_kind("Overdue")
    )


def judge_escalations(
    case: Case, history: Chronicle, told: Mapping[str, Sequence[Arrival]]
) -> None:
    """Hold what came to those above against the last question that the leader got."""
    session = case.session
    leader = session.facilitator or session.creator
    asked = [each for each in told.get(leader, ()) if each.kind == "Overdue"]
    for person in above(session, leader, history):
        came = [each for each in told.get(person, ()) if each.occurrence == ESCALATION]
        own = with_arrivals(Case(session, person, came, case.terms, case.clock, case.verdict), came)
        notices.judge_truth(own)
        owed = [
            each
            for held in spans(phases_of(session), LIVE)
            for each in _escalated(own, asked, history, held, leader)
        ]
        blame(own, settle(own, own.of_kind("Overdue"), owed, lambda _: False))


def above(session: Session, leader: str, history: Chronicle) -> list[str]:
    """Name who is told: the leader's manager, or else everybody who may see the session."""
    manager = history.managers.get(leader)
    if manager is not None and manager not in session.related:
        return [manager]
    return [each for each in history.leaders if each not in session.related]


def _escalated(
    case: Case,
    asked: Sequence[Arrival],
    history: Chronicle,
    held: tuple[Phase, Phase],
    leader: str,
) -> Iterator[Expected]:
    """Expect it after the last question to the leader, or after an earlier one that was late."""
    first, last = held
    ends = last.could_until + case.terms.in_hand
    mine = [each for each in asked if first.could_since <= each.second <= ends]
    if not mine:
        return
    rule = Asking(history, leader, first.fact.ends_at, history.overdue_times)
    of_leader = Case(case.session, leader, asked, case.terms, case.clock, case.verdict)
    before = expected(of_leader, history, rule, "", planned(case, first), held).dues
    if not before:
        return
    earliest = case.clock.second(before[0].earliest) - case.terms.skew
    latest = max(each.second for each in mine) + case.terms.skew
    if latest < earliest:
        return
    at = Span(case.clock.moment(earliest), case.clock.moment(latest))
    found = expected(case, history, Escalating(history, case.person), ESCALATION, at, held)
    is_sure = any(each.occurrence == str(history.overdue_times) for each in mine)
    ways = found.ways if is_sure else found.ways | {None}
    yield Expected(ESCALATION, first, last, ways)
