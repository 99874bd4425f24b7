"""What a person does with the form of a session, for tests."""

from datetime import timedelta
from typing import Any, Final

from bot import coaching
from bot.coaching import Appointment, AttachedFile, FormPage, Prefill, TypedChanges
from bot.coaching.form.drafts import NEW
from tests.coaching.workplace import Workplace

RIGHTS: Final = (
    "may_edit may_move may_attach may_delete may_note may_note_private may_see_notes"
).split()


def keep(desk: Workplace, who: str, subject: str, **told: Any) -> FormPage:
    """Type into the form."""
    return coaching.keep_typed(desk.context, desk.caller(who), subject, TypedChanges(**told))


def look(desk: Workplace, who: str, subject: str = NEW, **known: Any) -> FormPage:
    """Open the form; with what is known for a new one."""
    prefill = Prefill(**known) if known else None
    return coaching.open_form(desk.context, desk.caller(who), subject, prefill=prefill)


def save(desk: Workplace, who: str, subject: str = NEW, **given: Any) -> Appointment:
    """Save the form."""
    return coaching.save_form(desk.context, desk.caller(who), subject, **given)


def drafts(desk: Workplace) -> list[str]:
    """Everything that is kept of forms."""
    return desk.everything()["drafts"]


def filled(desk: Workplace, **changes: Any) -> dict[str, Any]:
    """All that a form needs, and more."""
    return {
        "name": "Call review",
        "description": "Two calls from last week",
        "location": "Room 4",
        "facilitator_id": desk.ids["Grace"],
        "attendee_ids": (desk.ids["Priya"],),
        "starts_at": desk.clock() + timedelta(days=2),
        "length_minutes": 45,
        "conversation_ids": ("0f8fad5b-d9cb-469f-a165-70867728950e",),
        "external_links": ("https://example.com/a",),
        "files": (AttachedFile("F1", "a.pdf", "https://files.example.com/F1"),),
    } | changes
