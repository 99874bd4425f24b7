"""What was owed about one session to one person, held against what came of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tests.chaos.arrivals import Arrival
from tests.chaos.days.chronicle import Chronicle, Span, span
from tests.chaos.days.worlds import Coming, Due, Rule, outcomes
from tests.chaos.phases import NEVER, Phase, phases_of
from tests.chaos.timed import EARLY_S
from tests.chaos.verdict import Case


@dataclass(frozen=True)
class Expected:
    """One promise: when it may have been due while one plan held without a break."""

    occurrence: str
    first: Phase
    last: Phase
    ways: frozenset[Coming]

    @property
    def dues(self) -> list[Due]:
        """List the moments, the earliest first."""
        return sorted(each for each in self.ways if each is not None)


ESCALATION: Final = "escalation"
Excuse = Callable[[Expected], bool]


def planned(case: Case, first: Phase) -> Span:
    """Say when the promises of a plan were made."""
    return span(first.could_since, first.since, case.terms, case.clock)


def expected(
    case: Case, history: Chronicle, rule: Rule, occurrence: str, at: Span, held: tuple[Phase, Phase]
) -> Expected:
    """Work out when a promise may have been due, and leave out what the end of its plan undid."""
    first, last = held
    ends = last.could_until + case.terms.skew + case.terms.in_hand
    wishes = [
        (span(each.began, each.done, case.terms, case.clock), each)
        for each in history.wishes_of(case.person)
    ]
    until = case.clock.moment(min(ends, case.terms.cut))
    ways = outcomes(rule, at, wishes, until)
    could = (
        each if each is None or case.clock.second(each.earliest) <= ends else None for each in ways
    )
    return Expected(occurrence, first, last, frozenset(could))


def settle(
    case: Case, came: Sequence[Arrival], owed: Iterable[Expected], excuse: Excuse
) -> list[Arrival]:
    """Note what came, what is lost and what is doubled; answers what nothing accounts for."""
    groups: dict[tuple[str, int], list[Expected]] = {}
    for each in owed:
        groups.setdefault((each.occurrence, each.first.plan), []).append(each)
    left = list(came)
    for group in groups.values():
        found = [each for each in came if any(_may_be(case, each, one) for one in group)]
        left = [each for each in left if each not in found]
        if len(found) > sum(bool(each.dues) for each in group):
            case.verdict.doubled.append(case.tell(f"doubled: {found[0]}"))
        for one in group:
            _settle_one(case, [each for each in found if _may_be(case, each, one)], one, excuse)
    return left


def _may_be(case: Case, arrival: Arrival, owed: Expected) -> bool:
    """Answer whether a message may be the one that was owed: its name, its words, its time."""
    versions = {
        each.fact.version for each in phases_of(case.session) if each.plan == owed.first.plan
    }
    latest = owed.last.could_until + case.terms.in_hand
    return (
        arrival.occurrence == owed.occurrence
        and (arrival.version is None or arrival.version in versions)
        and owed.first.could_since <= arrival.second <= latest
        and any(_is_ripe(case, arrival, each) for each in owed.dues)
    )


def _is_ripe(case: Case, arrival: Arrival, due: Due) -> bool:
    return arrival.second >= case.clock.second(due.earliest) - case.terms.skew - EARLY_S


def _settle_one(case: Case, found: Sequence[Arrival], owed: Expected, excuse: Excuse) -> None:
    if found:
        arrival = found[0]
        ripe = [each for each in owed.dues if _is_ripe(case, arrival, each)]
        latest = case.clock.second(max(each.latest for each in ripe))
        is_escalation = owed.occurrence == ESCALATION
        kind = "Escalation" if is_escalation else arrival.kind
        case.verdict.came(kind, arrival.second - latest)
    elif owed.dues and None not in owed.ways:
        _lose(case, owed, excuse)


def _lose(case: Case, owed: Expected, excuse: Excuse) -> None:
    latest = case.clock.second(max(each.latest for each in owed.dues)) + case.terms.skew
    if latest >= owed.last.until:
        return
    if owed.last.until < NEVER and owed.last.until - latest < case.terms.patience:
        case.verdict.was_overtaken(owed.last.until - latest)
    elif latest <= case.terms.cut and not excuse(owed):
        case.verdict.lost.append(case.tell(f"lost: {owed.occurrence} due {latest:.1f}"))


def with_arrivals(case: Case, arrivals: Sequence[Arrival]) -> Case:
    """Look at some of the messages of a case alone."""
    return replace(case, arrivals=arrivals)


def blame(case: Case, left: Iterable[Arrival]) -> None:
    """Note what came and was not due, or not yet."""
    for each in left:
        case.verdict.stale.append(case.tell(f"stale: {each} was not due"))
