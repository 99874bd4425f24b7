"""What the API answers when it is asked to count, or to find free time (contract, section 3)."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from bot.coaching import Metric, SlotJobStatus
from bot.rest.answers import Moment, Reference


class MetricStats(Struct, kw_only=True, frozen=True, rename="camel"):
    """What was counted."""

    count: int


class MetricCount(Struct, kw_only=True, frozen=True, rename="camel"):
    """One metric and its count."""

    metric: Metric
    stats: MetricStats


class IntervalCounts(Struct, kw_only=True, frozen=True, rename="camel"):
    """The metrics of one interval."""

    interval: str
    metrics: list[MetricCount]


class AggregateGroup(Struct, kw_only=True, frozen=True, rename="camel"):
    """The counts of one group, or of everything."""

    group: dict[str, str] | UnsetType = UNSET
    data: list[IntervalCounts]


class Aggregates(Struct, kw_only=True, frozen=True, rename="camel"):
    """The counts that were asked for."""

    results: list[AggregateGroup]


class Slot(Struct, kw_only=True, frozen=True, rename="camel"):
    """A time at which everybody is free."""

    date_start: Moment
    length_in_minutes: int


Category = Annotated[
    str,
    Meta(
        extra_json_schema={
            "enum": (
                "OnQueueWork Break Meal Meeting OffQueueWork TimeOff Training Unavailable".split()
            )
        }
    ),
]


class AvailableTime(Struct, kw_only=True, frozen=True, rename="camel"):
    """A time at which one person is free."""

    date_start: Moment
    length_in_minutes: int
    activity_category: Category


class UserSchedule(Struct, kw_only=True, frozen=True, rename="camel"):
    """When one person is free."""

    user: Reference
    available_times: list[AvailableTime]


class WfmActivities(Struct, kw_only=True, frozen=True, rename="camel"):
    """What workforce management has planned for one person."""

    user_reference: Reference
    activities: list[dict[str, str]]
    full_day_time_off_markers: list[dict[str, str]]


class Slots(Struct, kw_only=True, frozen=True, rename="camel"):
    """Free times, for everybody together and for each."""

    suggested_slots: list[Slot]
    attendee_schedules: list[UserSchedule]
    facilitator_schedules: list[UserSchedule]
    wfm_schedule_activities: list[WfmActivities]


class JobSlot(Struct, kw_only=True, frozen=True, rename="camel"):
    """The best slot of an interval."""

    date_start: Moment


class JobResult(Struct, kw_only=True, frozen=True, rename="camel"):
    """What was found in one interval."""

    interval: str
    status: SlotJobStatus
    slot: JobSlot | UnsetType = UNSET
    has_conflict: bool


class SlotJob(Struct, kw_only=True, frozen=True, rename="camel"):
    """A search for the best slot of each interval."""

    id: str
    status: SlotJobStatus
    attendee_ids: list[str]
    facilitator_ids: list[str]
    length_in_minutes: int
    activity_code_id: str
    intervals: list[str]
    slots_type: Literal["BestTime"] = "BestTime"
    results: list[JobResult]
    self_uri: str
