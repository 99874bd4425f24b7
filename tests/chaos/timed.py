"""Which reminders and overdue notices somebody must have got, and which they must not."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from tests.chaos.arrivals import Arrival
from tests.chaos.history import Choice, History
from tests.chaos.notices import LIVE
from tests.chaos.phases import NEVER, Phase, phases_of, spans
from tests.chaos.verdict import Case

OPEN: Final = frozenset({"open"})
EARLY_S: Final = 0.05
"""The clocks of messages and of the run are read one after the other."""


def judge(case: Case, history: History) -> None:
    """Hold the reminders and overdue notices that came against the plan."""
    phases = phases_of(case.session)
    _judge_reminders(case, phases, history)
    _judge_overdue(case, phases, history)


def _judge_reminders(case: Case, phases: list[Phase], history: History) -> None:
    came = case.of_kind("Reminder")
    accounted: set[str] = set()
    if case.person in case.session.participants:
        leads = _leads(history.choices_of(case.person))
        for first, last in spans(phases, OPEN):
            # From the longest lead to the shortest, so that what comes later is known to come.
            missing: list[tuple[float, str]] = []
            for lead in sorted(leads, reverse=True):
                due = case.clock.second(first.fact.starts_at - lead)
                surely, perhaps = _wanted(history, case, lead, due)
                if not perhaps or not _could_be_due(case, first, last, due):
                    continue
                name = f"{lead // timedelta(minutes=1)}m"
                found = _matching(came, name, phases, first.plan, due, case)
                accounted |= {each.delivery for each in found}
                if len(found) > 1:
                    case.verdict.doubled.append(case.tell(f"doubled: reminder {name}"))
                if found:
                    case.verdict.came("Reminder", found[0].second - due)
                    case.verdict.superseded += len(missing)
                    missing.clear()
                elif surely and _is_firm(case, first, last, due):
                    missing.append((due, name))
            _lose(case, missing, last)
    for each in came:
        if each.delivery not in accounted:
            said = f"stale: reminder {each.occurrence} of delivery {each.delivery} was not due"
            case.verdict.stale.append(case.tell(said))


def _lose(case: Case, missing: list[tuple[float, str]], last: Phase) -> None:
    for due, name in missing:
        if last.until < NEVER:
            case.verdict.was_overtaken(last.until - due)
        elif due <= case.terms.cut:
            case.verdict.lost.append(case.tell(f"lost: reminder {name} due {due:.1f}"))


def _leads(choices: Sequence[Choice]) -> set[timedelta]:
    """List every lead that somebody ever wanted."""
    return {lead for each in choices for lead in each.as_facilitator | each.as_attendee}


def _wanted(history: History, case: Case, lead: timedelta, due: float) -> tuple[bool, bool]:
    """Answer whether a reminder was surely wanted when it was due, and whether perhaps."""
    choices = history.choices_of(case.person)
    held: list[bool] = []
    for index, each in enumerate(choices):
        until = choices[index + 1].done if index + 1 < len(choices) else NEVER
        if each.began <= due + case.terms.skew and until >= due - case.terms.skew:
            leads = case.person == case.session.facilitator
            held.append(lead in (each.as_facilitator if leads else each.as_attendee))
    return all(held), any(held)


def _could_be_due(case: Case, first: Phase, last: Phase, due: float) -> bool:
    skew = case.terms.skew
    return due + skew > first.could_since and due - skew < last.could_until + case.terms.in_hand


def _is_firm(case: Case, first: Phase, last: Phase, due: float) -> bool:
    """Answer whether the plan surely held when the reminder was due."""
    return due - case.terms.skew > first.since and due < last.until


def _matching(
    came: list[Arrival], name: str, phases: list[Phase], plan: int, due: float, case: Case
) -> list[Arrival]:
    versions = {each.fact.version for each in phases if each.plan == plan}
    earliest = due - case.terms.skew - EARLY_S
    return [
        each
        for each in came
        if each.occurrence == name
        and (each.version is None or each.version in versions)
        and each.second >= earliest
    ]


def _judge_overdue(case: Case, phases: list[Phase], history: History) -> None:
    came = case.of_kind("Overdue")
    accounted: set[str] = set()
    if case.person in case.session.followers:
        for first, last in spans(phases, LIVE):
            due = case.clock.second(first.fact.ends_at + history.overdue_after)
            if not _could_be_due(case, first, last, due):
                continue
            found = _matching(came, "1", phases, first.plan, due, case)
            accounted |= {each.delivery for each in found}
            if len(found) > 1:
                case.verdict.doubled.append(case.tell("doubled: overdue"))
            if found:
                case.verdict.came("Overdue", found[0].second - due)
            elif _is_firm(case, first, last, due):
                _lose(case, [(due, "overdue")], last)
    for each in came:
        if each.delivery not in accounted:
            said = f"stale: overdue {each.occurrence} of delivery {each.delivery} was not due"
            case.verdict.stale.append(case.tell(said))
