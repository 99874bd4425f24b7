"""files.*: announcing an upload, completing it in a message, and describing a file."""

from bot.sandbox import descriptions
from bot.sandbox.api.arguments import Arguments
from bot.sandbox.api.chat import find_place
from bot.sandbox.api.contents import read_blocks
from bot.sandbox.conversations import Content, Conversation
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.file_access import may_read
from bot.sandbox.files import MOST_BYTES, File, Share
from bot.sandbox.limits import is_message_too_long
from bot.sandbox.shapes import Json
from bot.sandbox.world import World

ALT_MOST = 1000


def announce(world: World, arguments: Arguments) -> Json:
    """Give the address to which a file of this name and length may be sent once."""
    name = arguments.required("filename")
    arguments.required("length")
    size = arguments.number("length", 0)
    alt_text = arguments.text("alt_txt")
    if size <= 0 or len(alt_text) > ALT_MOST:
        raise SlackRefusal("invalid_arguments", messages=["invalid `length` or `alt_txt`"])
    if size > MOST_BYTES:
        raise SlackRefusal("file_upload_size_restricted")
    bot = world.directory.bot.id
    file, ticket = world.files.announce(bot, name, size, alt_text=alt_text)
    return {"upload_url": f"{world.url}/upload/{ticket}", "file_id": file.id}


def complete(world: World, arguments: Arguments) -> Json:
    """Finish uploads, and show all of them in one message where a conversation is named."""
    pairs = [_ready(world, item) for item in _asked(arguments)]
    place = _place(world, arguments)
    thread_ts = arguments.text("thread_ts") or None
    if thread_ts and (place is None or not place.get_message(thread_ts)):
        raise SlackRefusal("thread_not_found")
    files = tuple(file for file, _ in pairs)
    content = _content(arguments, files)
    for file, title in pairs:
        file.is_complete, file.title = True, title or file.name
    if place:
        _show(world, place, content, thread_ts)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _asked(arguments: Arguments) -> list[Json]:
    arguments.required("files")
    asked = arguments.parsed("files")
    if not isinstance(asked, list) or not asked or not all(isinstance(i, dict) for i in asked):
        raise SlackRefusal("invalid_arguments", messages=["`files` must be a list of objects"])
    if len({str(item.get("id")) for item in asked}) < len(asked):
        raise SlackRefusal("invalid_arguments", messages=["`files` names one file twice"])
    return asked


def _ready(world: World, item: Json) -> tuple[File, str]:
    file = world.files.get(str(item.get("id")))
    if file is None or file.content is None or file.is_complete:
        raise SlackRefusal("file_not_found")
    return file, str(item.get("title") or "")


def _place(world: World, arguments: Arguments) -> Conversation | None:
    channel = arguments.text("channel_id")
    if not channel:
        return None
    world.conversations.find(channel)
    return find_place(world, channel)


def _content(arguments: Arguments, files: tuple[File, ...]) -> Content:
    comment = arguments.text("initial_comment")
    if is_message_too_long(comment):
        raise SlackRefusal("msg_too_long")
    # Slack ignores the blocks where there is a comment.
    blocks = None if comment else read_blocks(arguments)
    return Content(comment, blocks or (), files=files)


def _show(world: World, place: Conversation, content: Content, thread_ts: str | None) -> None:
    bot = world.directory.bot.id
    said = world.conversations.post(place, bot, content, thread_ts=thread_ts)
    for file in content.files:
        file.shares.append(Share(place.id, place.kind == "channel", said.ts))
    world.touch(place)


def info(world: World, arguments: Arguments) -> Json:
    """Describe a file that the bot may read, and where it was shown."""
    file = world.files.find(arguments.required("file"))
    if not may_read(world, world.directory.bot.id, file):
        raise SlackRefusal("file_not_found")
    described = descriptions.file(world, file) | descriptions.shares(file)
    return {"file": described, "comments": [], "response_metadata": {"next_cursor": ""}}
