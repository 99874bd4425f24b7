"""The Details tab: what a session is about, where, and who takes part."""

from collections.abc import Iterator, Sequence
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    UserMultiSelectElement,
    UserSelectElement,
)

from bot import coaching
from bot.coaching import TypedChanges
from bot.slack.blocks import kit
from bot.slack.blocks.cards import SEPARATOR
from bot.slack.blocks.words import clip, isolated
from bot.slack.session.frame import NEW, TYPED, Fields, Shown, Told, ask, fits, labelled, text_field

DELETE: Final = "session_delete"
START: Final = "session_start"
COMPLETE: Final = "session_complete"
STEPS: Final = {
    coaching.Action.START: (START, "Start"),
    coaching.Action.COMPLETE: (COMPLETE, "Complete"),
}
NAMED: Final = 20
"""How many people are named, each with the time where they are."""


def blocks(shown: Shown) -> Iterator[Block]:
    """Show the tab: fields for what may be changed, text for what may not."""
    page = shown.page
    yield from _state(page)
    yield from _words(shown) if page.may_edit else _read(page)
    yield from _pickers(shown) if page.subject == NEW else _people(page.people)
    yield from kit.row(_buttons(page))


def _state(page: coaching.FormPage) -> Iterator[Block]:
    if page.card is not None:
        status = kit.words(f"{page.card.status_words}{SEPARATOR}")
        yield kit.paragraph([(status, kit.when(page.card))])


def _words(shown: Shown) -> Iterator[Block]:
    page, typed = shown.page, shown.page.typed
    rows = (
        ("name", "Name", typed.name, page.max_name_length),
        ("description", "Description", typed.description, page.max_description_length),
        ("location", "Location", typed.location, page.max_location_length),
    )
    hints = {
        "name": "Call review",
        "description": "What you will look at together",
        "location": "A room, or how to call in",
    }
    for name, label, value, most in rows:
        if not fits(value, most):
            yield labelled(label, isolated(value))
            yield kit.small("This is too long to be changed here.")
            continue
        element = text_field(
            value, most=most, multiline=name == "description", placeholder=hints[name]
        )
        yield from ask(shown, name, label, element, optional=name == "location")


def _read(page: coaching.FormPage) -> Iterator[Block]:
    typed = page.typed
    for label, text in (
        ("Name", typed.name),
        ("Description", typed.description),
        ("Location", typed.location),
    ):
        if text:
            yield labelled(label, isolated(text))


def _pickers(shown: Shown) -> Iterator[Block]:
    page = shown.page
    accounts = {each.person_id: each.slack_user_id for each in page.people}
    picked = [accounts.get(each) for each in page.typed.attendee_ids]
    who = UserMultiSelectElement(
        action_id=TYPED,
        placeholder=kit.plain("Pick one or more people"),
        initial_users=[each for each in picked if each][: page.attendee_limit] or None,
        max_selected_items=page.attendee_limit,
    )
    leader = UserSelectElement(
        action_id=TYPED,
        placeholder=kit.plain("Nobody"),
        initial_user=accounts.get(page.typed.facilitator_id or ""),
    )
    hint = "The people to be coached."
    yield from ask(shown, "attendee_ids", "Attendees", who, hint=hint, optional=False)
    yield from ask(shown, "facilitator_id", "Facilitator", leader, hint="Who coaches.")


def _people(people: Sequence[coaching.PersonShown]) -> Iterator[Block]:
    named = [_person(each) for each in people[:NAMED]]
    more = len(people) - len(named)
    if more > 0:
        named.append(f"and {more:,} more")
    if named:
        yield labelled("Who takes part", "\n".join(named))


def _person(person: coaching.PersonShown) -> str:
    name = isolated(clip(person.name, 60))
    return f"{name} ({person.clock})" if person.clock else name


def _buttons(page: coaching.FormPage) -> list[ButtonElement]:
    actions = page.card.actions if page.card else frozenset()
    buttons = [
        kit.button(label, action_id, page.subject)
        for action, (action_id, label) in STEPS.items()
        if action in actions
    ]
    if page.may_delete:
        buttons.append(_delete(page))
    return buttons


def _delete(page: coaching.FormPage) -> ButtonElement:
    button = kit.button("Delete session", DELETE, page.subject)
    button.style = "danger"
    button.confirm = ConfirmObject(
        title=kit.plain("Delete this session?", 100),
        text=kit.plain("Everybody who takes part will be told that it won’t take place.", 300),
        confirm=kit.plain("Delete", 30),
        deny=kit.plain("Keep", 30),
        style="danger",
    )
    return button


def read(fields: Fields) -> Told:
    """Read what the tab holds."""
    changes = TypedChanges(
        name=fields.text("name"),
        description=fields.text("description"),
        location=fields.text("location"),
    )
    who, leader = fields.get("attendee_ids"), fields.get("facilitator_id")
    return Told(
        changes=changes,
        attendees=coaching.UNSET if who is None else who.selected_users,
        facilitator=coaching.UNSET if leader is None else leader.selected_user,
    )
