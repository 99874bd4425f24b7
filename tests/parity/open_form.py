"""A form of a session that was left open, whatever has become of the session and of its reader.

The bot offers nobody what they may not do; a form that was opened in better times still does.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.coaching import AccessType, FormTab
from bot.sandbox.cast import Person
from bot.sandbox.views import View
from bot.sandbox.world import World
from bot.slack.session.form import CALLBACK
from bot.slack.session.frame import TYPED, Carried, carry
from tests.parity.requests import AddNote, Edit

TIME: Final = {"type": "datetimepicker", "action_id": "session_time"}
TEXT: Final = {"type": "plain_text_input", "action_id": TYPED}
LENGTH: Final = {
    "type": "static_select",
    "action_id": TYPED,
    "options": [{"text": {"type": "plain_text", "text": "so long"}, "value": "61"}],
}
BOX: Final = {"type": "checkboxes", "action_id": TYPED, "options": LENGTH["options"]}
TABS: Final[Mapping[FormTab, Mapping[str, Any]]] = {
    FormTab.DETAILS: {"name": TEXT, "description": TEXT, "location": TEXT},
    FormTab.ATTACHMENTS: {
        name: {"type": "plain_text_input", "action_id": name}
        for name in ("conversation_ids", "document_ids", "external_links")
    },
    FormTab.SCHEDULE: {"length_minutes": LENGTH, "starts_at": TIME},
    FormTab.NOTES: {"note": TEXT, "note_is_private": BOX},
}


def tab_of(wanted: Edit | AddNote) -> FormTab:
    """The tab on which something is typed; one for each request."""
    if isinstance(wanted, AddNote):
        return FormTab.NOTES
    if wanted.starts_in is not None or wanted.length is not None:
        return FormTab.SCHEDULE
    attached = (wanted.link, wanted.conversation, wanted.document)
    return FormTab.ATTACHMENTS if any(attached) else FormTab.DETAILS


def left_open(
    world: World, person: Person, subject: str, tab: FormTab, typed: Mapping[str, Any]
) -> View:
    """Put a form before somebody, with all that they type in it."""
    blocks = [_field(name, TABS[tab][name]) for name in TABS[tab] if name in typed]
    payload = {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": {"type": "plain_text", "text": "Coaching session"},
        "submit": {"type": "plain_text", "text": "Save"},
        "private_metadata": carry(Carried(subject=subject, tab=tab)),
        "blocks": blocks or [{"type": "divider"}],
    }
    return world.views.open(person.id, payload)


def _field(name: str, element: Mapping[str, Any]) -> Mapping[str, Any]:
    label = {"type": "plain_text", "text": name}
    return {"type": "input", "block_id": f"{name}-0", "label": label, "element": dict(element)}


def note_typed(wanted: AddNote) -> Mapping[str, Any]:
    """What is typed on the Notes tab."""
    ticked = [{"text": {"type": "plain_text", "text": "so long"}, "value": "private"}]
    is_private = wanted.access_type is AccessType.PRIVATE
    return {"note": wanted.text, "note_is_private": ticked if is_private else []}
