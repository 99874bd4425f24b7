"""Finding what a person points at: a conversation, a message, a form, an element in one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.sandbox.cast import Person
from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.errors import PersonRefusal
from bot.sandbox.limits import elements_of, offered_options
from bot.sandbox.shapes import Json
from bot.sandbox.views import View
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class InMessage:
    """A place in a message."""

    conversation_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class InView:
    """A place in a form or on the home page."""

    view_id: str


Container = InMessage | InView


@dataclass(frozen=True, slots=True)
class Spot:
    """The names of an element and of the block in which it stands."""

    block_id: str
    action_id: str


def find_conversation(world: World, person: Person, conversation_id: str) -> Conversation:
    """Give a conversation in which this person is."""
    for place in world.conversations.of_person(person.id):
        if place.id == conversation_id:
            return place
    raise PersonRefusal("channel_not_found", "That conversation is not there.", status=404)


def find_message(world: World, person: Person, where: InMessage) -> tuple[Conversation, Message]:
    """Give a message that this person sees."""
    place = find_conversation(world, person, where.conversation_id)
    said = place.get_message(where.ts)
    if said is None or not said.is_seen_by(person.id):
        raise PersonRefusal("message_not_found", "That message is no longer there.", status=404)
    return place, said


def find_view(world: World, person: Person, view_id: str) -> View:
    """Give a form or home page that this person sees."""
    view = world.views.get(view_id)
    if view is None or view.owner_id != person.id:
        raise PersonRefusal("view_not_found", "That form is no longer open.", status=404)
    return view


def find_element(shown: Message | View, spot: Spot, chosen: Json) -> Json:
    """Give the element that a person uses, as it stood where they saw it.

    What is pressed while the app shows the message or view anew counts all the same: the app is
    told what was pressed, and decides whether that still means anything.
    """
    versions = (shown.blocks, *reversed(shown.earlier))
    found = [element for blocks in versions for element in _elements_at(blocks, spot)]
    if not found:
        raise PersonRefusal("element_not_found", "That is no longer there.", status=404)
    return next((element for element in found if _is_meant(element, chosen)), found[0])


def _elements_at(blocks: Sequence[Json], spot: Spot) -> Iterator[Json]:
    for block in blocks:
        if block.get("block_id") == spot.block_id:
            for element in elements_of(block):
                if element.get("action_id") == spot.action_id:
                    yield element


def _is_meant(element: Json, chosen: Json) -> bool:
    """Whether this is what was seen: a button with that value, a menu with that choice."""
    if element["type"] == "button":
        return "value" not in chosen or chosen["value"] == element.get("value")
    option = chosen.get("selected_option")
    offered = [known.get("value") for known in offered_options(element)]
    return not isinstance(option, dict) or option.get("value") in offered
