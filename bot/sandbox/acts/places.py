"""Finding what a person points at: a conversation, a message, a form, an element in one."""

from dataclasses import dataclass

from bot.sandbox.cast import Person
from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.errors import PersonRefusal
from bot.sandbox.limits import elements_of
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


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json:
    """Give the element that a person uses."""
    for block in blocks:
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return element
    raise PersonRefusal("element_not_found", "That is no longer there.", status=404)
