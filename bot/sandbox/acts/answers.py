"""Messages with which the bot answers an act: at once, or later at its response address."""

from bot.sandbox.api.arguments import Arguments
from bot.sandbox.api.contents import read_content
from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.response_urls import ResponseUrl
from bot.sandbox.shapes import Json
from bot.sandbox.world import World


def post_answer(world: World, place: Conversation, user_id: str, body: Json) -> Message:
    """Post an answer, for the one who acted unless it says it is for all."""
    content = read_content(Arguments(body))
    only_for = None if body.get("response_type") == "in_channel" else user_id
    said = world.conversations.post(place, world.cast.bot.id, content, only_for=only_for)
    world.touch(place)
    return said


def answer_at(world: World, url: ResponseUrl, body: Json) -> None:
    """Do what the bot asks at a response address."""
    place = world.conversations.find(url.conversation_id)
    arguments = Arguments(body)
    original = place.get_message(url.message_ts) if url.message_ts else None
    if arguments.flag("delete_original"):
        place.messages.remove(_ensure(original))
    elif arguments.flag("replace_original"):
        said = _ensure(original)
        world.conversations.edit(said, read_content(arguments))
    else:
        post_answer(world, place, url.user_id, body)
    world.touch(place)


def _ensure(original: Message | None) -> Message:
    if original is None:
        raise SlackRefusal("message_not_found")
    return original
