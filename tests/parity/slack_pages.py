"""Pages in Slack on which something is pressed: history, notes, free times, an undo."""

from datetime import UTC, datetime
from typing import Any, Final, assert_never

from bot.sandbox import View
from bot.sandbox.wire import payloads
from bot.slack.blocks.targets import Target, pack
from bot.slack.notes.form import Editing, Place, edit_form
from tests.parity.deeds import SHOWN, Deed, written
from tests.parity.requests import EditNote, FreeTime, History, RemoveNote, Undo
from tests.parity.slack_room import Room, account, fill, said, shown
from tests.parity.ways import Seen

WORDS: Final = {"Scheduled": "Scheduled", "In progress": "InProgress", "Completed": "Completed"}


async def asked(slack: Room, by: str, deed: Deed) -> Seen:
    """Ask as a person does in Slack."""
    if isinstance(deed, FreeTime):
        return await _free_time(slack, by, deed.whose)
    about = slack.centre.appointment(deed.about)
    match deed:
        case History():
            return await _history(slack, by, about)
        case EditNote(_, text):
            return await _edit(slack, by, Place(about, 1, slack.centre.note(deed.about)), text)
        case RemoveNote():
            place = Place(about, 1, slack.centre.note(deed.about))
            return await press(slack, by, "remove_note", pack(place))
        case Undo():
            return await press(slack, by, "status_undo", pack(Target(about)))
    assert_never(deed)


async def press(slack: Room, by: str, action_id: str, value: str) -> Seen:
    """Press a button on a page; a refusal is said on a page above it, or in its place."""
    page = await _pressed(slack, by, action_id, value)
    top = slack.sandbox.person(account(by)).modal
    assert top
    return Seen() if top is page else Seen(sentence=shown(top.blocks).sentence)


async def _pressed(slack: Room, by: str, action_id: str, value: str) -> View:
    world, person = slack.sandbox.world, slack.sandbox.person(account(by)).profile
    text = {"type": "plain_text", "text": "Press"}
    button = {"type": "button", "action_id": action_id, "value": value, "text": text}
    block = {"type": "actions", "block_id": "row", "elements": [button]}
    page = world.views.open(person.id, {"type": "modal", "title": text, "blocks": [block]})
    happened = {**button, "block_id": "row", "action_ts": "1"}
    await slack.dispatch(payloads.view_action(world, person, page, happened))
    return page


async def _history(slack: Room, by: str, about: str) -> Seen:
    world, person = slack.sandbox.world, slack.sandbox.person(account(by)).profile
    text = {"type": "plain_text", "text": "Pick"}
    menu = {"type": "external_select", "action_id": "status_pick", "min_query_length": 0}
    block = {"type": "actions", "block_id": "row", "elements": [menu]}
    page = world.views.open(person.id, {"type": "modal", "title": text, "blocks": [block]})
    chosen = {**menu, "selected_option": {"text": text, "value": about}, "action_ts": "1"}
    happened = {**chosen, "block_id": "row"}
    await slack.dispatch(payloads.view_action(world, person, page, happened))
    top = slack.sandbox.person(account(by)).modal
    assert top
    if top is not page:
        return Seen(sentence=shown(top.blocks).sentence)
    parts = [part for each in page.blocks[-1]["elements"] for part in each["elements"]]
    said_of = [each["text"] for each in parts if each.get("style", {}).get("bold")]
    return Seen(shows=tuple(WORDS[each] for each in said_of))


async def _edit(slack: Room, by: str, place: Place, text: str) -> Seen:
    world, person = slack.sandbox.world, slack.sandbox.person(account(by)).profile
    title = {"type": "plain_text", "text": "Notes"}
    below = world.views.open(person.id, {"type": "modal", "title": title, "blocks": []})
    editing = edit_form(Editing(place, below.id), "As it was")
    form = world.views.open(person.id, editing.to_dict())
    fill(form, {"text": text})
    answer = await slack.dispatch(payloads.view_submission(world, person, form))
    return said(answer) if answer else Seen()


async def _free_time(slack: Room, by: str, whose: str) -> Seen:
    view = await slack.open_form(by)
    if view.payload.get("submit") is None:
        return shown(view.blocks)
    fill(view, {"attendee_ids": [account(whose)], "facilitator_id": None})
    await slack.turn_to("schedule", by, view)
    world, person = slack.sandbox.world, slack.sandbox.person(account(by)).profile
    [(block, button)] = _elements(view, "session_check")
    happened = {**button, "block_id": block, "action_ts": "1"}
    await slack.dispatch(payloads.view_action(world, person, view, happened))
    found = _elements(view, "session_slot")
    if not found:
        return shown(view.blocks)
    return Seen(shows=tuple(_moments(found[0][1]))[:SHOWN])


def _elements(view: View, action_id: str) -> list[tuple[str, Any]]:
    return [
        (each["block_id"], element)
        for each in view.blocks
        for element in (*each.get("elements", ()), each.get("element") or {})
        if element.get("action_id") == action_id
    ]


def _moments(menu: Any) -> list[str]:
    groups = menu.get("option_groups") or [menu]
    values = [each["value"] for group in groups for each in group["options"]]
    return [written(datetime.fromtimestamp(int(each), UTC)) for each in values]
