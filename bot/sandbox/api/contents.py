"""What a message may say when it comes from the bot."""

from bot.sandbox.api.arguments import Arguments
from bot.sandbox.conversations import Content
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.limits import count_characters, find_faults, is_message_too_long
from bot.sandbox.shapes import Json

BLOCKS_CHARACTERS = 13_000


def read_content(arguments: Arguments, *, old: Content | None = None) -> Content:
    """Read what a message says, or refuse it as Slack does; an edit keeps what it leaves out."""
    blocks = read_blocks(arguments)
    text = arguments.text("text")
    if old and blocks is None:
        blocks = old.blocks
        text = text if arguments.has("text") else old.text
    if is_message_too_long(text):
        raise SlackRefusal("msg_too_long")
    if not text.strip() and not blocks and not (old and old.files):
        raise SlackRefusal("no_text")
    metadata = read_metadata(arguments) if arguments.has("metadata") else old and old.metadata
    return Content(text, blocks or (), metadata or None, old.files if old else ())


def read_blocks(arguments: Arguments) -> tuple[Json, ...] | None:
    """Read the blocks of a message, or None where there are none."""
    blocks = arguments.parsed("blocks", error="invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise SlackRefusal("invalid_blocks_format")
    faults = find_faults(blocks, "message")
    if faults:
        raise SlackRefusal("invalid_blocks", messages=faults)
    if count_characters(blocks) > BLOCKS_CHARACTERS:
        raise SlackRefusal("msg_blocks_too_long")
    return tuple(blocks)


def read_metadata(arguments: Arguments) -> Json | None:
    """Read what only programs see of a message."""
    metadata = arguments.parsed("metadata", error="invalid_metadata_format")
    if metadata in (None, {}):
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackRefusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise SlackRefusal("invalid_metadata_format")
    return metadata
