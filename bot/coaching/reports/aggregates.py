"""Use case: count sessions by what they are (contract, section 3.18).

An And or Or of clauses, each an And or Or of predicates, is asked of each session as a whole; then
every session counts once or, grouped by attendee, once for each attendee whom the caller may see.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Invalid
from bot.coaching.ground.lookup import access_of, ensure_holds, find_people
from bot.coaching.ground.permissions import Access, Permission
from bot.coaching.ground.values import Caller
from storage import aggregates as counts
from storage.filters import Interval, Reach
from storage.transaction import Transaction
from storage.types import Status

MOST_USERS = 100
MOST_CLAUSES = 100
STATUSES: Mapping[str, Status] = MappingProxyType({each.value.lower(): each for each in Status})


class Metric(enum.StrEnum):
    """What can be counted, named as in the contract."""

    ACTIVITIES = "nActivities"
    PLANNED = "nPlannedActivities"
    IN_PROGRESS = "nInProgressActivities"
    COMPLETE = "nCompleteActivities"
    OVERDUE = "nOverdueActivities"
    INVALID_SCHEDULE = "nInvalidScheduleActivities"


class Dimension(enum.StrEnum):
    """What a predicate can ask about."""

    ATTENDEE = "attendeeId"
    FACILITATOR = "facilitatorId"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Predicate:
    """One condition: a dimension has a value."""

    dimension: str
    value: str


@dataclass(frozen=True, slots=True)
class Clause:
    """Predicates of which all (`And`) or any (`Or`) must hold."""

    type: str
    predicates: Sequence[Predicate]


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateQuery:
    """What to count: sessions that start in the interval and meet the clauses."""

    interval: Interval
    filter_type: str
    clauses: Sequence[Clause]
    metrics: Sequence[Metric] | None = None
    group_by_attendee: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateResult:
    """The counts for one attendee, or for all together (None)."""

    attendee_id: str | None
    counts: Mapping[Metric, int]


def aggregate(
    context: Context, caller: Caller, query: AggregateQuery
) -> tuple[AggregateResult, ...]:
    """Count sessions: one result for all, or one for each attendee who has any.

    Only what the caller may view is counted. Raises Invalid, Denied, Unavailable.
    """
    now = context.clock()
    _ensure_interval(query.interval)
    every, clauses = _is_every(query.filter_type), _checked(query.clauses)
    with context.read() as tx:
        access = access_of(tx, caller)
        _ensure_may_view(tx, access, clauses)
        wanted = counts.AggregateFilter(
            now=now,
            reach=_reach(tx, access),
            interval=query.interval,
            every=every,
            clauses=clauses,
            by_attendee=query.group_by_attendee,
        )
        return tuple(_result(each, query.metrics) for each in tx.aggregates.count(wanted))


def _ensure_interval(interval: Interval) -> None:
    if interval.starts_at > interval.ends_at:
        raise Invalid(
            "The interval ends before it starts.", code="validation.failure", field="interval"
        )


def _checked(clauses: Sequence[Clause]) -> tuple[counts.Clause, ...]:
    """Give each clause once, with its predicates sorted by what they ask about."""
    if not 1 <= len(clauses) <= MOST_CLAUSES:
        raise _invalid(f"The filter needs from 1 to {MOST_CLAUSES} clauses.")
    found = tuple(dict.fromkeys(_clause(each) for each in clauses))
    for ids in (_named(each.attendee_ids for each in found), _facilitators(found)):
        if len(ids) > MOST_USERS:
            raise Invalid(
                f"Please name at most {MOST_USERS} people.",
                code="aggregate.too.many.users",
                field="filter",
            )
    return found


def _clause(clause: Clause) -> counts.Clause:
    if not clause.predicates:
        raise _invalid("Each clause of the filter needs a predicate.")
    asked: dict[Dimension, set[str]] = {each: set() for each in Dimension}
    for each in clause.predicates:
        asked[_dimension(each.dimension)].add(each.value)
    return counts.Clause(
        every=_is_every(clause.type),
        attendee_ids=_ids(asked[Dimension.ATTENDEE]),
        facilitator_ids=_ids(asked[Dimension.FACILITATOR]),
        statuses=frozenset(_status(each) for each in asked[Dimension.STATUS]),
    )


def _is_every(junction: str) -> bool:
    if junction.lower() not in {"and", "or"}:
        raise _invalid("A filter, and each of its clauses, is of the type And or Or.")
    return junction.lower() == "and"


def _dimension(name: str) -> Dimension:
    found = {each.value.lower(): each for each in Dimension}.get(name.lower())
    if found is None:
        raise _invalid(f"A predicate asks about one of {', '.join(Dimension)}.")
    return found


def _ids(values: set[str]) -> frozenset[str]:
    if not all(values):
        raise _invalid("A predicate needs a value.")
    return frozenset(values)


def _status(word: str) -> Status:
    found = STATUSES.get(word.lower())
    if found is None:
        raise _invalid(f"A status is one of {', '.join(Status)}.")
    return found


def _invalid(message: str) -> Invalid:
    return Invalid(message, code="aggregate.query.filter.missing.or.invalid", field="filter")


def _named(groups: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*groups)


def _facilitators(clauses: Sequence[counts.Clause]) -> frozenset[str]:
    return _named(each.facilitator_ids for each in clauses)


def _ensure_may_view(tx: Transaction, access: Access, clauses: Sequence[counts.Clause]) -> None:
    permission = Permission.APPOINTMENT_VIEW
    ensure_holds(access, permission, "Your role doesn’t let you count sessions.")
    named = _named(each.attendee_ids | each.facilitator_ids for each in clauses)
    find_people(tx, access, permission, sorted(named))


def _reach(tx: Transaction, access: Access) -> Reach:
    """Say what the caller may view; everything, where the role covers every division."""
    divisions = access.reach(Permission.APPOINTMENT_VIEW)
    everywhere = divisions >= tx.people.divisions().keys()
    return Reach(person_id=access.person_id, division_ids=None if everywhere else divisions)


def _result(count: counts.Count, metrics: Sequence[Metric] | None) -> AggregateResult:
    found = {
        Metric.ACTIVITIES: count.activities,
        Metric.PLANNED: count.planned,
        Metric.IN_PROGRESS: count.in_progress,
        Metric.COMPLETE: count.complete,
        Metric.OVERDUE: count.overdue,
        Metric.INVALID_SCHEDULE: count.invalid_schedule,
    }
    wanted = dict.fromkeys(metrics or Metric)
    return AggregateResult(
        attendee_id=count.attendee_id, counts={each: found[each] for each in wanted}
    )
