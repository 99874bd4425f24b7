"""conversations.*: opening direct messages and reading what was said."""

from bot.sandbox import descriptions
from bot.sandbox.api.arguments import Arguments, missing
from bot.sandbox.api.paging import page_of
from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.shapes import Json
from bot.sandbox.world import World

HISTORY_DEFAULT = 100
HISTORY_MOST = 999


def open_conversation(world: World, arguments: Arguments) -> Json:
    """Open the direct message with one person."""
    if arguments.text("channel"):
        place = world.conversations.find(arguments.text("channel"))
    else:
        place = _open_with(world, arguments.text("users"))
    described: Json = {"id": place.id}
    if arguments.flag("return_im"):
        described = descriptions.conversation(world, place)
    return {"no_op": True, "already_open": True, "channel": described}


def _open_with(world: World, users: str) -> Conversation:
    ids = [user_id.strip() for user_id in users.split(",") if user_id.strip()]
    if not ids:
        raise missing("users")
    if len(ids) > 1:
        world.terms.ensure_scope("mpim:write")
        raise SlackRefusal("method_not_supported_for_channel_type")
    person = world.directory.find(ids[0])
    if person.is_bot:
        raise SlackRefusal("cannot_dm_bot")
    if person.deleted:
        raise SlackRefusal("user_disabled")
    return world.conversations.im_of(person.id)


def info(world: World, arguments: Arguments) -> Json:
    """Describe a conversation."""
    place = world.conversations.find(arguments.required("channel"))
    world.terms.ensure_scope("im:read" if place.kind == "im" else "channels:read")
    return {"channel": descriptions.conversation(world, place)}


def history(world: World, arguments: Arguments) -> Json:
    """Read what was said, the newest first."""
    place = _readable(world, arguments)
    said = [m for m in _between(place, arguments) if not m.thread_ts or m.thread_ts == m.ts]
    return _page(world, arguments, said[::-1])


def replies(world: World, arguments: Arguments) -> Json:
    """Read a thread, the oldest first."""
    place = _readable(world, arguments)
    ts = arguments.required("ts")
    if not place.get_message(ts):
        raise SlackRefusal("thread_not_found")
    said = [m for m in _between(place, arguments) if ts in (m.ts, m.thread_ts)]
    return _page(world, arguments, said)


def _readable(world: World, arguments: Arguments) -> Conversation:
    place = world.conversations.find(arguments.required("channel"))
    world.terms.ensure_scope("im:history" if place.kind == "im" else "channels:history")
    if not place.is_bot_member:
        raise SlackRefusal("not_in_channel")
    return place


def _between(place: Conversation, arguments: Arguments) -> list[Message]:
    oldest = _read_ts(arguments, "oldest", 0.0)
    latest = _read_ts(arguments, "latest", float("inf"))
    with_ends = arguments.flag("inclusive")

    def is_between(message: Message) -> bool:
        ts = float(message.ts)
        return oldest < ts < latest or (with_ends and ts in (oldest, latest))

    return [m for m in place.messages if not m.only_for and is_between(m)]


def _read_ts(arguments: Arguments, name: str, default: float) -> float:
    value = arguments.text(name)
    if not value:
        return default
    try:
        return float(value)
    except ValueError:
        raise SlackRefusal(f"invalid_ts_{name}") from None


def _page(world: World, arguments: Arguments, said: list[Message]) -> Json:
    limit = arguments.number("limit", HISTORY_DEFAULT)
    if not 1 <= limit <= HISTORY_MOST:
        raise SlackRefusal("invalid_limit")
    shown, cursor = page_of(said, cursor=arguments.text("cursor"), limit=limit)
    with_metadata = arguments.flag("include_all_metadata")
    messages = [descriptions.message(world, m, with_metadata=with_metadata) for m in shown]
    body: Json = {"messages": messages, "has_more": bool(cursor), "pin_count": 0}
    if cursor:
        body["response_metadata"] = {"next_cursor": cursor}
    return body
