"""With a slow database, whatever somebody does is taken in three seconds, and done afterwards."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ParamSpec, TypeVar

import pytest
from sqlalchemy import event

from bot import coaching
from bot.hop import Hop
from bot.sandbox import Sandbox
from bot.sandbox.wire import payloads
from bot.slack.admin.person_form import Carried
from bot.slack.blocks.targets import pack
from storage.transaction import Store
from tests.slack import presses
from tests.slack.gate import GatedHop
from tests.slack.office import ALEX, DANA, PRIYA, Office, opened
from tests.slack.presses import ACTIONS, COMMANDS, EVENTS, OPTIONS, SHORTCUTS, VIEWS, Facts

P = ParamSpec("P")
T = TypeVar("T")
IN_TIME = 3.0
SLOW = 5.0


class Watched(GatedHop):
    """A gated hop that remembers how often it went well, and everything that was raised in it."""

    def __init__(self) -> None:
        super().__init__()
        self.went_well = 0
        self.raised: list[BaseException] = []

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            found = await super().__call__(function, *args, **kwargs)
        except Exception as error:
            self.raised.append(error)
            raise
        self.went_well += 1
        return found


@pytest.fixture
def hop() -> Iterator[Watched]:
    made = Watched()
    yield made
    made.close()


@pytest.fixture
async def facts(hurried: Office) -> Facts:
    """An office that says early that something takes a moment, with one session in it."""
    await hurried.book("Call review", timedelta(minutes=75))
    await hurried.settle()
    return presses.gather(hurried)


@pytest.fixture
async def ensure(facts: Facts, hop: Watched, caplog: pytest.LogCaptureFixture) -> "Ensure":
    return Ensure(facts.office, hop, caplog)


class Ensure:
    """Does something while the gate is shut, and holds the bot to its answer and to the rest."""

    def __init__(self, office: Office, hop: Watched, caplog: pytest.LogCaptureFixture) -> None:
        self._office = office
        self._hop = hop
        self._caplog = caplog

    async def __call__(self, doing: Awaitable[object]) -> None:
        self._hop.went_well, before = 0, len(self._office.sandbox.complaints)
        with self._hop.shut():
            began = time.monotonic()
            await doing
            assert time.monotonic() - began < IN_TIME
            await asyncio.wait_for(self._hop.reached(), IN_TIME)
            assert self._hop.went_well == 0, "nothing was done yet"
        await self._office.settle()
        assert self._hop.raised == []
        assert self._hop.went_well > 0, "what was asked for is done"
        assert len(self._office.sandbox.complaints) == before
        errors = [each for each in self._caplog.records if each.levelno >= logging.ERROR]
        assert errors == []


def test_everything_that_is_listened_to_has_a_line(office: Office) -> None:
    shell = office.front.shell
    lines = [
        *(("action", each) for each in ACTIONS),
        *(("view", each) for each in VIEWS),
        *(("options", each) for each in OPTIONS),
        *(("shortcut", each) for each in SHORTCUTS),
        *(("event", each) for each in EVENTS),
        ("command", "/coach"),
    ]
    assert sorted(lines) == sorted((each.kind, each.name) for each in shell.registrations)
    assert set(COMMANDS) - {"nonsense"} == set(shell.subcommands)


@pytest.mark.parametrize("word", COMMANDS)
async def test_every_command_is_answered_in_time(facts: Facts, ensure: Ensure, word: str) -> None:
    line = COMMANDS[word]
    actor = facts.office.person(line.who)
    await ensure(actor.command(f"/coach {word} {line.words}".strip()))


@pytest.mark.parametrize("action_id", ACTIONS)
async def test_every_press_is_taken_in_time(facts: Facts, ensure: Ensure, action_id: str) -> None:
    line, office = ACTIONS[action_id], facts.office
    actor = office.person(line.who)
    element = line.element(action_id, facts)
    await office.settle()
    chosen = line.chosen(facts)
    block = {"type": "actions", "block_id": presses.PRESSED, "elements": [element]}
    if line.where == "message":
        message = actor.messages[-1]
        message.content = type(message.content)(message.content.text, (block,))
        await ensure(actor.click(message, action_id, chosen, block_id=presses.PRESSED))
        return
    payload = presses.page(facts, line)
    payload["blocks"].append(block)
    views = office.sandbox.world.views
    lay = views.publish if line.where == "home" else views.open
    view = lay(line.who, payload)
    await ensure(actor.click(view, action_id, chosen, block_id=presses.PRESSED))


@pytest.mark.parametrize("callback_id", VIEWS)
async def test_every_form_is_taken_in_time(facts: Facts, ensure: Ensure, callback_id: str) -> None:
    line = VIEWS[callback_id]
    payload = line.form(facts).to_dict()
    assert payload["callback_id"] == callback_id
    view = facts.office.sandbox.world.views.open(line.who, payload)
    actor = facts.office.person(line.who)
    typed = dict(line.typed or {})
    if callback_id == "add_note":
        [name] = [each["block_id"] for each in view.blocks if each["block_id"].startswith("text")]
        typed = {name: "Well done"}
    await ensure(actor.submit(view, typed))


@pytest.mark.parametrize("action_id", OPTIONS)
async def test_every_menu_offers_something_in_time(
    facts: Facts, ensure: Ensure, action_id: str
) -> None:
    line = OPTIONS[action_id]
    element = line.element(action_id, facts)
    payload = presses.page(facts, line)
    payload["blocks"].append({"type": "actions", "block_id": "b", "elements": [element]})
    payload["private_metadata"] = pack(
        Carried("V0", person_id=facts.office.caller(PRIYA).person_id)
    )
    view = facts.office.sandbox.world.views.open(line.who, payload)
    await ensure(facts.office.person(line.who).suggest(view, action_id, ""))


@pytest.mark.parametrize("callback_id", SHORTCUTS)
async def test_every_shortcut_is_taken_in_time(
    facts: Facts, ensure: Ensure, callback_id: str
) -> None:
    dana = facts.office.person(DANA)
    message = await facts.office.person(PRIYA).say("Hello", conversation="C0GENERAL")
    about = message if SHORTCUTS[callback_id].words == "message" else None
    await ensure(dana.shortcut(callback_id, about))


@pytest.mark.parametrize("name", EVENTS)
async def test_every_event_is_taken_in_time(facts: Facts, ensure: Ensure, name: str) -> None:
    world = facts.office.sandbox.world
    envelope = payloads.event(world, {"type": name, **EVENTS[name](facts)})
    await ensure(facts.office.sandbox.dispatcher.ask(envelope))


@contextmanager
def sleeping(store: Store) -> Iterator[None]:
    """Let every transaction wait for its connection."""

    def taken(*_: object) -> None:
        time.sleep(SLOW)

    event.listen(store.database.engine, "checkout", taken)
    try:
        yield
    finally:
        event.remove(store.database.engine, "checkout", taken)


async def test_a_database_that_sleeps_five_seconds_keeps_nobody_waiting(
    sqlite_store: Store, sandbox: Sandbox
) -> None:
    """As installed: the patience of the bot itself, and nothing that stands in for the database."""
    roomy = Hop(threads=16)
    async with opened(sqlite_store, sandbox, roomy) as office:
        await office.book("Call review", timedelta(minutes=30))
        await office.settle()
        dana, priya = office.person(DANA), office.person(PRIYA)
        with sleeping(sqlite_store):
            await asyncio.gather(
                in_time(office.person(ALEX).command("/coach list all")),
                in_time(priya.command("/coach inbox")),
                in_time(dana.click(dana.messages[-1], "start")),
            )
            assert "Still working" in office.person(ALEX).messages[-1].words
            assert await office.front.shell.running.drain(10 * timedelta(seconds=SLOW))
        assert "Call review" in office.person(ALEX).messages[-1].words
        assert "Inbox" in priya.messages[-1].words
        assert office.cards()[0].status is coaching.Status.IN_PROGRESS
    roomy.close()


async def in_time(doing: Awaitable[object]) -> None:
    """Do something, and hold the answer to it to what Slack waits."""
    began = time.monotonic()
    await doing
    assert time.monotonic() - began < IN_TIME
