"""Use cases: leave a search for the best slots, and collect its answer (contract, 3.20 and 3.21).

The search is short, so it is decided when it is left; the answer is kept for whoever left it.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Invalid, NotFound
from bot.coaching.ground.lookup import access_of, ensure_holds, find_people
from bot.coaching.ground.permissions import Permission
from bot.coaching.ground.values import Caller
from bot.coaching.policy.policies import Policy
from bot.coaching.slots.availability import Slot, availability, ensure_interval, ensure_search
from storage import program_models
from storage.bookings import TakenTime
from storage.filters import Interval
from storage.records import Person
from storage.slot_jobs import SlotJob as Kept
from storage.transaction import Transaction

BEST_TIME = "BestTime"
MOST_INTERVALS = 50
LONGEST_CODE = 255


class SlotJobStatus(enum.StrEnum):
    """How far a search has come."""

    IN_PROGRESS = "InProgress"
    COMPLETE = "Complete"
    ERROR = "Error"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotJobRequest:
    """Whose time, how much of it, and in which intervals."""

    attendee_ids: Sequence[str]
    facilitator_ids: Sequence[str]
    length_minutes: int
    activity_code_id: str
    intervals: Sequence[Interval]
    slots_type: str = BEST_TIME


@dataclass(frozen=True, slots=True)
class JobSlot:
    """The best slot of one interval, None where there is none.

    `has_conflict`: everybody works then, and somebody is booked.
    """

    interval: Interval
    slot: Slot | None
    has_conflict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotJob:
    """A search that was left, and what it found: a slot for each interval, in their order."""

    id: str
    request: SlotJobRequest
    status: SlotJobStatus
    results: tuple[JobSlot, ...]
    created_at: datetime


def add_slot_job(context: Context, caller: Caller, request: SlotJobRequest) -> SlotJob:
    """Find the best slot of each interval, and keep the answer.

    Best is the earliest slot ahead in which everybody is free. Where there is none, it is the
    earliest in which everybody works, with a conflict; where there is none either, there is no
    slot. Raises Invalid, Denied, Unavailable.
    """
    now = context.clock()
    _ensure_request(request, context.policy)
    with context.read() as tx:
        access = access_of(tx, caller)
        permission = Permission.SLOT_JOB_ADD
        ensure_holds(access, permission, "Your role doesn’t let you look for free time.")
        named = (*request.attendee_ids, *request.facilitator_ids)
        people = find_people(tx, access, permission, named)
        results = [
            _best(people, tx.bookings.taken(people, each), each, request.length_minutes, now)
            for each in request.intervals
        ]
    with context.begin() as tx:
        tx.slot_jobs.forget_before(now - timedelta(days=context.policy.slot_job_days))
        return _keep(tx, caller, request, results, now)


def find_slot_job(context: Context, caller: Caller, job_id: str) -> SlotJob:
    """Collect the answer to a search that one left. Raises NotFound, Denied, Unavailable."""
    with context.read() as tx:
        access = access_of(tx, caller)
        ensure_holds(
            access, Permission.SLOT_JOB_VIEW, "Your role doesn’t let you look for free time."
        )
        kept = tx.slot_jobs.get(job_id)
    if kept is None or kept.creator_id != caller.person_id:
        raise NotFound("There is no such search, or it was not yours.")
    return _job(kept)


def _ensure_request(request: SlotJobRequest, policy: Policy) -> None:
    minutes = request.length_minutes
    ensure_search(request.attendee_ids, request.facilitator_ids, minutes, policy)
    if request.slots_type.lower() != BEST_TIME.lower():
        raise _invalid(f"The only type of slots is {BEST_TIME}.", "slots_type")
    code = request.activity_code_id
    if len(code) > LONGEST_CODE or not code.isprintable():
        raise _invalid("That activity code can’t be read.", "activity_code_id")
    if not 1 <= len(request.intervals) <= MOST_INTERVALS:
        raise _invalid(f"Please name from 1 to {MOST_INTERVALS} intervals.", "intervals")
    for each in request.intervals:
        ensure_interval(each, "intervals", policy)


def _invalid(message: str, field: str) -> Invalid:
    return Invalid(message, code="constraint.validation", field=field)


def _best(
    people: Mapping[str, Person],
    taken: Iterable[TakenTime],
    interval: Interval,
    minutes: int,
    now: datetime,
) -> JobSlot:
    found = availability(people, taken, interval)
    free = next(iter(found.free_slots(minutes, now)), None)
    if free is not None:
        return JobSlot(interval, free, has_conflict=False)
    working = next(iter(found.working_slots(minutes, now)), None)
    return JobSlot(interval, working, has_conflict=working is not None)


def _keep(
    tx: Transaction,
    caller: Caller,
    request: SlotJobRequest,
    results: Sequence[JobSlot],
    now: datetime,
) -> SlotJob:
    asked: dict[str, Any] = {
        "attendee_ids": list(request.attendee_ids),
        "facilitator_ids": list(request.facilitator_ids),
        "length_minutes": request.length_minutes,
        "activity_code_id": request.activity_code_id,
        "slots_type": BEST_TIME,
    }
    row = program_models.SlotJob(
        creator_id=caller.person_id,
        status=SlotJobStatus.COMPLETE.value,
        request=asked,
        result={"slots": [_plain(each) for each in results]},
        created_at=now,
    )
    tx.slot_jobs.add(row)
    kept = SlotJobRequest(**asked, intervals=[each.interval for each in results])
    deed = trail.Deed(action="search", entity="slot job", entity_id=row.id, after=asked)
    trail.record(tx, caller, now, deed)
    return SlotJob(
        id=row.id,
        request=kept,
        status=SlotJobStatus.COMPLETE,
        results=tuple(results),
        created_at=now,
    )


def _plain(result: JobSlot) -> dict[str, Any]:
    slot = result.slot
    return {
        "from": result.interval.starts_at.isoformat(),
        "to": result.interval.ends_at.isoformat(),
        "starts_at": slot.starts_at.isoformat() if slot else None,
        "length_minutes": slot.length_minutes if slot else None,
        "has_conflict": result.has_conflict,
    }


def _job(kept: Kept) -> SlotJob:
    results = tuple(_read(each) for each in kept.result["slots"])
    request = SlotJobRequest(**kept.request, intervals=[each.interval for each in results])
    return SlotJob(
        id=kept.id,
        request=request,
        status=SlotJobStatus(kept.status),
        results=results,
        created_at=kept.created_at,
    )


def _read(plain: Mapping[str, Any]) -> JobSlot:
    starts_at, ends_at = (datetime.fromisoformat(plain[each]) for each in ("from", "to"))
    at = plain["starts_at"]
    slot = Slot(datetime.fromisoformat(at), plain["length_minutes"]) if at else None
    return JobSlot(Interval(starts_at=starts_at, ends_at=ends_at), slot, plain["has_conflict"])
