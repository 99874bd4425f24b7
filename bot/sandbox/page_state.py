"""What the page shows a person: their conversations, home page, open forms, and the time."""

import zlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.sandbox import descriptions
from bot.sandbox.api.pictures import find_picture
from bot.sandbox.cast import Person
from bot.sandbox.clock import SandboxClock
from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.files import File
from bot.sandbox.shapes import Json
from bot.sandbox.views import View
from bot.sandbox.world import World

COLOURS = ("#8e4ec6", "#0b6e99", "#2b7a3d", "#b4540a", "#a3325c", "#3b5bdb", "#5c6b1f", "#7a4a2b")
NextDue = Callable[[], datetime | None]


def people(world: World) -> Json:
    """List the team, the bot, and those one can act for."""
    cast = world.cast
    return {
        "ok": True,
        "team": {"id": cast.team_id, "name": cast.team_name},
        "bot": {"user_id": cast.bot.id, "name": cast.bot.real_name},
        "people": [person_shown(world, person) for person in world.directory.actable()],
    }


def directory(world: World) -> Json:
    """List everybody whom a picker offers, as Slack does: bots and leavers too."""
    everybody = world.directory.all()
    return {"ok": True, "people": [person_shown(world, person) for person in everybody]}


def person_shown(world: World, person: Person) -> Json:
    """Describe a person for the page."""
    words = [word for word in person.real_name.split() if word]
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:]))
    colour = COLOURS[zlib.crc32(person.id.encode()) % len(COLOURS)]
    return {
        "id": person.id,
        "name": person.handle,
        "real_name": person.real_name,
        "title": person.title,
        "tz": person.tz,
        "tz_label": descriptions.tz_label(person.tz, world.clock.now()),
        "is_admin": person.is_admin,
        "is_bot": person.is_bot,
        "deleted": person.deleted,
        "is_stranger": person.is_stranger,
        "avatar": {"initials": initials.upper(), "colour": colour},
    }


def clock_shown(clock: SandboxClock, next_due: datetime | None) -> Json:
    """Tell the sandbox's time, and when the next thing is due."""
    return {
        "now": descriptions.iso(clock.now()),
        "offset_seconds": round(clock.offset.total_seconds()),
        "next_due": descriptions.iso(next_due) if next_due else None,
    }


def state(world: World, person: Person, next_due: datetime | None) -> Json:
    """Give everything that a person sees."""
    home = world.views.home(person.id)
    return {
        "ok": True,
        "version": world.changes.version(person.id),
        "clock": clock_shown(world.clock, next_due),
        "me": person_shown(world, person),
        "conversations": [
            conversation_shown(world, place, person)
            for place in world.conversations.of_person(person.id)
        ][::-1],
        "home": view_shown(world, home, person) if home else None,
        "modals": [view_shown(world, view, person) for view in world.views.stack(person.id)],
        "shortcuts": [asdict(one) for one in world.terms.shortcuts],
        "toast": None,
    }


def conversation_shown(world: World, place: Conversation, reader: Person) -> Json:
    """Describe a conversation as one person sees it; a direct message shows the bot."""
    other = world.directory.bot if place.kind == "im" else None
    return {
        "id": place.id,
        "kind": place.kind,
        "name": world.directory.bot.real_name if other else place.name,
        "user": person_shown(world, other) if other else None,
        "messages": [message_shown(world, said, reader) for said in place.seen_by(reader.id)],
        "unread": place.unread(reader.id),
    }


def message_shown(world: World, said: Message, reader: Person) -> Json:
    """Describe a message for the page."""
    author = world.directory.get(said.user_id) or world.directory.bot
    shown: Json = {
        "ts": said.ts,
        "user": said.user_id,
        "author": person_shown(world, author),
        "text": said.content.text,
        "blocks": with_sources(world, list(said.content.blocks), reader),
        "files": [file_shown(world, one, reader) for one in said.content.files],
        "ephemeral": said.only_for is not None,
        "edited": said.edited_ts is not None,
        "sent_at": descriptions.iso(said.sent_at),
    }
    if said.thread_ts:
        shown["thread_ts"] = said.thread_ts
    if said.content.metadata:
        shown["metadata"] = said.content.metadata
    return shown


def file_shown(world: World, one: File, reader: Person) -> Json:
    """Describe a file for the page, with where the page finds it for this reader."""
    source = _source(one, reader)
    return descriptions.file(world, one) | {"src": source, "is_image": one.is_image}


def _source(one: File, reader: Person) -> str:
    return f"{one.path}?as={quote(reader.id, safe='')}"


def with_sources(world: World, shown: Any, reader: Person) -> Any:
    """Say beside every picture that is a file of the workspace where the page finds it."""
    if isinstance(shown, list):
        return [with_sources(world, item, reader) for item in shown]
    if not isinstance(shown, dict):
        return shown
    found = find_picture(world, shown.get("slack_file"))
    rest = {name: with_sources(world, item, reader) for name, item in shown.items()}
    return rest | ({"src": _source(found, reader)} if found else {})


def view_shown(world: World, view: View, reader: Person) -> Json:
    """Describe a form or home page for the page."""
    payload = view.payload
    return {
        "id": view.id,
        "type": view.kind,
        "hash": view.hash,
        "title": payload.get("title"),
        "submit": payload.get("submit"),
        "close": payload.get("close"),
        "submit_disabled": bool(payload.get("submit_disabled")),
        "blocks": with_sources(world, view.blocks, reader),
        "private_metadata": payload.get("private_metadata") or "",
        "callback_id": payload.get("callback_id") or "",
        "external_id": view.external_id,
        "state": {"values": view.values},
        "errors": view.errors,
    }
