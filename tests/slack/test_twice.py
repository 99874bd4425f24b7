"""A press that reaches the bot twice changes what it changes once, without any row of its own."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import pytest
from sqlalchemy import event, select

from bot.sandbox import Actor, Sandbox
from bot.sandbox.clock import SandboxClock
from bot.sandbox.wire import payloads
from bot.sandbox.wire.transport import Envelope
from bot.slack.session.frame import TYPED
from storage.act_models import Act
from storage.base import Base
from storage.transaction import Store
from tests.clocks import TUESDAY
from tests.delivery.copying import copy_file
from tests.slack import presses
from tests.slack.conftest import UNHURRIED
from tests.slack.office import SOON, Office
from tests.slack.presses import ACTIONS, Facts, Press
from tests.slack.test_signed import signed

BOOKKEEPING: Final = frozenset({"acts", "paces", "timelines"})
RANDOM: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")
MARK: Final = re.compile(r"'mark': '[^']*'")
SUBMISSION: Final = re.compile(r"'submission': '[^']*'")
"""A form in which nothing was typed begins anew with each opening, under another token."""
DRAWN: Final = re.compile(r"'block_id': '[^']*'")
NUMBER: Final = re.compile(r"'(id|number)': \d+")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A pretend Slack of which the clock stands still."""
    async with Sandbox(clock=SandboxClock(real=lambda: TUESDAY), terms=UNHURRIED) as running:
        yield running


@pytest.fixture
async def facts(office: Office) -> Facts:
    await office.book("Call review", timedelta(minutes=75))
    await office.settle()
    return presses.gather(office)


def rows(store: Store) -> dict[str, list[str]]:
    """What is stored, but for bookkeeping."""
    with store.read() as tx:
        return {
            table.name: sorted(
                repr(dict(row)) for row in tx.session.execute(select(table)).mappings()
            )
            for table in Base.metadata.sorted_tables
            if table.name not in BOOKKEEPING
        }


def shown(actor: Actor) -> dict[str, list[str]]:
    """What somebody has before them; the Home tab is shown anew in its own time."""
    views = [repr(each.payload) for each in actor.modals]
    said = [each.words for each in actor.messages]
    return {
        "views": [DRAWN.sub("'block'", RANDOM.sub("id", each)) for each in views],
        "messages": said,
    }


def steady(stored: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is stored and shown, without the tokens of forms."""
    return {
        name: sorted(SUBMISSION.sub("token", each) for each in found)
        for name, found in stored.items()
    }


def alike(stored: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is stored, without what is drawn anew each time."""
    return {name: sorted(map(_plain, found)) for name, found in stored.items()}


def _plain(row: str) -> str:
    return NUMBER.sub("number", MARK.sub("mark", RANDOM.sub("id", row)))


def differing(some: dict[str, list[str]], others: dict[str, list[str]]) -> list[tuple[object, ...]]:
    """The rows that are in one of two and not in the other."""
    return [
        (name, sorted(set(some[name]) ^ set(others[name])), len(some[name]), len(others[name]))
        for name in some
        if some[name] != others[name]
    ]


def laid(office: Office, facts: Facts, action_id: str, line: Press) -> Envelope:
    """Lay out an element where it stands, and tell how Slack tells of its press."""
    actor, world = office.person(line.who), office.sandbox.world
    element = line.element(action_id, facts)
    action = {**element, "block_id": presses.PRESSED, "action_ts": "1.1"} | _picked(line, facts)
    if line.where == "message":
        place = world.conversations.im_of(actor.id)
        said = actor.messages[-1]
        happened = {"actions": [action]}
        return payloads.message_action(world, actor.profile, place, said, happened)
    views = world.views
    lay = views.publish if line.where == "home" else views.open
    view = lay(line.who, presses.page(facts, line))
    return payloads.view_action(world, actor.profile, view, action)


def _picked(line: Press, facts: Facts) -> dict[str, object]:
    value = line.value(facts)
    match line.kind:
        case "button":
            return {"value": value}
        case "users_select":
            return {"selected_user": value}
        case "datetimepicker":
            return {"selected_date_time": int(facts.later.timestamp())}
    return {"selected_option": {"text": presses.plain("Pick"), "value": value}}


async def bring(office: Office, envelope: Envelope, *, times: int = 1) -> None:
    """Bring a press, more than once at the same moment perhaps, and let what follows end."""
    body = urlencode({"payload": json.dumps(envelope.payload)})
    requests = [office.front.app.async_dispatch(signed(body)) for _ in range(times)]
    assert {each.status for each in await asyncio.gather(*requests)} == {200}
    await office.front.shell.running.drain(SOON)


@pytest.mark.timeout(240)
async def test_a_press_twice_changes_what_it_changes_once(office: Office, facts: Facts) -> None:
    restore, faults = copy_file(office.store), list[object]()
    began, names = office.now(), {each.name for each in office.front.shell.registrations}
    for action_id, line in ACTIONS.items():
        assert action_id in names
        seen = dict[str, dict[str, list[str]]]()
        for way in ("after another", "at once"):
            restore()
            office.sandbox.clock.move_to(began)
            envelope = laid(office, facts, action_id, line)
            await bring(office, envelope, times=2 if way == "at once" else 1)
            seen[way] = rows(office.store)
            if way == "after another":
                before = steady(seen[way] | shown(office.person(line.who)))
                await bring(office, envelope)
                after = steady(rows(office.store) | shown(office.person(line.who)))
                found = differing(before, after)
                faults += [(action_id, way, *each) for each in found]
            for left in office.person(line.who).modals[:1]:
                office.sandbox.world.views.close(left, everything=True)
        found = differing(alike(seen["after another"]), alike(seen["at once"]))
        faults += [(action_id, "at once", *each) for each in found]
    with office.store.read() as tx:
        assert tx.session.query(Act).count() == 0
    assert not faults, "\n".join(map(repr, faults))


@contextmanager
def writing(store: Store) -> Iterator[Callable[[], int]]:
    """Count the transactions that may write."""
    counted: list[bool] = []

    def begun(connection: object) -> None:
        options = connection.get_execution_options()  # type: ignore[attr-defined]
        counted.extend([True] * bool(options.get("writes")))

    event.listen(store.database.engine, "begin", begun)
    yield lambda: len(counted)
    event.remove(store.database.engine, "begin", begun)


async def test_letters_and_presses_write_what_they_change_alone(
    office: Office, facts: Facts, dana: Actor
) -> None:
    form = await office.open_form()
    with writing(office.store) as count:
        for _ in range(25):
            await dana.click(form, TYPED, "A call", block_id="name-0")
        await office.front.shell.running.drain(SOON)
        letters = count()
        envelope = laid(office, facts, "start", ACTIONS["start"])
        await bring(office, envelope)
        press = count() - letters
    assert letters <= 25, "each letter at most keeps the draft"
    assert press == 1
