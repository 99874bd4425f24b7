"""What goes wrong, and when: decided by the seed alone."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from bot.sandbox.faults import Kind
from tests.chaos.clock import set_error
from tests.chaos.pack import LEAVES_IN_S, Member, Pack
from tests.chaos.wires import UneasySandbox
from tests.databases import PostgresServer

SENDING: Final = "chat.postMessage"
OTHERS: Final[Sequence[str]] = (
    "conversations.history",
    "conversations.open",
    "chat.update",
    "views.publish",
    "views.open",
)
KINDS: Final[Sequence[Kind]] = (
    "ratelimited",
    "server_error",
    "server_error_after",
    "delay",
    "drop_before",
    "drop_after",
)
LONGEST_DELAY_S: Final = 2.5
REFUSED_WITH: Final[Mapping[str, Sequence[str]]] = {
    "messages_tab_disabled": (SENDING,),
    "restricted_action": (SENDING,),
    "missing_scope": (SENDING, "conversations.open", "chat.update"),
    "access_denied": (SENDING, "conversations.history"),
}
"""What Slack answers to whom while a setting of the whole installation forbids it."""
SETTING_S: Final = (2.0, 12.0)
"""The shortest and the longest time for which a setting forbids something."""
ALWAYS: Final = 1_000_000


@dataclass(frozen=True)
class Rates:
    """How often each thing goes wrong in a minute."""

    kills: float = 12.0
    freezes: float = 8.0
    leaves: float = 3.0
    faults: float = 30.0
    drops: float = 4.0
    jumps: float = 6.0
    restarts: float = 1.0
    settings: float = 2.0

    def times(self, factor: float) -> "Rates":
        """Let everything go wrong so many times as often."""
        return Rates(**{each.name: getattr(self, each.name) * factor for each in fields(self)})


@dataclass
class Troubles:
    """Makes things go wrong, until told to stop."""

    pack: Pack
    sandbox: UneasySandbox
    dice: random.Random
    rates: Rates
    lease: float
    skew: float
    """The most by which a replica's clock is wrong, in its own seconds."""
    server: PostgresServer | None
    happened: Counter[str] = field(default_factory=Counter)
    diary: list[tuple[float, str]] = field(default_factory=list)
    refused: int = 0
    """How many calls were refused by settings that forbade them."""
    _later: set[asyncio.Task[None]] = field(default_factory=set)

    async def make(self, until: float) -> None:
        """Let things go wrong until so many seconds of the run are over."""
        kinds: dict[Callable[[], Awaitable[None]], float] = {
            self._kill: self.rates.kills,
            self._freeze: self.rates.freezes,
            self._leave: self.rates.leaves,
            self._fault: self.rates.faults,
            self._drop: self.rates.drops,
            self._jump: self.rates.jumps,
            self._forbid: self.rates.settings,
        }
        if self.server is not None:
            kinds[self._restart] = self.rates.restarts
        kinds = {doing: rate for doing, rate in kinds.items() if rate > 0}
        each_second = sum(kinds.values()) / 60
        first = self.dice.sample(list(kinds), len(kinds))
        while self.pack.clock.now() < until:
            await asyncio.sleep(self.dice.expovariate(each_second))
            drawn = self.dice.choices(list(kinds), weights=list(kinds.values()))[0]
            await (first.pop() if first else drawn)()

    async def end(self) -> None:
        """Let everything that was begun come to its end, and all go well again."""
        await asyncio.gather(*self._later)
        self.sandbox.faults.clear()
        self.sandbox.wire.share = 0.0
        for each in self.pack.members:
            set_error(each.errors, 0.0)

    def _say(self, kind: str, words: str) -> None:
        self.happened[kind] += 1
        self.diary.append((self.pack.clock.now(), f"{kind} {words}"))

    def _pick(self) -> Member | None:
        # Drawn among all, so that the dice fall the same whoever is at work just now.
        found = self.dice.choice(self.pack.members)
        return found if found in self.pack.awake() else None

    async def _kill(self) -> None:
        member = self._pick()
        if member and member.signal(signal.SIGKILL):
            self._say("kills", f"replica {member.number}")

    async def _leave(self) -> None:
        member = self._pick()
        if member and member.signal(signal.SIGTERM):
            member.leaves_by = time.monotonic() + LEAVES_IN_S
            self._say("leaves", f"replica {member.number}")

    async def _freeze(self) -> None:
        is_long = self.dice.random() < 0.5
        seconds = self.dice.uniform(*((1.1, 1.8) if is_long else (0.02, 0.6))) * self.lease
        member = self._pick()
        if member and member.signal(signal.SIGSTOP):
            member.is_frozen = True
            # Who is frozen while leaving cannot leave in time.
            member.leaves_by = None
            kind = "freezes past the lease" if is_long else "short freezes"
            self._say(kind, f"replica {member.number} for {seconds:.1f} s")
            self._soon(self._thaw(member, member.lives, seconds))

    async def _thaw(self, member: Member, life: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if member.lives == life:
            member.is_frozen = False
            member.signal(signal.SIGCONT)
            self.diary.append((self.pack.clock.now(), f"thawed replica {member.number}"))

    async def _fault(self) -> None:
        method = self.dice.choice((SENDING, SENDING, SENDING, *OTHERS))
        kind = self.dice.choice(KINDS)
        waits = self.dice.uniform(0.1, LONGEST_DELAY_S) if kind == "delay" else 1.0
        seconds = float(self.dice.choice((1, 1, 1, 2))) if kind == "ratelimited" else waits
        times = self.dice.choice((1, 1, 1, 3))
        self.sandbox.faults.add(method, kind, times=times, seconds=seconds)
        self._say("faults", f"{kind} {method} ×{times} {seconds:.1f} s")

    async def _drop(self) -> None:
        self._say("dropped sockets", "")
        is_rude = self.dice.random() < 0.7
        self._soon(self.sandbox.wire.cut() if is_rude else self.sandbox.wire.refresh())

    async def _jump(self) -> None:
        seconds = self.dice.uniform(-self.skew, self.skew)
        member = self.dice.choice(self.pack.members)
        set_error(member.errors, seconds)
        self._say("clock jumps", f"replica {member.number} to {seconds:+.1f} s")

    async def _restart(self) -> None:
        away = self.dice.uniform(0.1, 2.0)
        if self.server is not None and not self._is_begun("restart"):
            self._say("database restarts", f"away for {away:.1f} s")
            self._soon(self._restarted(self.server, away), name="restart")

    async def _restarted(self, server: PostgresServer, away: float) -> None:
        await asyncio.to_thread(server.crash)
        await asyncio.sleep(away)
        await asyncio.to_thread(server.revive)

    async def _forbid(self) -> None:
        code = self.dice.choice(sorted(REFUSED_WITH))
        seconds = self.dice.uniform(*SETTING_S)
        if not self._is_begun("setting"):
            self._say("settings that forbid", f"{code} for {seconds:.1f} s")
            self._soon(self._forbidden(code, seconds), name="setting")

    async def _forbidden(self, code: str, seconds: float) -> None:
        faults = self.sandbox.faults
        refusals = [
            faults.add(each, "error", times=ALWAYS, error=code) for each in REFUSED_WITH[code]
        ]
        await asyncio.sleep(seconds)
        for each in refusals:
            self.refused += ALWAYS - each.times
            each.times = 0
        self.diary.append((self.pack.clock.now(), f"{code} is over"))

    def _is_begun(self, name: str) -> bool:
        return name in {each.get_name() for each in self._later}

    def _soon(self, doing: Awaitable[None], *, name: str | None = None) -> None:
        task = asyncio.ensure_future(doing)
        if name:
            task.set_name(name)
        self._later.add(task)
        task.add_done_callback(self._later.discard)
