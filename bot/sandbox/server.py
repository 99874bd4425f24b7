"""The sandbox as a whole: a pretend Slack that runs on this computer until it is told to stop."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

from starlette.applications import Starlette

from bot.sandbox.actor import Actor
from bot.sandbox.acts.stage import Stage
from bot.sandbox.api.endpoint import WebApi
from bot.sandbox.calls import CallLog
from bot.sandbox.cast import Cast, Person, northwind
from bot.sandbox.clock import SandboxClock
from bot.sandbox.connections import remembering_transports
from bot.sandbox.doors import build_app
from bot.sandbox.errors import PersonRefusal
from bot.sandbox.faults import Faults
from bot.sandbox.joining import change_person, take_in
from bot.sandbox.page_api import PageApi
from bot.sandbox.page_state import NextDue
from bot.sandbox.running import QuietServer, address_of, listen
from bot.sandbox.terms import APP_TOKEN, BOT_TOKEN, Terms
from bot.sandbox.wire.dispatch import Dispatcher
from bot.sandbox.wire.requests import RequestTransport
from bot.sandbox.wire.sockets import SocketTransport
from bot.sandbox.world import World

Result = TypeVar("Result")


class Sandbox:
    """A pretend Slack: `async with Sandbox() as sandbox` serves it at `sandbox.url`."""

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN

    def __init__(
        self,
        *,
        clock: SandboxClock | None = None,
        cast: Cast | None = None,
        terms: Terms | None = None,
        next_due: NextDue | None = None,
        banner: str = "",
    ) -> None:
        self.clock = clock or SandboxClock()
        self.terms = terms or Terms()
        self.world = World(cast or northwind(), self.clock, self.terms)
        self.sockets = SocketTransport(
            app_id=self.world.cast.app_id, ack_seconds=self.terms.ack_seconds
        )
        self.dispatcher = Dispatcher(self._transport(), self.terms)
        self._stage = Stage(self.world, self.dispatcher)
        self._api = WebApi(self.world, self.sockets)
        page = PageApi(self._stage, self._api.faults, next_due, banner=banner)
        self.app: Starlette = build_app(self.world, self._api, page, self.sockets)
        self._stop_watching = self.clock.on_change(self.world.changes.touch_all)
        self._open = AsyncExitStack()
        self._thread: SandboxThread | None = None

    @property
    def url(self) -> str:
        """Where the sandbox is served, without a slash at the end."""
        return self.world.url

    @property
    def api_url(self) -> str:
        """What the bot's Slack client takes as its base_url."""
        return f"{self.world.url}/api/"

    @property
    def faults(self) -> Faults:
        """Bad days on demand."""
        return self._api.faults

    @property
    def calls(self) -> CallLog:
        """What the bot called."""
        return self._api.calls

    @property
    def complaints(self) -> list[str]:
        """What the bot answered against Slack's terms, where no error code reaches it."""
        return self.world.complaints

    def person(self, user_id: str) -> Actor:
        """Give somebody of the workspace, ready to act."""
        self.world.directory.find_actable(user_id)
        return Actor(self._stage, user_id)

    def add_person(self, person: Person) -> None:
        """Let somebody join the workspace; the bot hears of it."""
        take_in(self._stage, person)

    def change_person(self, user_id: str, **changes: str | bool) -> Person:
        """Change somebody's name, title, zone or standing; the bot hears of it."""
        return change_person(self._stage, user_id, changes)

    def deactivate(self, user_id: str) -> Person:
        """Let somebody leave the workspace; the bot hears of it."""
        return change_person(self._stage, user_id, {"deleted": True})

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator["Sandbox"]:
        """Serve on this port of this computer (0 takes a free one) until the end of the block."""
        async with self.serve_at(listen(port)):
            yield self

    @asynccontextmanager
    async def serve_at(self, listener: socket.socket) -> AsyncIterator["Sandbox"]:
        """Serve on a port that is taken already, until the end of the block."""
        self.world.url = address_of(listener)
        server = QuietServer(remembering_transports(self.app))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await server.wait_ready()
            yield self
        finally:
            await self._end()
            server.stop()
            await running

    async def __aenter__(self) -> "Sandbox":
        return await self._open.enter_async_context(self.serve())

    async def __aexit__(self, *problem: object) -> None:
        await self._open.aclose()

    def start_in_thread(self, port: int = 0) -> "Sandbox":
        """Serve from a thread of its own, for programs that know no asyncio."""
        if self._thread is not None:
            raise PersonRefusal("already_running", "The sandbox runs already.")
        self._thread = SandboxThread(self, port)
        self._thread.begin()
        return self

    def call(self, doing: Coroutine[object, object, Result], *, seconds: float = 30.0) -> Result:
        """Do something in the sandbox's thread and wait for it."""
        if self._thread is None:
            doing.close()
            raise PersonRefusal("not_running", "The sandbox runs in no thread.")
        return asyncio.run_coroutine_threadsafe(doing, self._thread.loop).result(seconds)

    def stop(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._thread.end()
            self._thread = None

    def _transport(self) -> SocketTransport | RequestTransport:
        if self.terms.http is None:
            return self.sockets
        return RequestTransport(self.terms.http, ack_seconds=self.terms.ack_seconds)

    async def _end(self) -> None:
        self._stop_watching()
        self.world.changes.close()
        await self.dispatcher.close()
        await self.sockets.close()


class SandboxThread(threading.Thread):
    """The thread in which a sandbox is served."""

    def __init__(self, sandbox: Sandbox, port: int) -> None:
        super().__init__(name="sandbox", daemon=True)
        self._sandbox = sandbox
        self._port = port
        self._ready = threading.Event()
        self._problem: BaseException | None = None
        self.loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event

    def begin(self) -> None:
        """Start, and return when the sandbox is served."""
        self.start()
        self._ready.wait()
        if self._problem is not None:
            self.join()
            raise self._problem

    def end(self) -> None:
        """Stop, and return when everything is put away."""
        self.loop.call_soon_threadsafe(self._stopping.set)
        self.join()

    def run(self) -> None:
        """Serve until told to stop."""
        try:
            asyncio.run(self._serve())
        except BaseException as problem:
            self._problem = problem
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        async with self._sandbox.serve(self._port):
            self._ready.set()
            await self._stopping.wait()
