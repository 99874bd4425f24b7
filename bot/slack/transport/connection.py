"""Socket Mode: the bot calls Slack, so that it needs no address of its own.

A connection that is lost, or that Slack wants replaced, is followed by another; each try asks for a
fresh address and waits longer than the one before. A stop takes nothing new, lets what was taken be
answered, and then hangs up. What was not taken is delivered again by Slack, to whoever is there.
"""

import asyncio
import json
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.logger import get_logger
from bot.slack.transport import sockets
from bot.slack.transport.installation import Installation
from bot.slack.transport.problems import APP_TOKEN, TOO_MANY, Problem, problem_of, refused_by
from bot.slack.transport.reach import Reach
from bot.slack.transport.reading import UNREADABLE
from bot.slack.transport.running import Running
from bot.slack.transport.sockets import NotGreeted, Socket
from bot.slack.transport.status import CONNECTING, Status, Telling
from bot.slack.transport.times import LONGEST_STOP

log = get_logger(__name__)

ASKED_FOR: Final = frozenset(("refresh_requested", "warning"))
"""Slack’s reasons after which the old socket is still good for a moment."""
LOOKS: Final = 10
"""How often it is looked for deafness while its time runs out."""


class Connection:
    """The connection to Slack, from start to stop, by one socket after another."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        *,
        reach: Reach,
        running: Running,
        installation: Installation,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._reach = reach
        self._running = running
        self._installation = installation
        self._times = reach.times
        self.telling = Telling()
        self.given_up = asyncio.Event()
        """Set when nothing helped: only a new process may hear Slack again."""
        self._heard = asyncio.Event()
        self._current: Socket | None = None
        self._sockets: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_taking = True

    async def start(self) -> None:
        """Begin to connect, and to stay connected; returns at once."""
        self._is_taking = True
        self._tasks = [
            asyncio.create_task(self._stay_connected(), name="slack-connection"),
            asyncio.create_task(self._installation.follow(self._take_look), name="slack-token"),
        ]
        if self._times.deaf_after:
            self._tasks.append(asyncio.create_task(self._watch(), name="slack-deafness"))

    @property
    def status(self) -> Status:
        """How things are with Slack."""
        problem = self.telling.problem or (None if self._is_heard else CONNECTING)
        return Status(problem is None, problem)

    @property
    def _is_heard(self) -> bool:
        return self._current is not None and self._current.is_open

    async def wait_connected(self) -> None:
        """Wait until Slack is heard."""
        await self._heard.wait()

    async def stop(self, patience: timedelta = LONGEST_STOP) -> None:
        """Take nothing new, wait for what is in hand, and hang up."""
        self._is_taking = False
        await _end(self._tasks)
        self._tasks = []
        await self._running.halt()
        if self._sockets and not await self._running.drain(patience):
            log.warning("StoppedEarly")
        await self._running.halt()
        await _end(self._sockets)
        self._heard.clear()
        self._current = None

    async def _stay_connected(self) -> None:
        await self._installation.wait_known(self.telling)
        attempts, problem = 0, None
        while True:
            if attempts:
                asked = problem.wait if problem else timedelta(0)
                await asyncio.sleep(
                    self._times.back_off.delay(attempts, asked=asked).total_seconds()
                )
            began = time.monotonic()
            problem = await self._use_one()
            lasted = timedelta(seconds=time.monotonic() - began)
            attempts = 0 if lasted >= self._times.steady else attempts + 1

    async def _use_one(self) -> Problem | None:
        """Connect once and stay until another socket is wanted; answers what went wrong."""
        greeted: asyncio.Future[Socket] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._hold(greeted), name="slack-socket")
        self._sockets.add(task)
        task.add_done_callback(self._sockets.discard)
        try:
            socket = await greeted
        except Exception as error:
            return self._failed(error)
        self._current = socket
        self.telling(None)
        self._heard.set()
        log.info("SlackConnected", connections=socket.connections)
        reason = await asyncio.shield(socket.over)
        if reason in ASKED_FOR:
            # What Slack announced is no loss: the old socket is listened to until there is another.
            log.info("SlackReconnecting", reason=reason)
            return None
        self._heard.clear()
        problem = refused_by(reason)
        self.telling(problem)
        return problem

    def _failed(self, error: Exception) -> Problem:
        if isinstance(error, NotGreeted):
            problem = refused_by(str(error))
        else:
            problem = problem_of(error, token=APP_TOKEN, address=self._reach.address)
        if problem.code == TOO_MANY:
            self._hang_up_old()
        self._heard.clear()
        self.telling(problem)
        return problem

    def _hang_up_old(self) -> None:
        """Make room where a socket that is to be replaced takes one of Slack's ten places."""
        for task in self._sockets:
            task.cancel()

    async def _hold(self, greeted: asyncio.Future[Socket]) -> None:
        """Hold one socket until it is closed; a replaced one for a moment longer."""
        try:
            async with sockets.opened(self._reach.nobody(), self._app_token, self._times) as socket:
                greeted.set_result(socket)
                listening = asyncio.create_task(socket.listen(self._take))
                try:
                    await asyncio.shield(socket.over)
                    await asyncio.wait((listening,), timeout=self._times.leaving.total_seconds())
                finally:
                    listening.cancel()
                    await asyncio.gather(listening, return_exceptions=True)
        except Exception as error:
            if greeted.done():
                log.warning("SocketFailed", error=type(error).__name__)
            else:
                greeted.set_exception(error)

    def _take(self, socket: Socket, request: SocketModeRequest) -> None:
        if self._is_taking:
            self._running.beside(self._answer(socket, request))

    async def _answer(self, socket: Socket, request: SocketModeRequest) -> None:
        """Let the app answer a request, and acknowledge what it took."""
        try:
            response = await run_async_bolt_app(self._app, request)
        except UNREADABLE as error:
            log.warning("NotUnderstood", kind=request.type, error=type(error).__name__)
            response = BoltResponse(status=200)
        if response.status != 200:
            log.info("NotTaken", status=response.status)
            return
        payload = _payload(response.body, response.headers)
        for each in (socket, self._current):
            if each is not None and each.is_open:
                with suppress(ConnectionError):
                    await each.acknowledge(request.envelope_id, payload)
                    return
        log.info("NotAcknowledged")

    def _take_look(self, problem: Problem | None) -> None:
        if problem is not None or self._is_heard:
            self.telling(problem)

    async def _watch(self) -> None:
        """Begin from scratch after being deaf for long though Slack answers; then give up."""
        limit = self._times.deaf_after.total_seconds()
        heard_at, restarted = time.monotonic(), False
        while True:
            await asyncio.sleep(limit / LOOKS)
            if self._is_heard or self._is_explained:
                heard_at, restarted = time.monotonic(), False
                continue
            deaf_for = time.monotonic() - heard_at
            if deaf_for < limit * (1 + restarted):
                continue
            if await self._installation.look() is not None:
                heard_at, restarted = time.monotonic(), False
            elif restarted:
                log.error("SlackDeaf", seconds=round(deaf_for))
                self.given_up.set()
                return
            else:
                log.warning("SlackRestarted", seconds=round(deaf_for))
                restarted = True
                await self._restart()

    @property
    def _is_explained(self) -> bool:
        """Whether Slack says why there is no connection: a new process would hear the same."""
        problem = self.telling.problem
        return problem is not None and (problem.is_refusal or problem.code == TOO_MANY)

    async def _restart(self) -> None:
        await _end([self._tasks[0], *self._sockets])
        self._tasks[0] = asyncio.create_task(self._stay_connected(), name="slack-connection")


def _payload(body: str, headers: dict[str, Any]) -> dict[str, Any] | None:
    """Give what an acknowledgement carries, as Bolt’s own adapter does."""
    if not body:
        return None
    if headers.get("content-type", [""])[0].startswith("application/json"):
        found = json.loads(body)
        return found if isinstance(found, dict) else None
    return {"text": body}


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    ending = tuple(tasks)
    for each in ending:
        each.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
