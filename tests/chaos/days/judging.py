"""The comparison of whole days: what people did and wished with what they got."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from tests.chaos import notices
from tests.chaos.arrivals import Arrival
from tests.chaos.clock import ChaosClock
from tests.chaos.days import overdue, reminders, summaries
from tests.chaos.days.chronicle import Chronicle
from tests.chaos.days.owing import ESCALATION
from tests.chaos.history import Session
from tests.chaos.judging import judge_ids
from tests.chaos.verdict import Case, Terms, Verdict

SUMMARIES: Final = ("Agenda", "Digest")
MARGIN_S: Final = 5.0


def judge(
    history: Chronicle, arrivals: Sequence[Arrival], terms: Terms, clock: ChaosClock
) -> Verdict:
    """Compare what people did and wished with what they got.

    The second look knows how late the worst was, and excuses nothing that waited for longer.
    """
    late = _judged(history, arrivals, terms, clock).lateness.values()
    worst = max((each for found in late for each in found), default=0.0)
    return _judged(history, arrivals, replace(terms, patience=worst + MARGIN_S), clock)


def _judged(
    history: Chronicle, arrivals: Sequence[Arrival], terms: Terms, clock: ChaosClock
) -> Verdict:
    verdict = Verdict()
    judge_ids(arrivals, verdict)
    sorted_in: dict[int, dict[str, list[Arrival]]] = {}
    summed_up: dict[tuple[str, str], list[Arrival]] = {}
    for each in sorted(arrivals, key=lambda one: one.second):
        if each.kind in SUMMARIES:
            summed_up.setdefault((each.account, each.kind), []).append(each)
        else:
            sorted_in.setdefault(each.number, {}).setdefault(each.account, []).append(each)
    for session in history.sessions.values():
        _judge_session(session, sorted_in.pop(session.number, {}), history, (terms, clock, verdict))
    others = [each for told in sorted_in.values() for came in told.values() for each in came]
    for person in history.zones:
        for kind in SUMMARIES:
            came = summed_up.pop((person, kind), [])
            summaries.judge(summaries.Reader(person, kind, came, history, terms, clock, verdict))
    others += [each for came in summed_up.values() for each in came]
    verdict.stale += [f"for nobody’s eyes: {each.account} {each}" for each in others]
    return verdict


def _judge_session(
    session: Session,
    told: Mapping[str, Sequence[Arrival]],
    history: Chronicle,
    by: tuple[Terms, ChaosClock, Verdict],
) -> None:
    for person in sorted(session.related):
        case = Case(session, person, told.get(person, ()), *by)
        notices.judge(case)
        reminders.judge(case, history)
        overdue.judge(case, history)
    case = Case(session, session.creator, (), *by)
    overdue.judge_escalations(case, history, told)
    leader = session.facilitator or session.creator
    expected = {*session.related, *overdue.above(session, leader, history)}
    for person, came in told.items():
        if person not in expected:
            case.verdict.stale += [f"for nobody’s eyes: {person} {each}" for each in came]
        elif person not in session.related:
            others = [each for each in came if each.occurrence != ESCALATION]
            case.verdict.stale += [f"for nobody’s eyes: {person} {each}" for each in others]
