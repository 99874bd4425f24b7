"""Which notices somebody must have got about a session, and which they must not."""

from collections.abc import Sequence
from typing import Final

from tests.chaos.arrivals import Arrival
from tests.chaos.history import Fact
from tests.chaos.phases import Phase, phases_of
from tests.chaos.verdict import Case

TERMINAL: Final = frozenset({"complete", "delete"})
STATUS: Final = frozenset({"start", "reset", "complete"})
TELLING: Final = frozenset({"Create", "Update"})
LIVE: Final = frozenset({"open", "started"})
ANY: Final = frozenset({"open", "started", "completed"})
HOLDS_IN: Final = {
    "Create": LIVE,
    "Update": LIVE,
    "StatusChange": ANY,
    "AnnotationAdded": ANY,
    "Delete": frozenset({"deleted"}),
    "Reminder": frozenset({"open"}),
    "Overdue": LIVE,
}
"""How a session must stand for a message of a kind to be true."""


def judge(case: Case) -> None:
    """Hold what came against what was done by others."""
    judge_truth(case)
    _judge_creation(case)
    _judge_updates(case)
    _judge_statuses(case)
    _judge_deletion(case)
    _judge_notes(case)


def _by_others(case: Case, *what: str) -> list[Fact]:
    return [each for each in case.session.facts if each.what in what and each.by != case.person]


def _end_after(case: Case, fact: Fact) -> Fact | None:
    later = case.session.facts[case.session.facts.index(fact) + 1 :]
    return next((each for each in later if each.what in TERMINAL), None)


def _owe(case: Case, fact: Fact, came: Arrival | None, said: str) -> None:
    """Note that something had to come because of a fact: it did, was overtaken, or is lost."""
    if came is not None:
        case.verdict.came(came.kind, came.second - fact.done)
    elif (end := _end_after(case, fact)) is not None:
        case.verdict.was_overtaken(end.done - fact.done)
    elif fact.done <= case.terms.cut:
        case.verdict.lost.append(case.tell(f"lost: {said}"))


def _at_most(case: Case, kind: str, number: int) -> None:
    if len(case.of_kind(kind)) > number:
        case.verdict.doubled.append(case.tell(f"doubled: {kind}, at most {number}"))


def _judge_creation(case: Case) -> None:
    facts = [each for each in case.session.facts if each.what == "create"]
    if case.person == case.session.creator and not case.session.by_form:
        facts = []
    if case.session.copies > 1:
        case.verdict.doubled.append(case.tell(f"doubled: {case.session.copies} sessions"))
    for fact in facts:
        _owe(case, fact, next(iter(case.of_kind("Create")), None), "the creation")
    _at_most(case, "Create", len(facts))


def _judge_updates(case: Case) -> None:
    facts = _by_others(case, "update")
    for fact in facts:
        came = next((each for each in case.arrivals if _tells(each, fact)), None)
        _owe(case, fact, came, f"the change to v{fact.version}")
    _at_most(case, "Update", len(facts))


def _tells(arrival: Arrival, fact: Fact) -> bool:
    knows = arrival.version is None or arrival.version >= fact.version
    return arrival.kind in TELLING and arrival.second > fact.began and knows


def _judge_statuses(case: Case) -> None:
    facts = _by_others(case, *STATUS)
    _at_most(case, "StatusChange", len(facts))
    last = next((each for each in reversed(case.session.facts) if each.what in STATUS), None)
    if last is not None and last in facts:
        came = [each for each in case.of_kind("StatusChange") if each.second > last.began]
        _owe(case, last, next(iter(came), None), f"the status: {last.what}")


def _judge_deletion(case: Case) -> None:
    facts = _by_others(case, "delete")
    _at_most(case, "Delete", len(facts))
    knew = case.of_kind("Create") or case.session.creator == case.person
    for fact in facts:
        came = next(iter(case.of_kind("Delete")), None)
        if knew or came is not None:
            _owe(case, fact, came, "the deletion")


def _judge_notes(case: Case) -> None:
    facts = _by_others(case, "note")
    _at_most(case, "AnnotationAdded", len(facts))
    came = case.of_kind("AnnotationAdded")
    firm = [
        each for each in facts if _end_after(case, each) is None and each.done <= case.terms.cut
    ]
    if len(came) < len(firm):
        case.verdict.lost.append(case.tell(f"lost: {len(firm) - len(came)} of the notes"))
    if len(came) == len(facts):
        for fact, arrival in zip(facts, came, strict=True):
            case.verdict.came(arrival.kind, arrival.second - fact.done)


def judge_truth(case: Case) -> None:
    """What came must have been true when it came, or a moment before."""
    phases = phases_of(case.session)
    for each in case.arrivals:
        true_in = [one for one in phases if _is_true_in(each, one)]
        gone = min((max(each.second - one.could_until, 0.0) for one in true_in), default=None)
        if gone is None or gone > case.terms.in_hand:
            case.verdict.stale.append(case.tell(f"stale: delivery {each.delivery} {each.kind}"))
        elif gone > 0.0:
            case.verdict.in_hand += 1
            case.verdict.longest_in_hand = max(case.verdict.longest_in_hand, gone)


def _is_true_in(arrival: Arrival, phase: Phase) -> bool:
    named = arrival.version in (None, phase.fact.version)
    stands = phase.standing in HOLDS_IN.get(arrival.kind, frozenset[str]())
    return named and stands and phase.could_since <= arrival.second


def known_kinds() -> Sequence[str]:
    """Name the kinds of messages that the model knows."""
    return tuple(HOLDS_IN)
