"""Programs get an object, change one attribute and send the whole object back: nothing is lost."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from bot import coaching
from tests.published.centre import Centre, known

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
TOUCHED = {"modified_by", "date_modified"}
INDIA = timezone(timedelta(hours=5, minutes=30))
TEXTS: dict[str, Any] = {
    "name": "New name",
    "description": "New description",
    "location": "Room 9",
    "share_insights_data": False,
    "external_links": ["https://example.com/new"],
}
TIMES: dict[str, Any] = {
    "date_start": START + timedelta(days=1),
    "length_in_minutes": 45,
}


def plain(model: Any) -> dict[str, Any]:
    """What a model holds, but for who touched it last."""
    found: dict[str, Any] = known(model).to_dict()
    return {name: value for name, value in found.items() if name not in TOUCHED}


def full(centre: Centre) -> Any:
    """A session with a value for everything."""
    make = centre.library.make
    unit = make("WfmBusinessUnitReference", id="b1", self_uri="/b/b1")
    week = date(2026, 3, 2)
    wfm = make("WfmScheduleReference", id="w1", business_unit=unit, week_date=week, self_uri="/w")
    return centre.schedule(
        facilitator_id=centre.ids["Grace"],
        conversation_ids=["a1b2c3d4-0000-4000-8000-00000000abcd"],
        document_ids=["d1", "d2"],
        external_links=["https://example.com/a?b=c"],
        location="Room 4",
        share_insights_data=True,
        wfm_schedule=wfm,
    )


def change_each(centre: Centre, appointment_id: str, changes: dict[str, Any]) -> None:
    """Change one attribute after the other on the whole object, and look at all of them."""
    dana = centre.api("Dana")
    for name, value in changes.items():
        whole = dana.get_coaching_appointment(appointment_id)
        expected = plain(whole) | {name: value}
        assert plain(whole) != expected
        setattr(whole, name, value)
        assert plain(dana.patch_coaching_appointment(appointment_id, whole)) == expected
        assert plain(dana.get_coaching_appointment(appointment_id)) == expected


def test_a_scheduled_session(centre: Centre) -> None:
    made, dana = full(centre), centre.api("Dana")
    untouched = dana.patch_coaching_appointment(made.id, made)
    assert untouched.to_dict() == made.to_dict()
    change_each(centre, made.id, TEXTS | TIMES)


def test_a_session_that_has_begun(centre: Centre) -> None:
    made = full(centre)
    centre.workplace.clock.moment = START + timedelta(minutes=5)
    centre = _later(centre)
    dana = centre.api("Dana")
    dana.patch_coaching_appointment_status(made.id, {"status": "InProgress"})
    change_each(centre, made.id, TEXTS)
    whole = dana.get_coaching_appointment(made.id)
    whole.length_in_minutes = 45
    refused = centre.refusal(lambda: dana.patch_coaching_appointment(made.id, whole))
    assert refused == "409 appointment.state.conflict"
    whole = dana.get_coaching_appointment(made.id)
    whole.status = "Completed"
    done = known(dana.patch_coaching_appointment(made.id, whole))
    assert (done.status, done.date_completed) == ("Completed", centre.workplace.clock())
    assert dana.patch_coaching_appointment(made.id, done).to_dict() == done.to_dict()


def test_a_session_that_needs_a_new_time(centre: Centre) -> None:
    made = full(centre)
    coaching.invalidate(centre.workplace.context, made.id)
    dana = centre.api("Dana")
    whole = known(dana.get_coaching_appointment(made.id))
    assert whole.status == "InvalidSchedule"
    whole.date_start += timedelta(hours=1)
    moved = plain(dana.patch_coaching_appointment(made.id, whole))
    assert moved == plain(whole) | {"status": "Scheduled"}


def test_a_note_keeps_everything_but_its_text(centre: Centre) -> None:
    made, dana = centre.schedule(), centre.api("Dana")
    request = {"text": "Well done", "accessType": "Public"}
    note = dana.post_coaching_appointment_annotations(made.id, request)
    whole = dana.get_coaching_appointment_annotation(made.id, note.id)
    whole.text, whole.access_type, whole.is_deleted = "Very well done", "Private", True
    edited = dana.patch_coaching_appointment_annotation(made.id, note.id, whole)
    assert plain(edited) == plain(note) | {"text": "Very well done"}


@pytest.mark.parametrize("expand", [[], ["appointment"]])
def test_a_notification_keeps_everything_but_its_read_state(
    centre: Centre, expand: list[str]
) -> None:
    centre.schedule()
    priya = centre.api("Priya")
    [entry] = priya.get_coaching_notifications(expand=expand).entities
    before = plain(priya.get_coaching_notification(entry.id))
    entry.marked_as_read, entry.name, entry.status = True, "Nonsense", "Completed"
    marked = priya.patch_coaching_notification(entry.id, entry)
    assert plain(marked) == before | {"marked_as_read": True}


@pytest.mark.parametrize(
    "sent",
    [
        START,
        START.replace(second=59, microsecond=999_999),
        START.replace(tzinfo=None),
        START.astimezone(INDIA),
        START.astimezone(timezone(-timedelta(hours=9, minutes=30))),
    ],
)
def test_a_moment_comes_back_as_it_was_meant(centre: Centre, sent: datetime) -> None:
    made = centre.schedule(date_start=sent)
    assert (made.date_start, made.date_start.utcoffset()) == (START, timedelta())
    moved = {"dateStart": (sent + timedelta(hours=1)).isoformat()}
    found = centre.api("Dana").patch_coaching_appointment(made.id, moved)
    assert found.date_start == START + timedelta(hours=1)


def test_absent_leaves_empty_clears_and_null_clears_what_is_optional(centre: Centre) -> None:
    made, dana = full(centre), centre.api("Dana")
    make, null = centre.library.make, centre.library.null

    def change(**changes: Any) -> dict[str, Any]:
        request = make("UpdateCoachingAppointmentRequest", **changes)
        return plain(dana.patch_coaching_appointment(made.id, request))

    assert change(name=None, document_ids=None) == plain(made)
    assert change(name=null, date_start=null) == plain(made)
    emptied: dict[str, Any] = {"conversations": [], "documents": [], "external_links": []}
    assert change(conversation_ids=[], document_ids=[], external_links=[]) == plain(made) | emptied
    nothing = {"location": None, "share_insights_data": None, "wfm_schedule": None}
    cleared = change(location=null, share_insights_data=null, wfm_schedule=null)
    assert cleared == plain(made) | emptied | nothing


def _later(centre: Centre) -> Centre:
    """The same place with new clients: those of the past have tokens that have ended."""
    return Centre(centre.workplace, centre.library, centre.url, centre.answers)
