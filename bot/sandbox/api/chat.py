"""chat.*: saying something, changing it, taking it back."""

from bot.sandbox import descriptions
from bot.sandbox.api.arguments import Arguments
from bot.sandbox.api.contents import read_content
from bot.sandbox.api.pictures import ensure_pictures
from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.shapes import Json
from bot.sandbox.world import World


def post_message(world: World, arguments: Arguments) -> Json:
    """Say something to a person or in a channel."""
    place = find_place(world, arguments.required("channel"))
    content = read_content(arguments)
    ensure_pictures(world, content.blocks)
    thread_ts = arguments.text("thread_ts") or None
    if thread_ts and not place.get_message(thread_ts):
        raise SlackRefusal("thread_not_found")
    bot = world.directory.bot.id
    said = world.conversations.post(place, bot, content, thread_ts=thread_ts)
    world.touch(place)
    described = descriptions.message(world, said)
    return {"channel": place.id, "ts": said.ts, "message": described}


def find_place(world: World, channel: str) -> Conversation:
    """Give the conversation in which the bot may speak, or refuse."""
    person = world.directory.get(channel)
    if person and person.is_bot:
        raise SlackRefusal("cannot_dm_bot")
    place = world.conversations.find_reachable(channel)
    if not place.is_bot_member:
        raise SlackRefusal("not_in_channel")
    return place


def update(world: World, arguments: Arguments) -> Json:
    """Change what the bot said."""
    place, said = _find_message(world, arguments, refusal="cant_update_message")
    content = read_content(arguments, old=said.content)
    ensure_pictures(world, content.blocks)
    world.conversations.edit(said, content)
    world.touch(place)
    described = descriptions.message(world, said)
    return {"channel": place.id, "ts": said.ts, "text": content.text, "message": described}


def delete(world: World, arguments: Arguments) -> Json:
    """Take back what the bot said."""
    place, said = _find_message(world, arguments, refusal="cant_delete_message")
    place.messages.remove(said)
    world.touch(place)
    return {"channel": place.id, "ts": said.ts}


def _find_message(
    world: World, arguments: Arguments, *, refusal: str
) -> tuple[Conversation, Message]:
    place = world.conversations.find(arguments.required("channel"))
    said = place.get_message(arguments.required("ts"))
    if said is None or said.only_for:
        raise SlackRefusal("message_not_found")
    if said.user_id != world.directory.bot.id:
        raise SlackRefusal(refusal)
    return place, said


def post_ephemeral(world: World, arguments: Arguments) -> Json:
    """Say something that only one person sees."""
    place = find_place(world, arguments.required("channel"))
    person = world.directory.find(arguments.required("user"))
    if person.is_bot or place.person_id not in (None, person.id):
        raise SlackRefusal("user_not_in_channel")
    content = read_content(arguments)
    ensure_pictures(world, content.blocks)
    bot = world.directory.bot.id
    said = world.conversations.post(place, bot, content, only_for=person.id)
    world.changes.touch([person.id])
    return {"message_ts": said.ts}


def get_permalink(world: World, arguments: Arguments) -> Json:
    """Give the address of a message."""
    place = world.conversations.find(arguments.required("channel"))
    said = place.get_message(arguments.required("message_ts"))
    if said is None or said.only_for:
        raise SlackRefusal("message_not_found")
    host = f"https://{world.cast.domain}.slack.com"
    permalink = f"{host}/archives/{place.id}/p{said.ts.replace('.', '')}"
    return {"channel": place.id, "permalink": permalink}
