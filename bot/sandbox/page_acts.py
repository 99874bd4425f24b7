"""The page's requests, read out of JSON and turned into acts."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.sandbox.acts import forms, talking, using
from bot.sandbox.acts.places import Container, InMessage, InView
from bot.sandbox.acts.stage import Stage
from bot.sandbox.errors import PersonRefusal
from bot.sandbox.shapes import Json

Act = Callable[[Stage, Json], Awaitable[Json | None]]


def word(body: Json, name: str) -> str:
    """Give a field that is a string, or refuse."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise PersonRefusal("invalid_request", f"The request lacks “{name}”.")
    return value


def section(body: Json, name: str) -> Json:
    """Give a field that is an object; absent is empty."""
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise PersonRefusal("invalid_request", f"“{name}” is not an object.")
    return value or {}


def container(body: Json) -> Container:
    """Read where an element stands."""
    where = section(body, "container")
    if where.get("type") == "view":
        return InView(word(where, "view_id"))
    return InMessage(word(where, "conversation"), word(where, "ts"))


def use(body: Json) -> using.Use:
    """Read which element is used, and how."""
    return using.Use(
        word(body, "block_id"),
        word(body, "action_id"),
        section(body, "action"),
        section(body, "state").get("values"),
    )


async def command(stage: Stage, body: Json) -> None:
    """Type a command."""
    await talking.type_command(stage, word(body, "as"), word(body, "conversation"), _text(body))


def _text(body: Json) -> str:
    return str(body.get("text") or "")


async def message(stage: Stage, body: Json) -> None:
    """Say something."""
    talking.say(stage, word(body, "as"), word(body, "conversation"), _text(body))


async def read(stage: Stage, body: Json) -> None:
    """Look at a conversation."""
    talking.mark_read(stage, word(body, "as"), word(body, "conversation"))


async def home(stage: Stage, body: Json) -> None:
    """Open the home page."""
    forms.open_home(stage, word(body, "as"))


async def action(stage: Stage, body: Json) -> None:
    """Use an element."""
    await using.use_element(stage, word(body, "as"), container(body), use(body))


async def options(stage: Stage, body: Json) -> Json:
    """Load the options of a menu."""
    typed = str(body.get("value") or "")
    return await using.load_options(stage, word(body, "as"), container(body), use(body), typed)


async def submit(stage: Stage, body: Json) -> None:
    """Send a form."""
    values = section(body, "state").get("values")
    await forms.submit(stage, word(body, "as"), word(body, "view_id"), values)


async def close(stage: Stage, body: Json) -> None:
    """Close a form."""
    await forms.close(stage, word(body, "as"), word(body, "view_id"))


async def shortcut(stage: Stage, body: Json) -> None:
    """Choose a shortcut, on a message or anywhere."""
    where = None
    if body.get("ts"):
        where = InMessage(word(body, "conversation"), word(body, "ts"))
    await using.take_shortcut(stage, word(body, "as"), word(body, "callback_id"), where)


ACTS: Final[Mapping[str, Act]] = {
    "command": command,
    "message": message,
    "read": read,
    "home": home,
    "action": action,
    "options": options,
    "submit": submit,
    "close": close,
    "shortcut": shortcut,
}
