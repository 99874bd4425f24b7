"""What the counts and the free times do (contract, section 3, 18 to 21)."""

from enum import StrEnum

from msgspec import UNSET

from bot import coaching
from bot.coaching import AggregateQuery, Clause, Metric, Predicate, SlotJobRequest, SlotQuery
from bot.rest import bodies, rendering, results
from bot.rest.calls import Call
from bot.rest.instants import read_interval, write_instant, write_interval
from bot.rest.queries import Nothing, read_word

UNREADABLE = "aggregate.query.filter.missing.or.invalid"


class Grouping(StrEnum):
    """What counts can be grouped by."""

    ATTENDEE = "attendeeId"


def aggregate(call: Call[Nothing, bodies.AggregateQuery]) -> results.Aggregates:
    """Count sessions."""
    body = call.body
    interval = read_interval(body.interval, "interval")
    grouped = [read_word(Grouping, each, "groupBy") for each in body.group_by or ()]
    query = AggregateQuery(
        interval=interval,
        filter_type=body.filter.type,
        clauses=tuple(_clause(each) for each in body.filter.clauses),
        metrics=_metrics(body.metrics),
        group_by_attendee=bool(grouped),
    )
    return rendering.aggregates(interval, coaching.aggregate(call.context, call.caller, query))


def find_slots(call: Call[Nothing, bodies.SlotQuery]) -> results.Slots:
    """Find when everybody is free."""
    body = call.body
    query = SlotQuery(
        interval=read_interval(body.interval, "interval"),
        length_minutes=body.length_in_minutes,
        attendee_ids=tuple(body.attendee_ids),
        facilitator_ids=tuple(body.facilitator_ids or ()),
        interruptible_ids=tuple(body.interruptible_appointment_ids or ()),
    )
    return rendering.slots(coaching.find_slots(call.context, call.caller, query))


def add_slot_job(call: Call[Nothing, bodies.NewSlotJob]) -> results.SlotJob:
    """Look for the best slot of each interval."""
    body = call.body
    request = SlotJobRequest(
        attendee_ids=tuple(body.attendee_ids),
        facilitator_ids=tuple(body.facilitator_ids or ()),
        length_minutes=body.length_in_minutes,
        activity_code_id=body.activity_code_id,
        intervals=tuple(read_interval(each, "intervals") for each in body.intervals),
        slots_type=body.slots_type,
    )
    return _job(coaching.add_slot_job(call.context, call.caller, request))


def find_slot_job(call: Call[Nothing, None]) -> results.SlotJob:
    """Find one's own search again."""
    return _job(coaching.find_slot_job(call.context, call.caller, call.ids["jobId"]))


def _clause(clause: bodies.Clause) -> Clause:
    predicates = tuple(Predicate(each.dimension, each.value) for each in clause.predicates)
    return Clause(clause.type, predicates)


def _metrics(names: list[str] | None) -> tuple[Metric, ...] | None:
    if not names:
        return None
    return tuple(dict.fromkeys(read_word(Metric, each, "metrics") for each in names))


def _job(job: coaching.SlotJob) -> results.SlotJob:
    return results.SlotJob(
        id=job.id,
        status=job.status,
        attendee_ids=list(job.request.attendee_ids),
        facilitator_ids=list(job.request.facilitator_ids),
        length_in_minutes=job.request.length_minutes,
        activity_code_id=job.request.activity_code_id,
        intervals=[write_interval(each) for each in job.request.intervals],
        results=[_result(job, each) for each in job.results],
        self_uri=f"{rendering.BASE}/scheduleslots/jobs/{job.id}",
    )


def _result(job: coaching.SlotJob, found: coaching.JobSlot) -> results.JobResult:
    slot = found.slot
    return results.JobResult(
        interval=write_interval(found.interval),
        status=job.status,
        slot=results.JobSlot(date_start=write_instant(slot.starts_at)) if slot else UNSET,
        has_conflict=found.has_conflict,
    )
