"""By Slack: a signed request to the bot beside a pretend Slack, and what the person then sees."""

import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.coaching import Status
from bot.hop import Hop
from bot.sandbox import Person, Sandbox, SandboxClock, View, northwind
from bot.sandbox.conversations import Content, Message
from bot.sandbox.inputs import FIELDS
from bot.sandbox.wire import payloads
from bot.sandbox.wire.transport import Envelope
from bot.slack.cards import COMPLETE, MARK_AS_READ, START
from bot.slack.front import Front, build_front
from bot.slack.schedule_form import Filled, Notes, form
from bot.slack.targets import Target, pack
from tests.parity.centre import SUBMISSION, Centre
from tests.parity.requests import Become, Done, Line, ListOwn, MarkAsRead, Refused, Schedule
from tests.parity.ways import Seen
from tests.slack.office import SIGNING_SECRET, SOON, settings_for

FORM = "application/x-www-form-urlencoded"
FIRST_FIELD = "attendee_ids"
"""Where a refusal is shown that is about no field of the form."""
BUTTONS = {Status.IN_PROGRESS: START, Status.COMPLETED: COMPLETE}
NOTES = Notes(
    submission=SUBMISSION,
    timezone="UTC",
    lengths=(15, 30, 45, 60),
    name_most=200,
    description_most=3000,
    attendees_most=100,
)


def expected_in_slack(line: Line) -> Seen:
    """What a person must see: the sentence in its place, and nothing of codes."""
    outcome = line.in_slack or line.outcome
    match outcome:
        case Done(shows):
            return Seen(shows=shows)
        case Refused(_, _, field, sentence, concealed):
            place = field or FIRST_FIELD if isinstance(line.request, Schedule) else None
            return Seen(field=place, sentence=concealed or sentence)
    raise AssertionError(outcome)


async def by_slack(centre: Centre, line: Line) -> Seen:
    """Ask as a person does in Slack."""
    async with _slack(centre) as slack:
        match line.request:
            case Schedule():
                seen = await slack.send_form(line.by, line.request)
            case Become(about, status):
                seen = await slack.press(
                    line.by, BUTTONS[status], Target(centre.appointment(about))
                )
            case MarkAsRead(about):
                id_ = centre.notification(line.request)
                seen = await slack.press(
                    line.by, MARK_AS_READ, Target(centre.appointment(about), id_)
                )
            case ListOwn():
                seen = await slack.type_list(line.by)
            case _:
                raise AssertionError(line.request)
        assert not slack.sandbox.complaints
        assert not slack.sandbox.calls.refused()
    return seen


@asynccontextmanager
async def _slack(centre: Centre) -> AsyncIterator["_Slack"]:
    accounts = tuple(Person(account(name), name.lower(), name) for name in centre.workplace.ids)
    cast = replace(northwind(), people=accounts)
    async with Sandbox(clock=SandboxClock(real=centre.context.clock), cast=cast) as sandbox:
        hop = Hop(threads=1)
        yield _Slack(centre, sandbox, build_front(centre.context, hop, settings_for(sandbox)))
        hop.close()


def account(name: str) -> str:
    """The Slack account of somebody of the workplace."""
    return f"U{name.upper()}"


@dataclass(frozen=True)
class _Slack:
    """The pretend Slack, and the bot to which it brings its requests."""

    centre: Centre
    sandbox: Sandbox
    front: Front

    async def send_form(self, by: str, wanted: Schedule) -> Seen:
        """Send the form to schedule as it may come: filled with anything at all."""
        world, person = self.sandbox.world, self.sandbox.person(account(by)).profile
        empty = form(NOTES, Filled(starts_at=self.centre.context.clock(), length_minutes=30))
        view = world.views.open(person.id, empty.to_dict())
        _fill(view, self._typed(wanted))
        answer = await self._dispatch(payloads.view_submission(world, person, view))
        if not answer:
            return Seen()
        assert answer["response_action"] == "errors"
        [(field, sentence)] = answer["errors"].items()
        return Seen(field=field, sentence=sentence)

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

    async def press(self, by: str, action_id: str, target: Target) -> Seen:
        """Press a button on a message, wherever the message came from."""
        world, actor = self.sandbox.world, self.sandbox.person(account(by))
        place, said = self._say(by, action_id, target)
        pressed = {"actions": [{**said.blocks[-1]["elements"][0], "action_ts": said.ts}]}
        answer = await self._dispatch(
            payloads.message_action(world, actor.profile, place, said, pressed)
        )
        assert not answer
        others = [each for each in actor.messages if each is not said]
        if not others:
            assert said.edited_ts, "the message shows what was done"
            return Seen()
        [refusal] = others
        assert refusal.only_for == actor.id
        [block] = refusal.blocks
        return Seen(sentence=block["text"]["text"])

    def _say(self, by: str, action_id: str, target: Target) -> tuple[Any, Message]:
        button = {
            "type": "button",
            "action_id": action_id,
            "value": pack(target),
            "text": {"type": "plain_text", "text": "Press"},
        }
        section = {"type": "section", "text": {"type": "plain_text", "text": "A session"}}
        blocks = (section, {"type": "actions", "elements": [button]})
        conversations = self.sandbox.world.conversations
        place = conversations.im_of(account(by))
        bot = self.sandbox.world.cast.bot.id
        return place, conversations.post(place, bot, Content("A session", blocks))

    async def type_list(self, by: str) -> Seen:
        """Ask for the list of one's own sessions, done and to come."""
        world, person = self.sandbox.world, self.sandbox.person(account(by)).profile
        place = world.conversations.im_of(person.id)
        typed = f"/coach list all <@{person.id}|{person.handle}>"
        answer = await self._dispatch(payloads.slash_command(world, person, place, typed))
        return Seen(shows=tuple(_names(answer["blocks"])))

    async def _dispatch(self, envelope: Envelope) -> Any:
        """Bring a request by HTTP under Slack's signature, and let the bot finish what it began."""
        answer = await self.front.app.async_dispatch(_signed(envelope))
        assert answer.status == 200
        assert await self.front.shell.running.drain(SOON)
        return json.loads(answer.body) if answer.body else None


def _fill(view: View, typed: Mapping[str, Any]) -> None:
    for field, entries in view.values.items():
        for entry in entries.values():
            entry[FIELDS[entry["type"]][0]] = typed[field]


def _signed(envelope: Envelope) -> AsyncBoltRequest:
    is_command = envelope.kind == "slash_commands"
    fields = envelope.payload if is_command else {"payload": json.dumps(envelope.payload)}
    body, stamp = urlencode(fields), str(int(time.time()))
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
