"""Scheduling by the form in Slack, where the answer may be lost and the submission told twice."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from bot import coaching
from bot.coaching import AppointmentQuery
from bot.sandbox import Actor, PersonRefusal, Sandbox, View
from tests.chaos.deeds import Deeds
from tests.chaos.history import Session

LENGTH_MINUTES = 15
PATIENCE_S = 3.0
SEEN_WITHIN_S = 4.0


@dataclass(frozen=True)
class Sent:
    """A form that was sent, of which it is not known what became."""

    made: Session
    starts_at: datetime
    began: float


@dataclass
class Forms:
    """Fills in forms as people do, and finds out later what became of them."""

    deeds: Deeds
    sandbox: Sandbox
    sent: int = 0
    open_ends: list[Sent] = field(default_factory=list)

    async def schedule(self, made: Session, starts_at: datetime) -> bool:
        """Schedule a session by the form; answers whether it is certain that it is there."""
        actor = self.sandbox.person(made.creator)
        for form in reversed(actor.modals):
            await actor.close(form)
        await self._fill(actor, made, starts_at)
        form = await self._showing(actor, "name-0")
        sent = Sent(made, starts_at, self.deeds.clock.now())
        self.open_ends.append(sent)
        self.sent += 1
        try:
            await actor.submit(form, self._entries(made))
        except PersonRefusal as refused:
            if refused.errors:
                # It was understood and refused, and so will a second copy be.
                self.open_ends.remove(sent)
            raise
        return await self._seen_soon(sent)

    async def _fill(self, actor: Actor, made: Session, starts_at: datetime) -> None:
        await actor.command("/coach schedule")
        form = await self._showing(actor, "name-0")
        await actor.click(form, "session_tab_schedule")
        form = await self._showing(actor, "length_minutes-0")
        actor.fill(form, {"length_minutes-0": str(LENGTH_MINUTES)})
        await actor.click(form, "session_time", starts_at)
        await asyncio.sleep(0.2)
        form = await self._showing(actor, "length_minutes-0")
        await actor.click(form, "session_tab_details")

    async def _showing(self, actor: Actor, block_id: str) -> View:
        return await actor.until(
            lambda me: me.modal if me.modal and me.modal.find_block(block_id) else None,
            seconds=PATIENCE_S,
        )

    def _entries(self, made: Session) -> dict[str, object]:
        return {
            "name-0": made.name(1),
            "description-0": "Two calls from last week",
            "attendee_ids-0": list(made.attendees),
            "facilitator_id-0": made.facilitator,
        }

    async def _seen_soon(self, sent: Sent) -> bool:
        while self.deeds.clock.now() < sent.began + SEEN_WITHIN_S:
            if await asyncio.to_thread(self.settle, sent):
                return True
            await asyncio.sleep(0.2)
        return False

    def settle(self, sent: Sent) -> bool:
        """Look whether a session was made of a form; if so it is known from now on."""
        made, caller = sent.made, self.deeds.crowd.caller(sent.made.creator)
        query = AppointmentQuery(user_ids=[caller.person_id], page_size=100)
        found = self.deeds.insist(
            lambda: coaching.list_appointments(self.deeds.context, caller, query)
        )
        ours = [each for each in found.entities if each.name == made.name(1)]
        if not ours:
            return False
        made.id = ours[0].id
        self.deeds.note_creation(made, sent.began, (1, ours[0].starts_at, ours[0].length_minutes))
        # Told twice, it must be there once.
        made.copies = len(ours)
        self.open_ends.remove(sent)
        return True
