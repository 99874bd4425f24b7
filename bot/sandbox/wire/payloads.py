"""What the bot is told, field by field as Slack tells it."""

import secrets

from bot.sandbox import descriptions
from bot.sandbox.cast import Person
from bot.sandbox.conversations import Conversation, Message, microseconds, ts_of
from bot.sandbox.shapes import Json
from bot.sandbox.views import View
from bot.sandbox.wire.transport import Envelope
from bot.sandbox.world import World

VERIFICATION_TOKEN = "sandbox-verification-token"


def event(world: World, details: Json) -> Envelope:
    """Tell of something that happened in the workspace."""
    cast = world.cast
    authorization = {
        "enterprise_id": None,
        "team_id": cast.team_id,
        "user_id": cast.bot.id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    payload = {
        "token": VERIFICATION_TOKEN,
        "team_id": cast.team_id,
        "context_team_id": cast.team_id,
        "context_enterprise_id": None,
        "api_app_id": cast.app_id,
        "event": {**details, "event_ts": now_ts(world)},
        "type": "event_callback",
        "event_id": f"Ev0{secrets.token_hex(5).upper()}",
        "event_time": int(world.clock.now().timestamp()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": secrets.token_urlsafe(24),
    }
    return Envelope("events_api", payload)


def slash_command(world: World, person: Person, place: Conversation, typed: str) -> Envelope:
    """Tell of a command; the text arrives as Slack escapes it."""
    command, _, text = typed.partition(" ")
    payload = {
        "token": VERIFICATION_TOKEN,
        "team_id": world.cast.team_id,
        "team_domain": world.cast.domain,
        "channel_id": place.id,
        "channel_name": _channel_name(place),
        "user_id": person.id,
        "user_name": person.handle,
        "command": command,
        "text": text,
        "api_app_id": world.cast.app_id,
        "is_enterprise_install": "false",
        "response_url": world.response_url(person.id, place.id),
        "trigger_id": world.triggers.mint(person.id),
    }
    return Envelope("slash_commands", payload, accepts_response_payload=True)


def message_action(
    world: World, person: Person, place: Conversation, said: Message, happened: Json
) -> Envelope:
    """Tell of a button or menu used in a message; one that few see arrives without its content."""
    container = {
        "type": "message",
        "message_ts": said.ts,
        "channel_id": place.id,
        "is_ephemeral": bool(said.only_for),
    }
    payload = _interaction(world, person, "block_actions") | {
        "container": container,
        "trigger_id": world.triggers.mint(person.id),
        "channel": {"id": place.id, "name": _channel_name(place)},
        "response_url": world.response_url(person.id, place.id, said.ts),
        **happened,
    }
    if not said.only_for:
        payload["message"] = descriptions.message(world, said)
    return Envelope("interactive", payload)


def view_action(world: World, person: Person, view: View, action: Json) -> Envelope:
    """Tell of a button or menu used in a form or on the home page."""
    payload = _interaction(world, person, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.triggers.mint(person.id, view_id=view.id),
        "view": descriptions.view(world.cast, view, values=view.values),
        "actions": [action],
    }
    return Envelope("interactive", payload)


def view_submission(world: World, person: Person, view: View) -> Envelope:
    """Tell of a form that was sent."""
    payload = _interaction(world, person, "view_submission") | {
        "trigger_id": world.triggers.mint(person.id, view_id=view.id),
        "view": descriptions.view(world.cast, view, values=view.values),
        "response_urls": [],
    }
    return Envelope("interactive", payload, accepts_response_payload=True)


def view_closed(world: World, person: Person, view: View, *, is_cleared: bool) -> Envelope:
    """Tell of a form that was closed."""
    payload = _interaction(world, person, "view_closed") | {
        "view": descriptions.view(world.cast, view, values=view.values),
        "is_cleared": is_cleared,
    }
    return Envelope("interactive", payload)


def suggestion(world: World, person: Person, asked: Json) -> Envelope:
    """Ask for the options that fit what is being typed."""
    payload = _interaction(world, person, "block_suggestion") | asked
    return Envelope("interactive", payload, accepts_response_payload=True)


def shortcut(world: World, person: Person, callback_id: str) -> Envelope:
    """Tell of a shortcut chosen from the menu of lightning."""
    payload = _interaction(world, person, "shortcut") | {
        "action_ts": now_ts(world),
        "callback_id": callback_id,
        "trigger_id": world.triggers.mint(person.id),
    }
    return Envelope("interactive", payload)


def message_shortcut(
    world: World, person: Person, place: Conversation, said: Message, callback_id: str
) -> Envelope:
    """Tell of a shortcut chosen from the menu of a message."""
    payload = _interaction(world, person, "message_action") | {
        "action_ts": now_ts(world),
        "callback_id": callback_id,
        "trigger_id": world.triggers.mint(person.id),
        "response_url": world.response_url(person.id, place.id, said.ts),
        "message_ts": said.ts,
        "channel": {"id": place.id, "name": _channel_name(place)},
        "message": descriptions.message(world, said),
    }
    return Envelope("interactive", payload)


def message_event(place: Conversation, said: Message) -> Json:
    """Describe that a person said something."""
    return {
        "type": "message",
        "user": said.user_id,
        "text": said.content.text,
        "ts": said.ts,
        "channel": place.id,
        "channel_type": place.kind,
    }


def home_of(world: World, home: View) -> Json:
    """Describe the home page that a person opened."""
    return descriptions.view(world.cast, home, values=home.values)


def asked_in_view(world: World, view: View) -> Json:
    """Describe the form in which options are wanted."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": descriptions.view(world.cast, view, values=view.values),
    }


def asked_in_message(world: World, place: Conversation, said: Message) -> Json:
    """Describe the message in which options are wanted."""
    return {
        "container": {
            "type": "message",
            "message_ts": said.ts,
            "channel_id": place.id,
            "is_ephemeral": bool(said.only_for),
        },
        "channel": {"id": place.id, "name": _channel_name(place)},
        "message": descriptions.message(world, said),
    }


def now_ts(world: World) -> str:
    """Give the sandbox's time as a ts."""
    return ts_of(microseconds(world.clock.now()))


def _interaction(world: World, person: Person, kind: str) -> Json:
    cast = world.cast
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": person.team_id or cast.team_id,
        },
        "api_app_id": cast.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": cast.team_id, "domain": cast.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel_name(place: Conversation) -> str:
    return "directmessage" if place.kind == "im" else place.name
