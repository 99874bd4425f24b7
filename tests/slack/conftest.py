"""A front end for each test, connected to a pretend Slack of its own."""

from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest

from bot.sandbox import Actor, Sandbox
from bot.sandbox.terms import Terms
from storage.transaction import Store
from tests.clocks import running_sandbox_clock
from tests.slack.gate import GatedHop
from tests.slack.office import DANA, PRIYA, Office, opened

UNHURRIED: Final = Terms(ack_seconds=25, trigger_seconds=25)
"""No test of what is said is one of how fast; the three seconds have tests of their own."""


@pytest.fixture
def hop() -> Iterator[GatedHop]:
    made = GatedHop()
    yield made
    made.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=running_sandbox_clock(), terms=UNHURRIED) as running:
        yield running
        assert not running.complaints


@pytest.fixture
async def office(sqlite_store: Store, sandbox: Sandbox, hop: GatedHop) -> AsyncIterator[Office]:
    async with opened(sqlite_store, sandbox, hop, patience=UNHURRIED.ack_seconds) as running:
        yield running


@pytest.fixture
async def hurried(sqlite_store: Store, sandbox: Sandbox, hop: GatedHop) -> AsyncIterator[Office]:
    """An office that says very soon that something takes a moment."""
    async with opened(sqlite_store, sandbox, hop, patience=0.1) as running:
        yield running


@pytest.fixture
def dana(office: Office) -> Actor:
    return office.person(DANA)


@pytest.fixture
def priya(office: Office) -> Actor:
    return office.person(PRIYA)
