"""What a session owes its people, against an oracle that walks over every minute."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.coaching import Appointment, Lead, Policy, Status
from bot.coaching.promises import reminders
from bot.coaching.promises.ladder import Habits

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEADS = st.lists(st.integers(1, 60), unique=True, max_size=4)
Owed = tuple[str, str, str, int]


def session(start: int, length: int, facilitator: str | None, status: Status) -> Appointment:
    return Appointment(
        id="s",
        name="Call review",
        description="Two calls",
        starts_at=NOW + start * MINUTE,
        ends_at=NOW + (start + length) * MINUTE,
        length_minutes=length,
        status=status,
        facilitator_id=facilitator,
        attendee_ids=("ann", "bo"),
        creator_id="cy",
        created_at=NOW,
        modified_by="cy",
        modified_at=NOW,
        completed_at=None,
        completed_by=None,
        location=None,
        share_insights_data=None,
        wfm_schedule=None,
        conversation_ids=(),
        document_ids=(),
        external_links=(),
        revision=7,
        deleted_at=None,
    )


def people(policy: Policy) -> dict[str, Habits]:
    """Nobody chose anything."""
    return {
        each: Habits(
            zone="UTC",
            facilitator_leads=policy.leads,
            attendee_leads=policy.leads,
            quiet=policy.quiet_hours,
        )
        for each in ("ann", "bo", "cy", "fay")
    }


def expected(
    start: int, length: int, facilitator: str | None, status: Status, leads: list[int]
) -> Iterator[Owed]:
    """Walk minute by minute into the future, and say what is to be said at each."""
    for minute in range(1, start + length + 100):
        for lead in leads:
            if status == "Scheduled" and minute + lead == start:
                for person in {facilitator, "ann", "bo"} - {None}:
                    yield "Reminder", str(person), f"{lead}m", minute
        if status in {"Scheduled", "InProgress"} and minute == start + length + 20:
            for person in {facilitator, "cy"} - {None}:
                yield "Overdue", str(person), "1", minute


@given(
    start=st.integers(-90, 120),
    length=st.integers(1, 60),
    facilitator=st.sampled_from([None, "fay", "cy"]),
    status=st.sampled_from(Status),
    leads=LEADS,
)
@example(start=30, length=30, facilitator="fay", status=Status.SCHEDULED, leads=[29, 30, 31])
@example(start=-50, length=30, facilitator="fay", status=Status.IN_PROGRESS, leads=[])
@example(start=-49, length=30, facilitator="fay", status=Status.IN_PROGRESS, leads=[])
def test_what_is_owed_lies_ahead_once_for_each_person(
    start: int, length: int, facilitator: str | None, status: Status, leads: list[int]
) -> None:
    policy = Policy(
        leads=tuple(Lead(name=f"{each}m", before=each * MINUTE) for each in leads),
        overdue_after=20 * MINUTE,
        overdue_times=1,
        quiet_hours=None,
    )
    made = session(start, length, facilitator, status)
    found = [
        *reminders.owed_reminders(made, NOW, people(policy)),
        *reminders.owed_notices(made, NOW, people(policy), policy),
    ]
    told = [
        (each.kind.value, each.person_id, each.occurrence, (each.due_at - NOW) // MINUTE)
        for each in found
    ]
    assert sorted(told) == sorted(expected(start, length, facilitator, status, leads))
    assert all(
        (each.appointment_id, each.revision, each.next_at, each.created_at)
        == ("s", 7, each.due_at, NOW)
        for each in found
    )
