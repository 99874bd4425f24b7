"""People at work, at random: each lane does one thing after another to sessions of its own."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.coaching import CoachingError
from bot.sandbox import Actor, Message, PersonRefusal, Sandbox
from tests.chaos.deeds import Deeds
from tests.chaos.forms import Forms
from tests.chaos.history import Session

COMPLETE = "complete"
MARK_AS_READ = "mark_as_read"
FORM_SHARE = 0.25
"""What part of all sessions is scheduled by the form in Slack."""
COMMANDS = ("/coach help", "/coach inbox", "/coach next", "/coach status")
CHOICES = (None, ("6m", "2m"), ("5m",), ("8m", "4m", "2m"), ("2m", "1m"))
CLICK_S = 6.0


@dataclass(frozen=True)
class Habit:
    """How busy people are, in the run's own minutes where it says so."""

    each_second: float
    open_sessions: int
    soonest: int = 3
    latest: int = 14
    lengths: tuple[int, ...] = (1, 2, 3)


@dataclass
class Lane:
    """Does one thing after another, chosen by its own dice."""

    number: int
    lanes: int
    dice: random.Random
    deeds: Deeds
    sandbox: Sandbox
    habit: Habit
    forms: Forms
    own: list[Session] = field(default_factory=list)
    done: int = 0
    refused: int = 0
    thought_of: int = 0

    async def work(self, until: float) -> None:
        """Act until so many seconds of the run are over."""
        clock = self.deeds.clock
        while clock.now() < until:
            await asyncio.sleep(self.dice.expovariate(self.habit.each_second))
            try:
                await self._act()
                self.done += 1
            except (CoachingError, PersonRefusal, TimeoutError, LookupError):
                self.refused += 1

    async def _act(self) -> None:
        running = [each for each in self.own if each.status not in ("complete", "delete")]
        if len(running) < self.habit.open_sessions and self.dice.random() < 0.4:
            await self._schedule()
            return
        acts = (self._rename, self._move, self._start_or_reset, self._complete, self._delete)
        others = (self._note, self._choose, self._read)
        in_slack = (self._command, self._click, self._look_at_home)
        kind = self.dice.choices(range(11), weights=(4, 4, 2, 3, 3, 2, 2, 1, 2, 3, 2))[0]
        if kind >= 8:
            await in_slack[kind - 8]()
        elif kind >= 5:
            await self._thread(others[kind - 5])
        elif running:
            made = self.dice.choice(running)
            await self._thread(lambda: acts[kind](made))

    async def _thread(self, doing: Callable[[], None]) -> None:
        await asyncio.to_thread(doing)

    async def _schedule(self) -> None:
        made, starts_at, minutes = self._think_of(), self._soon(), self._length()
        made.by_form = self.dice.random() < FORM_SHARE
        if made.by_form:
            is_there = await self.forms.schedule(made, starts_at)
        else:
            is_there = await asyncio.to_thread(self.deeds.schedule, made, starts_at, minutes)
        if is_there:
            self.own.append(made)

    def _think_of(self) -> Session:
        crowd, dice = self.deeds.crowd, self.dice
        creator = dice.choice(crowd.leaders)
        facilitator = dice.choice([creator, creator, dice.choice(crowd.leaders), None])
        attendees = tuple(dice.sample(crowd.agents, dice.choice((1, 1, 2))))
        self.thought_of += 1
        number = self.thought_of * self.lanes + self.number
        return Session(number, "", creator, facilitator, attendees)

    def _soon(self) -> datetime:
        ahead = timedelta(minutes=self.dice.randint(self.habit.soonest, self.habit.latest))
        return (self.deeds.clock() + ahead).replace(second=0, microsecond=0)

    def _length(self) -> int:
        return self.dice.choice(self.habit.lengths)

    def _leader_for(self, made: Session) -> str:
        leaders = [each for each in sorted(made.related) if each in self.deeds.crowd.leaders]
        return self.dice.choice([*leaders, self.dice.choice(self.deeds.crowd.leaders)])

    def _rename(self, made: Session) -> None:
        if made.is_open:
            self.deeds.change(made, self._leader_for(made))

    def _move(self, made: Session) -> None:
        if made.is_open:
            who, minutes = self._leader_for(made), self._length()
            self.deeds.change(made, who, starts_at=self._soon(), minutes=minutes)

    def _start_or_reset(self, made: Session) -> None:
        self.deeds.become(made, self._leader_for(made), "start" if made.is_open else "reset")

    def _complete(self, made: Session) -> None:
        self.deeds.become(made, self._leader_for(made), "complete")

    def _delete(self, made: Session) -> None:
        if made.is_open:
            self.deeds.delete(made, self._leader_for(made))

    def _note(self) -> None:
        if self.own:
            made = self.dice.choice(self.own[-20:])
            if made.status != "delete":
                self.deeds.note(made, self._leader_for(made))

    def _choose(self) -> None:
        who = self.dice.choice(self.deeds.crowd.everybody)
        # One lane decides for one person, so that it is certain which choice was the last.
        if self.deeds.crowd.everybody.index(who) % self.lanes == self.number:
            self.deeds.choose(who, self.dice.choice(CHOICES))

    def _read(self) -> None:
        self.deeds.read_all(self.dice.choice(self.deeds.crowd.everybody))

    async def _command(self) -> None:
        actor = self.sandbox.person(self.dice.choice(self.deeds.crowd.everybody))
        await actor.command(self.dice.choice(COMMANDS))

    async def _look_at_home(self) -> None:
        await self.sandbox.person(self.dice.choice(self.deeds.crowd.everybody)).open_home()

    async def _click(self) -> None:
        """Press a button of a message that asks for a session to be completed, or to be read."""
        for made in reversed(self.own[-40:]):
            if made.status in ("complete", "delete"):
                continue
            for who in sorted(made.followers):
                actor = self.sandbox.person(who)
                found = _offering(actor, COMPLETE, made)
                if found is not None:
                    await self._complete_by_button(made, actor, found)
                    return
        actor = self.sandbox.person(self.dice.choice(self.deeds.crowd.everybody))
        unread = _offering(actor, MARK_AS_READ)
        if unread is not None:
            await actor.click(unread, MARK_AS_READ)

    async def _complete_by_button(self, made: Session, actor: Actor, found: Message) -> None:
        began = self.deeds.clock.now()
        with suppress(PersonRefusal):
            await actor.click(found, COMPLETE)
        while self.deeds.clock.now() < began + CLICK_S:
            if await asyncio.to_thread(self.deeds.is_completed, made, actor.id):
                break
            await asyncio.sleep(0.1)
        # Whether or not the press arrived: it is completed by the same person now.
        await asyncio.to_thread(self.deeds.become, made, actor.id, "complete", began=began)


def _offering(actor: Actor, action_id: str, made: Session | None = None) -> Message | None:
    """Find the newest message with this button, about this session if one is named."""
    for said in reversed(actor.messages[-30:]):
        about = made is None or f"Review {made.number}." in said.text
        if about and any(
            element.get("action_id") == action_id
            for block in said.blocks
            for element in block.get("elements", ())
        ):
            return said
    return None
