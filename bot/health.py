"""Whether this process lives and can do its work, and its figures, for whoever watches it.

`/health/live`   200 while the process answers at all
`/health/ready`  200 while the database takes writes, Slack reaches the process, the heartbeat
                 beats and the clock agrees with the database's; 503 otherwise, with the reason.
                 What is waiting is told, and turns nobody away.
`/metrics`       the figures, as Prometheus reads them

A process that serves the REST API alone has neither Slack nor a heartbeat, and tells of neither.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot import coaching
from bot.clocks import Clocks
from bot.hop import Hop
from bot.metrics import CONTENT_TYPE, Metrics
from bot.slack.transport.status import Status
from bot.version import version
from bot.watchdog import Signs

PATIENCE: Final = timedelta(seconds=2)
"""A database that takes longer than this to count what is due does not answer."""
USUAL_LIMIT: Final = timedelta(seconds=60)
"""How old the last sign of life may be where no watch is kept."""
TOO_SLOW: Final = "database.too_slow"
WRITE_EVERY: Final = timedelta(seconds=15)
"""How often it is tried whether the database takes writes, while it does and somebody asks."""
WRITE_PATIENCE: Final = timedelta(seconds=1)
WRITE_AGAIN: Final = timedelta(seconds=2)
"""How soon it is tried again where it did not."""
NO_STORE: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a process is."""

    backlog: coaching.Backlog | None
    """None: the database did not answer, or takes no writes."""
    database_problem: str | None
    """The code of what is wrong with the database."""
    slack: Status | None
    """None: this process has nothing to do with Slack."""
    heartbeat_age: float | None
    """Seconds since the last sign of life; None: nothing is sent by this process."""
    is_beating: bool
    clock_ahead: timedelta | None
    """How far this computer's clock is ahead of the database's; None: nobody could say yet."""
    clocks_agree: bool
    is_time_sure: bool
    """Whether it is known what time it is: the clock was not set just now."""

    @property
    def is_ready(self) -> bool:
        """Whether it can do its work."""
        is_reached = self.slack is None or self.slack.is_connected
        is_well = self.backlog is not None and self.clocks_agree and self.is_time_sure
        return is_well and is_reached and self.is_beating

    @property
    def facts(self) -> dict[str, Any]:
        """All of it, for programs."""
        facts: dict[str, Any] = {
            "status": "ready" if self.is_ready else "not ready",
            "database": _database_facts(self),
            "clock": {"agrees": self.clocks_agree, "sure": self.is_time_sure},
        }
        if self.slack is not None:
            facts["slack"] = _slack_facts(self.slack)
        if self.heartbeat_age is not None:
            age = round(self.heartbeat_age, 3)
            facts["heartbeat"] = {"beats": self.is_beating, "ageSeconds": age}
        if self.clock_ahead is not None:
            facts["clock"]["aheadSeconds"] = round(self.clock_ahead.total_seconds(), 3)
        if self.backlog is not None:
            age = self.backlog.oldest_age.total_seconds()
            facts["due"] = {"count": self.backlog.due, "oldestAgeSeconds": round(age, 3)}
        return facts


def _database_facts(state: State) -> dict[str, Any]:
    reason = {} if state.database_problem is None else {"reason": state.database_problem}
    return {"answers": state.backlog is not None, **reason}


def _slack_facts(status: Status) -> dict[str, Any]:
    problem = status.problem
    if problem is None:
        return {"connected": status.is_connected}
    said = {"reason": problem.code, "message": problem.message}
    return {"connected": status.is_connected, **said}


class Health:
    """Answers how the process is."""

    def __init__(
        self,
        *,
        count_due: Callable[[], Awaitable[coaching.Backlog]],
        clocks: Clocks,
        metrics: Metrics,
        slack: Callable[[], Status] | None = None,
        signs: Signs | None = None,
        limit: timedelta = USUAL_LIMIT,
    ) -> None:
        self._count_due = count_due
        self._slack = slack
        self._signs = signs
        self._clocks = clocks
        self._metrics = metrics
        self._limit = (limit or USUAL_LIMIT).total_seconds()
        self._counting: asyncio.Task[coaching.Backlog | str] | None = None

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """The addresses at which this is answered."""
        return (
            Route("/health/live", self._live),
            Route("/health/ready", self._ready),
            Route("/metrics", self._figures),
        )

    async def look(self) -> State:
        """Find out how the process is."""
        age = None if self._signs is None else self._signs.age
        found = await self._backlog()
        backlog = None if isinstance(found, str) else found
        if backlog is not None:
            self._clocks.see(backlog.clock_ahead)
        return State(
            backlog=backlog,
            database_problem=found if isinstance(found, str) else None,
            slack=None if self._slack is None else self._slack(),
            heartbeat_age=age,
            is_beating=age is None or age <= self._limit,
            clock_ahead=self._clocks.ahead,
            clocks_agree=self._clocks.agree,
            is_time_sure=self._clocks.is_sure(),
        )

    async def _backlog(self) -> coaching.Backlog | str:
        """Look up what is due; the code of what is wrong where that cannot be."""
        # One question at a time: those who ask again and again use up no threads while it hangs.
        if self._counting is None or self._counting.done():
            self._counting = asyncio.create_task(self._count(), name="backlog")
        done, _ = await asyncio.wait({self._counting}, timeout=PATIENCE.total_seconds())
        return self._counting.result() if done else TOO_SLOW

    async def _count(self) -> coaching.Backlog | str:
        try:
            return await self._count_due()
        except coaching.Unavailable as error:
            return error.reason or TOO_SLOW

    async def _live(self, _request: Request) -> Response:
        return JSONResponse({"status": "live", "version": version()}, headers=NO_STORE)

    async def _ready(self, _request: Request) -> Response:
        state = await self.look()
        return JSONResponse(state.facts, 200 if state.is_ready else 503, headers=NO_STORE)

    async def _figures(self, _request: Request) -> Response:
        state = await self.look()
        waiting = state.backlog
        self._metrics.set_backlog(
            due=waiting.due if waiting else None,
            oldest_age=waiting.oldest_age.total_seconds() if waiting else None,
            clock_ahead=state.clock_ahead.total_seconds()
            if state.clock_ahead is not None
            else None,
            is_time_sure=state.is_time_sure,
            is_connected=None if state.slack is None else state.slack.is_connected,
        )
        return Response(self._metrics.write(), media_type=CONTENT_TYPE, headers=NO_STORE)


def counting_due(
    context: coaching.Context, hop: Hop, *, ticks: Callable[[], float] = time.monotonic
) -> Callable[[], Awaitable[coaching.Backlog]]:
    """Ask the coaching what is due and, not too often, whether the database takes writes."""
    trial = WriteTrial(context, hop, ticks)

    async def ask() -> coaching.Backlog:
        backlog = await hop(coaching.backlog, context)
        await trial.run_if_due()
        return backlog

    return ask


class WriteTrial:
    """Tries whether the database takes writes; between two tries the last answer holds."""

    def __init__(self, context: coaching.Context, hop: Hop, ticks: Callable[[], float]) -> None:
        self._context = context
        self._hop = hop
        self._ticks = ticks
        self._next_at = -math.inf
        self._problem: str | None = None
        self._trying: asyncio.Task[None] | None = None

    async def run_if_due(self) -> None:
        """Raise Unavailable where it takes no writes, as far as is known by now."""
        if self._trying is None and self._is_due:
            self._trying = asyncio.create_task(self._try(), name="write trial")
        if self._trying is not None:
            # Whoever waits for others who write has found nothing wrong.
            await asyncio.wait({self._trying}, timeout=WRITE_PATIENCE.total_seconds())
        if self._problem is not None:
            raise coaching.Unavailable(self._problem)

    @property
    def _is_due(self) -> bool:
        is_new = self._problem is None and self._context.store.outages.current is not None
        return is_new or self._ticks() >= self._next_at

    async def _try(self) -> None:
        try:
            await self._hop(coaching.try_writing, self._context)
            self._problem = None
        except coaching.Unavailable as error:
            self._problem = error.reason
        finally:
            wait = WRITE_EVERY if self._problem is None else WRITE_AGAIN
            self._next_at = self._ticks() + wait.total_seconds()
            self._trying = None
