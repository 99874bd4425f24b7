"""The replicas of a run, each with somebody who starts it again whenever it is gone."""

import asyncio
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.sandbox import Sandbox
from tests.chaos.clock import ChaosClock, environment_of, set_error
from tests.replicas.process import Replica, running_as

PROGRAM: Final = ("tests.chaos.replica",)
LEAVES_IN_S: Final = 20.0
KEPT_LINES: Final = 200_000


@dataclass
class Member:
    """One replica through all its lives."""

    number: int
    errors: Path
    settings: dict[str, object] = field(default_factory=dict)
    """What only this replica is told."""
    now: Replica | None = None
    is_frozen: bool = False
    lives: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    leaves_by: float | None = None
    """When it must be gone, having been told to leave."""
    left_in: list[float] = field(default_factory=list)

    def signal(self, number: int) -> bool:
        """Send a signal; answers no where there is nobody to get it."""
        if self.now is None or self.now.process.returncode is not None:
            return False
        with suppress(ProcessLookupError):
            self.now.process.send_signal(number)
            return True
        return False


@dataclass
class Pack:
    """All replicas of a run."""

    sandbox: Sandbox
    database_url: str
    clock: ChaosClock
    settings: dict[str, object]
    members: list[Member]
    dice: random.Random
    longest_absence: float = 2.0
    is_over: bool = False

    async def live(self, member: Member) -> None:
        """Keep one replica alive until the run is over."""
        set_error(member.errors, 0.0)
        while not self.is_over:
            try:
                await self._one_life(member)
            except (AssertionError, TimeoutError):
                member.ends["did not start"] += 1
            await asyncio.sleep(self.dice.uniform(0.0, self.longest_absence))

    async def _one_life(self, member: Member) -> None:
        settings = self.settings | member.settings | environment_of(self.clock, member.errors)
        start = running_as(PROGRAM, self.sandbox, self.database_url, settings)
        async with start as replica:
            member.now, member.is_frozen, member.leaves_by = replica, False, None
            member.lives += 1
            try:
                code = await replica.process.wait()
                member.ends[_named(code)] += 1
                self._note_leaving(member, code)
            finally:
                member.now = None
                member.lines += replica.lines[-KEPT_LINES:]

    def _note_leaving(self, member: Member, code: int) -> None:
        if member.leaves_by is not None and code == 0:
            member.left_in.append(time.monotonic() - member.leaves_by + LEAVES_IN_S)
        member.leaves_by = None

    def awake(self) -> list[Member]:
        """List the replicas that are at work."""
        return [each for each in self.members if each.now is not None and not each.is_frozen]

    async def end(self) -> None:
        """Wake everybody, and let them leave as they should."""
        self.is_over = True
        for each in self.members:
            each.signal(signal.SIGCONT)
            each.leaves_by = time.monotonic() + LEAVES_IN_S
            each.signal(signal.SIGTERM)


def _named(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
