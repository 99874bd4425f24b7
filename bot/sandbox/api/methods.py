"""Which methods there are, and which scope each needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.sandbox.api import chat, conversations, files, users, views
from bot.sandbox.api.arguments import Arguments
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.shapes import Json
from bot.sandbox.terms import APP_TOKEN, BOT_TOKEN
from bot.sandbox.world import World

Method = Callable[[World, Arguments], Json]

METHODS: Final[Mapping[str, tuple[Method, str | None]]] = {
    "api.test": (lambda _world, arguments: {"args": arguments.given}, None),
    "auth.test": (users.auth_test, None),
    "bots.info": (users.bot, "users:read"),
    "chat.delete": (chat.delete, "chat:write"),
    "chat.getPermalink": (chat.get_permalink, None),
    "chat.postEphemeral": (chat.post_ephemeral, "chat:write"),
    "chat.postMessage": (chat.post_message, "chat:write"),
    "chat.update": (chat.update, "chat:write"),
    "conversations.history": (conversations.history, None),
    "conversations.info": (conversations.info, None),
    "conversations.open": (conversations.open_conversation, "im:write"),
    "conversations.replies": (conversations.replies, None),
    "files.completeUploadExternal": (files.complete, "files:write"),
    "files.getUploadURLExternal": (files.announce, "files:write"),
    "files.info": (files.info, "files:read"),
    "team.info": (users.team, "team:read"),
    "users.info": (users.info, "users:read"),
    "users.list": (users.list_users, "users:read"),
    "users.lookupByEmail": (users.lookup_by_email, "users:read.email"),
    "views.open": (views.open_view, None),
    "views.publish": (views.publish, None),
    "views.push": (views.push, None),
    "views.update": (views.update, None),
}
CONNECT = "apps.connections.open"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API: the method, what was passed, and by whom."""

    method: str
    arguments: Arguments
    token: str


def answer(world: World, call: Call) -> Json:
    """Do what a method does, or refuse as Slack does."""
    found = METHODS.get(call.method)
    if found is None:
        raise SlackRefusal("unknown_method", extra={"req_method": call.method})
    method, scope = found
    if call.method != "api.test":
        ensure_token(call.token, BOT_TOKEN)
    if scope:
        world.terms.ensure_scope(scope)
    return {"ok": True, **method(world, call.arguments)}


def ensure_token(token: str, expected: str) -> None:
    """Refuse a call without the right token."""
    if not token:
        raise SlackRefusal("not_authed")
    if token == expected:
        return
    if token in (BOT_TOKEN, APP_TOKEN):
        raise SlackRefusal("not_allowed_token_type")
    raise SlackRefusal("invalid_auth")
