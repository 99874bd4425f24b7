"""Scheduling: the rows, the promises and the trail of it, by equality."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import coaching
from bot.coaching import Appointment, Source, Status
from tests.coaching.workplace import Workplace

FULL = {
    "name": "  *Tone* of voice <!channel> 👩🏽‍🏫 ",
    "description": "  " + "Zwölf `x` <@U1> & \u202b\u05d1\u05d3\u05d9\u05e7\u05d4\u202c\n" * 100,
    "starts_at": datetime(2026, 3, 4, 9, 0, 59, 999, tzinfo=UTC),
    "length_minutes": 45,
    "location": " Room 4 ",
    "external_links": ["https://example.com/a", " https://example.com/b "],
    "conversation_ids": ["https://x.example/interactions/0f8fad5b-d9cb-469f-a165-70867728950E"],
    "document_ids": ["guide", "guide", "script"],
    "share_insights_data": True,
    "wfm_schedule": {"id": "w1", "weekDate": "2026-03-02"},
    "add_to_schedule": True,
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_everything_is_kept_as_it_was_given(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Jonas", "Priya", facilitator="Grace", **FULL)
    ids = workplace.ids
    assert made == Appointment(
        id=made.id,
        name="*Tone* of voice <!channel> 👩🏽‍🏫",
        description=str(FULL["description"]).strip(),
        starts_at=at(4, 9),
        ends_at=at(4, 9, 45),
        length_minutes=45,
        status=Status.SCHEDULED,
        facilitator_id=ids["Grace"],
        attendee_ids=(ids["Jonas"], ids["Priya"]),
        creator_id=ids["Dana"],
        created_at=at(2, 9),
        modified_by=ids["Dana"],
        modified_at=at(2, 9),
        completed_at=None,
        completed_by=None,
        location="Room 4",
        share_insights_data=True,
        wfm_schedule={"id": "w1", "weekDate": "2026-03-02"},
        conversation_ids=("0f8fad5b-d9cb-469f-a165-70867728950e",),
        document_ids=("guide", "script"),
        external_links=("https://example.com/a", "https://example.com/b"),
        revision=1,
        deleted_at=None,
    )
    assert coaching.find(workplace.context, workplace.caller("Priya"), made.id) == made


@pytest.mark.parametrize("source", [Source.REST, Source.SLACK])
def test_what_is_promised(workplace: Workplace, source: Source) -> None:
    request = workplace.request("Priya", "Jonas", facilitator="Grace")
    made = coaching.schedule(workplace.context, workplace.caller("Dana", source), request)
    confirmed = [("Create", "Dana", "confirmation", at(2, 9))] if source is Source.SLACK else []
    reminded = [
        ("Reminder", who, lead, due)
        for who in ("Grace", "Priya", "Jonas")
        for lead, due in (("24h", at(3, 9)), ("1h", at(4, 8)), ("10m", at(4, 8, 50)))
    ]
    assert sorted(workplace.owed(made.id)) == sorted(
        [
            *(("Create", who, "r1", at(2, 9)) for who in ("Grace", "Priya", "Jonas")),
            *confirmed,
            *reminded,
            *(("Overdue", who, "1", at(4, 9, 45)) for who in ("Grace", "Dana")),
        ]
    )
    assert len(workplace.deliveries(made.id)) == 14 + len(confirmed)
    assert workplace.woken == 1


def test_what_is_written_down(workplace: Workplace) -> None:
    request = workplace.request("Priya", facilitator="Grace")
    made = coaching.schedule(workplace.context, workplace.caller("Dana", Source.SLACK), request)
    [entry] = workplace.audit("appointment", made.id)
    assert (entry.at, entry.source, entry.actor_id) == (at(2, 9), "slack", workplace.ids["Dana"])
    assert (entry.action, entry.before) == ("schedule", None)
    assert entry.after == {
        "name": "Call review",
        "description": "Two calls from last week",
        "starts_at": "2026-03-04T09:00:00+00:00",
        "length_minutes": 30,
        "status": "Scheduled",
        "facilitator_id": workplace.ids["Grace"],
        "attendee_ids": [workplace.ids["Priya"]],
        "location": None,
        "share_insights_data": None,
        "wfm_schedule": None,
        "conversation_ids": [],
        "document_ids": [],
        "external_links": [],
        "file_ids": [],
    }


def test_what_lies_behind_is_not_owed(desk: Workplace) -> None:
    starts_at = desk.clock() + timedelta(hours=1)
    made = desk.schedule("Dana", "Priya", starts_at=starts_at)
    assert [each for each in desk.owed(made.id) if each[0] == "Reminder"] == [
        ("Reminder", "Priya", "10m", starts_at - timedelta(minutes=10))
    ]


@pytest.mark.parametrize("length", [1, 60])
def test_the_shortest_and_the_longest_session(desk: Workplace, length: int) -> None:
    made = desk.schedule("Dana", length_minutes=length)
    assert made.ends_at - made.starts_at == timedelta(minutes=length)


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=42)])
def test_the_first_and_the_last_start(desk: Workplace, ahead: timedelta) -> None:
    made = desk.schedule("Dana", starts_at=desk.clock() + ahead)
    assert made.starts_at == desk.clock() + ahead


def test_a_supervisor_coaches_in_their_own_session_and_is_told_nothing(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", facilitator="Dana")
    assert made.participant_ids == (desk.ids["Dana"], desk.ids["Priya"])
    assert [each[1] for each in desk.owed(made.id) if each[0] == "Create"] == ["Priya"]
    assert [each[1] for each in desk.owed(made.id) if each[0] == "Overdue"] == ["Dana"]


def test_a_supervisor_takes_part_wherever_they_belong(desk: Workplace) -> None:
    """One may always book oneself: here from a division over which one holds nothing."""
    desk.grant("Dana", ("Supervisor", "Sales"), ("Agent", "Home"))
    made = desk.schedule("Dana", "Sam", facilitator="Dana")
    assert made.facilitator_id == desk.ids["Dana"]


def test_the_same_token_twice_is_one_session(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", submission="form-1")
    before = workplace.everything()
    starts_at = made.starts_at
    for days in (0, 7):
        workplace.clock.advance(timedelta(days=days))
        again = workplace.schedule("Dana", "Priya", starts_at=starts_at, submission="form-1")
        assert again == made
    assert workplace.everything() == before


@pytest.mark.parametrize(
    "other", [{"name": "Other"}, {"length_minutes": 0}, {"location": "Here"}, {"files": ("x",)}]
)
def test_another_request_with_the_same_token_is_refused(
    workplace: Workplace, other: dict[str, Any]
) -> None:
    workplace.schedule("Dana", "Priya", submission="form-1")
    before = workplace.everything()
    with workplace.refuses(coaching.Conflict, "appointment.conflict"):
        workplace.schedule("Dana", "Priya", submission="form-1", **other)
    with workplace.refuses(coaching.Conflict, "appointment.conflict"):
        workplace.schedule("Dana", "Jonas", submission="form-1")
    assert workplace.everything() == before


def test_a_token_is_ones_own(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", submission="form-1")
    other = desk.schedule("Grace", "Jonas", submission="form-1")
    assert other.id != made.id
    assert other.creator_id == desk.ids["Grace"]


def test_a_form_that_was_refused_can_be_sent_again(desk: Workplace) -> None:
    with desk.refuses(coaching.Invalid, "constraint.validation", "name"):
        desk.schedule("Dana", name=" ", submission="form-1")
    assert desk.schedule("Dana", name="Now named", submission="form-1").name == "Now named"


def test_a_token_whose_session_was_deleted_makes_no_other(desk: Workplace) -> None:
    made = desk.schedule("Dana", submission="form-1")
    coaching.delete(desk.context, desk.caller("Dana"), made.id)
    before = desk.everything()
    with desk.refuses(coaching.Conflict, "appointment.conflict"):
        desk.schedule("Dana", submission="form-1")
    assert desk.everything() == before


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("UTC", at(2, 9), at(2, 9, 30)),
        ("UTC", at(2, 9, 15), at(2, 9, 30)),
        ("UTC", at(2, 9, 16), at(2, 10)),
        ("UTC", at(2, 9, 45), at(2, 10)),
        ("Asia/Kolkata", at(2, 9, 16), at(2, 10)),
        ("Asia/Kathmandu", at(2, 9), at(2, 9, 15)),
        ("Asia/Kathmandu", at(2, 9, 1), at(2, 9, 45)),
    ],
)
def test_the_form_starts_with_the_next_half_hour_there(
    desk: Workplace, zone: str, now: datetime, expected: datetime
) -> None:
    desk.hire("Nima", division="Home", roles=("Supervisor",), timezone=zone)
    desk.clock.moment = now
    found = coaching.schedule_defaults(desk.context, desk.caller("Nima"))
    assert (found.starts_at, found.timezone, found.earliest) == (expected, zone, now)
    assert found.latest == now + timedelta(days=42)


def test_the_form_offers_what_the_policy_allows(desk: Workplace) -> None:
    strict = replace(desk.context, policy=coaching.Policy(max_length_minutes=20))
    found = coaching.schedule_defaults(strict, desk.caller("Dana"))
    assert (found.lengths, found.length_minutes) == ((15,), 20)


@pytest.mark.parametrize("use_case", [coaching.schedule_defaults, None])
def test_an_agent_schedules_nothing(desk: Workplace, use_case: object) -> None:
    with desk.refuses(coaching.Denied, "missing.permissions"):
        if use_case is None:
            desk.schedule("Priya", "Jonas")
        else:
            coaching.schedule_defaults(desk.context, desk.caller("Priya"))
