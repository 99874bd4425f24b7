"""Slack as one person at a time uses it: forms, buttons and commands, and what is seen then."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from msgspec import structs
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.coaching import FormTab
from bot.hop import Hop
from bot.sandbox import Person, Sandbox, SandboxClock, View, northwind
from bot.sandbox.conversations import Content, Message
from bot.sandbox.inputs import FIELDS
from bot.sandbox.wire import payloads
from bot.sandbox.wire.transport import Envelope
from bot.slack.blocks.cards import OPEN
from bot.slack.blocks.targets import Listing, Target, pack
from bot.slack.front import Front, build_front
from bot.slack.session.details import DELETE
from bot.slack.session.frame import name_of
from tests.clocks import signed_at
from tests.parity.centre import Centre
from tests.parity.open_form import left_open, note_typed, tab_of
from tests.parity.requests import AddNote, Edit, Schedule
from tests.parity.ways import Seen
from tests.slack.office import SIGNING_SECRET, SOON, settings_for

FORM = "application/x-www-form-urlencoded"


@asynccontextmanager
async def opened(centre: Centre) -> AsyncIterator["Room"]:
    accounts = tuple(Person(account(name), name.lower(), name) for name in centre.workplace.ids)
    cast = replace(northwind(), people=accounts)
    async with Sandbox(clock=SandboxClock(real=centre.context.clock), cast=cast) as sandbox:
        hop = Hop(threads=1)
        yield Room(centre, sandbox, build_front(centre.context, hop, settings_for(sandbox)))
        hop.close()


def account(name: str) -> str:
    """The Slack account of somebody of the workplace."""
    return f"U{name.upper()}"


@dataclass(frozen=True)
class Room:
    """The pretend Slack, and the bot to which it brings its requests."""

    centre: Centre
    sandbox: Sandbox
    front: Front

    async def send_form(self, by: str, wanted: Schedule) -> Seen:
        """Fill in the form, tab by tab, as it may come: with anything at all; then send it."""
        world, actor = self.sandbox.world, self.sandbox.person(account(by))
        view = await self.open_form(by)
        if not view.payload.get("submit"):
            [block] = view.blocks
            return Seen(sentence=block["text"]["text"])
        fill(view, self._typed(wanted))
        tabs = ("schedule", "attachments") if wanted.link is not None else ("schedule",)
        for tab in tabs:
            await self.turn_to(tab, by, view)
            fill(view, self._typed(wanted))
        answer = await self.dispatch(payloads.view_submission(world, actor.profile, view))
        return said(answer) if answer else Seen()

    async def open_form(self, by: str) -> View:
        """Open the form for a new session, or what is said in its place."""
        world, actor = self.sandbox.world, self.sandbox.person(account(by))
        place = world.conversations.im_of(actor.id)
        await self.dispatch(payloads.slash_command(world, actor.profile, place, "/coach schedule"))
        assert actor.modal
        return actor.modal

    async def turn_to(self, tab: str, by: str, view: View) -> None:
        """Turn to another tab of the form."""
        world, person = self.sandbox.world, self.sandbox.person(account(by)).profile
        [tabs] = [each for each in view.blocks if each["block_id"] == "tabs"]
        name = f"session_tab_{tab}"
        [button] = [each for each in tabs["elements"] if each["action_id"] == name]
        pressed = {**button, "block_id": "tabs", "action_ts": "1"}
        await self.dispatch(payloads.view_action(world, person, view, pressed))

    def _typed(self, wanted: Schedule) -> Mapping[str, Any]:
        words = {"type": "plain_text", "text": "so long"}
        starts_at = self.centre.context.clock() + wanted.starts_in
        return {
            "attendee_ids": [account(each) for each in wanted.attendees],
            "facilitator_id": account(wanted.facilitator) if wanted.facilitator else None,
            "name": wanted.name,
            "description": wanted.description,
            "starts_at": int(starts_at.timestamp()),
            "length_minutes": {"text": words, "value": str(wanted.length)},
            "location": wanted.location,
            "external_links": wanted.link,
        }

    async def edit(self, by: str, wanted: Edit) -> Seen:
        """Send a form that was left open, with one tab filled in."""
        starts_in = wanted.starts_in
        moment = self.centre.context.clock() + (starts_in or timedelta())
        words = {"type": "plain_text", "text": "so long"}
        typed = {
            "name": wanted.name,
            "description": wanted.description,
            "location": wanted.location,
            "starts_at": None if starts_in is None else int(moment.timestamp()),
            "length_minutes": {"text": words, "value": str(wanted.length)},
            "external_links": wanted.link,
            "conversation_ids": wanted.conversation,
            "document_ids": wanted.document,
        }
        told = {name: value for name, value in typed.items() if value is not None}
        if wanted.length is None:
            del told["length_minutes"]
        return await self._send(by, self.centre.appointment(wanted.about), tab_of(wanted), told)

    async def write(self, by: str, wanted: AddNote) -> Seen:
        """Send a form that was left open, with a note typed in it."""
        about = self.centre.appointment(wanted.about)
        return await self._send(by, about, tab_of(wanted), note_typed(wanted))

    async def _send(self, by: str, about: str, tab: FormTab, typed: Mapping[str, Any]) -> Seen:
        world, person = self.sandbox.world, self.sandbox.person(account(by)).profile
        view = left_open(world, person, about, tab, typed)
        fill(view, typed)
        answer = await self.dispatch(payloads.view_submission(world, person, view))
        return said(answer) if answer else Seen()

    async def delete(self, by: str, about: str) -> Seen:
        """Press the button that deletes, on a form that was left open."""
        world, person = self.sandbox.world, self.sandbox.person(account(by)).profile
        view = left_open(world, person, about, FormTab.DETAILS, {})
        pressed = {
            "type": "button",
            "block_id": "any",
            "action_id": DELETE,
            "value": about,
            "action_ts": "1",
        }
        await self.dispatch(payloads.view_action(world, person, view, pressed))
        seen = shown(view.blocks)
        return Seen() if seen.sentence and "is deleted" in seen.sentence else seen

    async def open(self, by: str, target: Target) -> Seen:
        """Press the button that opens a session."""
        await self._press(by, OPEN, target)
        view = self.sandbox.person(account(by)).modal
        assert view
        named = [each for each in view.blocks if each["type"] == "header"]
        return Seen(shows=(_bare(named[0]["text"]["text"]),)) if named else shown(view.blocks)

    async def press(self, by: str, action_id: str, target: Target) -> Seen:
        """Press a button on one’s message about the session, or on a list for want of one."""
        said = await self._press(by, action_id, target)
        others = [each for each in self.sandbox.person(account(by)).messages if each is not said]
        if not others:
            assert said.edited_ts, "what it stood on shows what was done"
            return Seen()
        [refusal] = others
        assert refusal.only_for == account(by)
        [block] = refusal.blocks
        return Seen(sentence=block["text"]["text"])

    async def _press(self, by: str, action_id: str, target: Target) -> Message:
        world, actor = self.sandbox.world, self.sandbox.person(account(by))
        place, said = self._say(by, action_id, target)
        pressed = {"actions": [{**said.blocks[-1]["elements"][0], "action_ts": said.ts}]}
        answer = await self.dispatch(
            payloads.message_action(world, actor.profile, place, said, pressed)
        )
        assert not answer
        return said

    def _say(self, by: str, action_id: str, target: Target) -> tuple[Any, Message]:
        own = self.centre.told(by, target.appointment_id)
        stands: dict[str, Any] = {"listing": Listing("all")}
        if own is not None:
            stands = dict(zip(("delivery_id", "mark"), own, strict=True))
        button = {
            "type": "button",
            "action_id": action_id,
            "value": pack(structs.replace(target, **stands)),
            "text": {"type": "plain_text", "text": "Press"},
        }
        section = {"type": "section", "text": {"type": "plain_text", "text": "A session"}}
        content = Content("A session", (section, {"type": "actions", "elements": [button]}))
        conversations, bot = self.sandbox.world.conversations, self.sandbox.world.cast.bot.id
        place = conversations.im_of(account(by))
        only_for = account(by) if own is None else None
        return place, conversations.post(place, bot, content, only_for=only_for)

    async def type_list(self, by: str, whose: str) -> Seen:
        """Ask for the list of somebody's sessions, done and to come."""
        answer = await self._type(by, f"list all {self._mention(whose)}")
        return Seen(shows=tuple(_names(answer["blocks"])))

    async def type_report(self, by: str, whose: str) -> Seen:
        """Ask how somebody's coaching goes."""
        answer = await self._type(by, f"report {self._mention(whose)}")
        blocks = answer["blocks"]
        if blocks[0]["type"] != "header":
            return shown(blocks)
        return Seen(shows=(blocks[1]["text"]["text"].split()[0].replace("No", "0"),))

    def _mention(self, whose: str) -> str:
        profile = self.sandbox.person(account(whose)).profile
        return f"<@{profile.id}|{profile.handle}>"

    async def _type(self, by: str, typed: str) -> Any:
        world, person = self.sandbox.world, self.sandbox.person(account(by)).profile
        place = world.conversations.im_of(person.id)
        return await self.dispatch(payloads.slash_command(world, person, place, f"/coach {typed}"))

    async def dispatch(self, envelope: Envelope) -> Any:
        """Bring a request by HTTP under Slack's signature, and let the bot finish what it began."""
        answer = await self.front.app.async_dispatch(_signed(envelope))
        assert answer.status == 200
        assert await self.front.shell.running.drain(SOON)
        return json.loads(answer.body) if answer.body else None


def fill(view: View, typed: Mapping[str, Any]) -> None:
    """Type in a form, whatever it allows."""
    for block, entries in view.values.items():
        for entry in entries.values():
            if name_of(block) in typed:
                entry[FIELDS[entry["type"]][0]] = typed[name_of(block)]


def said(answer: Any) -> Seen:
    """Read a refusal: beneath a field, or on the tab that is brought up."""
    if answer["response_action"] == "errors":
        [(block, sentence)] = answer["errors"].items()
        return Seen(field=name_of(block), sentence=sentence)
    assert answer["response_action"] == "update"
    return shown(answer["view"]["blocks"])


def shown(blocks: Any) -> Seen:
    """Read what stands on a page: what is wrong on it, or why there is no form any more."""
    trouble = [each for each in blocks if name_of(each.get("block_id", "")) == "problem"]
    if not trouble:
        return Seen(sentence=blocks[0]["text"]["text"])
    field = trouble[0]["block_id"].partition("-")[2]
    sentence = trouble[0]["elements"][0]["text"].removeprefix("⚠️ ")
    return Seen(field=field or None, sentence=sentence)


def _bare(name: str) -> str:
    """Take off the marks that keep the direction of writing."""
    return name.strip("\u2068\u2069")


def _signed(envelope: Envelope) -> AsyncBoltRequest:
    is_command = envelope.kind == "slash_commands"
    fields = envelope.payload if is_command else {"payload": json.dumps(envelope.payload)}
    body, stamp = urlencode(fields), signed_at()
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=body)
    headers: dict[str, Any] = {
        "content-type": FORM,
        "x-slack-signature": signature,
        "x-slack-request-timestamp": stamp,
    }
    return AsyncBoltRequest(body=body, headers=headers)


def _names(blocks: Any) -> Iterator[str]:
    """Find the names of the sessions in a list: the first words of each."""
    for block in blocks:
        if block["type"] == "rich_text":
            first = block["elements"][0]["elements"][0]
            if first.get("style", {}).get("bold"):
                yield first["text"]
