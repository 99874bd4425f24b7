"""Requests that nobody's Slack would send: each thing listened to, with values that are made up.

What can be asked is taken from the app's own registry, so that nothing new is left out.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard

from bot.sandbox import Actor
from bot.sandbox.conversations import Message
from bot.sandbox.views import View
from bot.sandbox.wire import payloads
from bot.sandbox.wire.transport import Envelope
from bot.slack.admin import people as admin_people
from bot.slack.blocks.targets import Target, pack
from tests.slack import presses
from tests.slack.office import DANA, Office
from tests.slack.presses import ACTIONS, COMMANDS, EVENTS, OPTIONS, SHORTCUTS, VIEWS, Facts

Payload = dict[str, Any]
ABSENT: Final = object()
GONE: Final = "00000000-0000-4000-8000-000000000000"
VALUES: Final[Mapping[str, Callable[[Facts], Any]]] = {
    "absent": lambda _: ABSENT,
    "null": lambda _: None,
    "empty": lambda _: "",
    "true": lambda _: True,
    "negative": lambda _: -1,
    "huge number": lambda _: 10**40,
    "list": lambda _: [None],
    "object": lambda _: {"appointment_id": None},
    "long": lambda _: "x" * 3000,
    "deep": lambda _: "[" * 1000,
    "unicode": lambda _: "\u202e\u0000İ\ufeff🧭",
    "markup": lambda _: "<!channel> <@U0DANA> *bold* <script>&",
    "another session": lambda f: pack(Target(f.session)),
    "another's notice": lambda f: pack(Target(f.session, f.notice, delivery_id=f.deliveries[DANA])),
    "another's form": presses.carried,
    "another's note": presses.placed,
    "another person": lambda f: pack(admin_people.PersonTarget(f.office.caller(DANA).person_id)),
    "another division": presses.division,
    "a bare id": lambda f: f.session,
    "an id that is nowhere": lambda _: pack(Target(GONE, GONE, delivery_id=2**62)),
    "types inside": lambda f: json.dumps(
        {"appointment_id": [f.session], "subject": {"x": 1}, "page": -1, "delivery_id": "1"}
    ),
}


@dataclass(frozen=True)
class Forge:
    """Makes up requests of one session that the sender has nothing to do with."""

    facts: Facts
    said: Message
    secrets: Mapping[str, str]
    """What the sender must not learn, with something harmless in its place."""
    pages: dict[str, Payload] = field(default_factory=dict)
    """What was laid out already: laying out a form may keep a draft of whoever may see it."""

    def lay_out(self) -> None:
        """Lay out every page, so that nothing is stored for that later."""
        for name, line in {**OPTIONS, **ACTIONS}.items():
            if line.where != "message":
                self.pages[name] = presses.page(self.facts, line)
        for name, form in VIEWS.items():
            self.pages[f"view {name}"] = form.form(self.facts).to_dict()

    def request(self, kind: str, name: str, who: Actor, value: Any) -> Envelope:
        """Make up a request to one listener."""
        made: Envelope = getattr(self, f"_{kind}")(name, who, value)
        return made

    def _action(self, name: str, who: Actor, value: Any) -> Envelope:
        line, world = ACTIONS[name], self._office.sandbox.world
        action = _pressed(line.kind, name, value)
        profile = who.profile
        if line.where == "message":
            place = world.conversations.im_of(who.id)
            said = who.messages[-1]
            return payloads.message_action(world, profile, place, said, {"actions": [action]})
        envelope = payloads.view_action(world, profile, self._shown(name, who), action)
        return _with(envelope, ("view", "private_metadata"), value)

    def _view(self, name: str, who: Actor, value: Any) -> Envelope:
        view, world = self._laid(name, who), self._office.sandbox.world
        envelope = payloads.view_submission(world, who.profile, view)
        return _with(envelope, ("view", "private_metadata"), value)

    def _closed(self, name: str, who: Actor, value: Any) -> Envelope:
        view, world = self._laid(name, who), self._office.sandbox.world
        profile = who.profile
        envelope = payloads.view_closed(world, profile, view, is_cleared=True)
        return _with(envelope, ("view", "private_metadata"), value)

    def _options(self, name: str, who: Actor, value: Any) -> Envelope:
        world = self._office.sandbox.world
        asked = {"action_id": name, "block_id": "b", "value": value}
        asked |= payloads.asked_in_view(world, self._shown(name, who))
        profile = who.profile
        envelope = payloads.suggestion(world, profile, asked)
        return _with(_with(envelope, ("value",), value), ("view", "private_metadata"), value)

    def _shortcut(self, name: str, who: Actor, value: Any) -> Envelope:
        world, profile = self._office.sandbox.world, who.profile
        if SHORTCUTS[name].words != "message":
            return _with(payloads.shortcut(world, profile, name), ("action_ts",), value)
        place = world.conversations.im_of(who.id)
        envelope = payloads.message_shortcut(world, profile, place, self.said, name)
        return _with(envelope, ("message", "text"), value)

    def _event(self, name: str, who: Actor, value: Any) -> Envelope:
        about = EVENTS[name](self.facts)
        about["user"] = about["user"] | {"id": who.id} if is_account(about["user"]) else who.id
        if is_account(about["user"]) and value is not ABSENT:
            about["user"]["profile"] = value
        world = self._office.sandbox.world
        return _with(payloads.event(world, {"type": name, **about}), ("event", "view"), value)

    def _command(self, name: str, who: Actor, value: Any) -> Envelope:
        world = self._office.sandbox.world
        profile, place = who.profile, world.conversations.im_of(who.id)
        envelope = payloads.slash_command(world, profile, place, f"/coach {name}")
        words = f"{name} {value}" if isinstance(value, str) else value
        return _with(envelope, ("text",), words)

    def _shown(self, name: str, who: Actor) -> View:
        return self._open(who, self.pages[name])

    def _laid(self, name: str, who: Actor) -> View:
        return self._open(who, self.pages[f"view {name}"])

    def _open(self, who: Actor, payload: Payload) -> View:
        """Show the sender a page that tells nothing, so that what it tells later was told."""
        written = json.dumps(payload)
        for secret, harmless in self.secrets.items():
            written = written.replace(secret, harmless)
        views = self._office.sandbox.world.views
        lay = views.publish if payload["type"] == "home" else views.open
        return lay(who.id, json.loads(written))

    @property
    def _office(self) -> Office:
        return self.facts.office


def is_account(user: object) -> TypeGuard[Payload]:
    """Answer whether an event tells of a whole account, not of its id alone."""
    return isinstance(user, dict)


def listeners(office: Office) -> Iterator[tuple[str, str]]:
    """Everything that the app listens to, by kind and name, as it registered it itself."""
    for each in office.front.shell.registrations:
        if each.kind != "command":
            yield each.kind, each.name
        if each.kind == "view":
            yield "closed", each.name
    for word in (*office.front.shell.subcommands, *(set(COMMANDS) & {"nonsense"})):
        yield "command", word


def _pressed(kind: str, name: str, value: Any) -> Payload:
    """What Slack tells of an element, with a value that stands nowhere in it."""
    action: Payload = {"type": kind, "action_id": name, "block_id": "b", "action_ts": "1.1"}
    if kind == "button":
        return action if value is ABSENT else action | {"value": value}
    if kind == "users_select":
        return action if value is ABSENT else action | {"selected_user": value}
    if kind == "datetimepicker":
        return action if value is ABSENT else action | {"selected_date_time": value}
    chosen = {} if value is ABSENT else {"value": value}
    return action | {"selected_option": {"text": presses.plain("Pick"), **chosen}}


def _with(envelope: Envelope, place: tuple[str, ...], value: Any) -> Envelope:
    """Put a value at one place of a request, or take away what is there."""
    inner = envelope.payload
    for key in place[:-1]:
        inner = inner[key]
    if value is ABSENT:
        inner.pop(place[-1], None)
    else:
        inner[place[-1]] = value
    return envelope
