"""A contact centre whose bot runs in processes of its own: what is promised, and what arrived."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot import coaching
from bot.coaching import Caller, Context, NewAppointment, Source
from bot.sandbox import Sandbox
from storage import models
from storage.transaction import Store
from storage.types import ActionType, DeliveryState
from tests.clocks import true_now, working_noon
from tests.coaching.workplace import NEVER_QUIET
from tests.databases import opened

DANA = "U0DANA"


@dataclass
class Centre:
    """One database, and the pretend Slack that its bots speak to."""

    sandbox: Sandbox
    store: Store

    @property
    def context(self) -> Context:
        return Context(store=self.store, clock=true_now, policy=NEVER_QUIET)

    def schedule(self, count: int) -> None:
        """Let Dana schedule so many sessions, by turns with everybody, who are to be told of it."""
        self._wait_for_people()
        with self.store.begin() as tx:
            dana = tx.people.by_slack(DANA)
            assert dana
            tx.people.replace_grants(dana.id, {("Supervisor", dana.division_id)})
        people = [
            each.person
            for each in coaching.members(self.context)
            if each.person.standing is coaching.Standing.MEMBER and each.person.id != dana.id
        ]
        caller = Caller(dana.id, Source.REST)
        for number in range(count):
            person = people[number % len(people)]
            starts_at = working_noon() + timedelta(days=number // len(people))
            request = NewAppointment(
                name="Call review",
                description="Two calls from last week",
                starts_at=starts_at,
                length_minutes=30,
                attendee_ids=[person.id],
            )
            coaching.schedule(self.context, caller, request)

    def _wait_for_people(self, *, seconds: float = 30) -> None:
        """Wait until a replica has made the workspace known, which it does in the background."""
        until = time.monotonic() + seconds
        while not coaching.people_by_slack(self.context, [DANA]):
            assert time.monotonic() < until, "nobody became known"
            time.sleep(0.05)

    def states(self) -> dict[int, DeliveryState]:
        """How far the notices have come."""
        table = models.Delivery
        query = select(table.id, table.state).where(table.kind == ActionType.CREATE)
        with self.store.read() as tx:
            return {row.id: row.state for row in tx.session.execute(query)}

    def arrived(self) -> Counter[int]:
        """Count the messages that people see, by the delivery whose mark they carry."""
        with self.store.read() as tx:
            rows = tx.session.execute(select(models.Delivery.mark, models.Delivery.id))
            ids = {row.mark: row.id for row in rows}
        found: Counter[int] = Counter()
        for conversation in self.sandbox.world.conversations:
            for message in conversation.messages:
                payload = (message.content.metadata or {}).get("event_payload") or {}
                if "mark" in payload:
                    found[ids[payload["mark"]]] += 1
        return found

    async def until(self, is_so: Callable[[], bool], *, seconds: float = 30) -> None:
        """Wait for something to be so."""
        async with asyncio.timeout(seconds):
            while True:
                if is_so():
                    return
                await asyncio.sleep(0.05)

    async def until_all_arrived(self, *, seconds: float = 30) -> None:
        """Wait until every notice is settled as sent, and see that each is there once."""
        await self.until(
            lambda: set(self.states().values()) == {DeliveryState.SENT}, seconds=seconds
        )
        assert self.arrived() == Counter(self.states().keys())

    def called(self, method: str) -> int:
        """Count the calls of a method that came to an end."""
        return len(self.sandbox.calls.to(method))


@contextmanager
def centre_at(sandbox: Sandbox, address: str) -> Iterator[Centre]:
    """Look into the database of a centre."""
    with opened(address) as store:
        yield Centre(sandbox, store)
