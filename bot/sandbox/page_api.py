"""The page's door at /sandbox/...: what one sees, what one does, and the clock."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox import page_acts, page_state
from bot.sandbox.acts import uploads
from bot.sandbox.acts.stage import Stage
from bot.sandbox.cast import Person
from bot.sandbox.errors import PersonRefusal
from bot.sandbox.faults import Faults
from bot.sandbox.page_state import NextDue
from bot.sandbox.shapes import Json

HEARTBEAT_SECONDS = 1.0
NO_TIME = "Say “advance_seconds”, or “to” with “next_due” or “now”."


class PageApi:
    """Everything that the page asks for."""

    def __init__(
        self, stage: Stage, faults: Faults, next_due: NextDue | None, *, banner: str = ""
    ) -> None:
        self._banner = banner
        self._stage = stage
        self._world = stage.world
        self._faults = faults
        self._next_due = next_due

    def routes(self) -> list[Route]:
        """List the doors."""
        return [
            Route("/people", self.people),
            Route("/directory", self.directory),
            Route("/state", self.state),
            Route("/events", self.events),
            Route("/clock", self.move_clock, methods=["POST"]),
            Route("/faults", self.add_fault, methods=["POST"]),
            Route("/upload", self.upload, methods=["POST"]),
            Route("/{act}", self.act, methods=["POST"]),
        ]

    async def people(self, _request: Request) -> Response:
        """List those one can act for."""
        return JSONResponse(page_state.people(self._world) | {"banner": self._banner})

    async def directory(self, _request: Request) -> Response:
        """List everybody."""
        return JSONResponse(page_state.directory(self._world))

    async def state(self, request: Request) -> Response:
        """Give everything that a person sees."""
        try:
            person = self._acting(request)
        except PersonRefusal as refusal:
            return JSONResponse(refusal.answer(), refusal.status)
        return JSONResponse(page_state.state(self._world, person, await self.next_due()))

    async def events(self, request: Request) -> Response:
        """Send a line whenever what a person sees may have changed."""
        try:
            person = self._acting(request)
        except PersonRefusal as refusal:
            return JSONResponse(refusal.answer(), refusal.status)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        stream = self._stream(person)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def act(self, request: Request) -> Response:
        """Do what a person does, and wait until the bot has acknowledged it."""
        try:
            act = page_acts.ACTS.get(request.path_params["act"])
            if act is None:
                raise PersonRefusal("not_found", "There is nothing here.", status=404)
            result = await act(self._stage, await _body(request))
        except PersonRefusal as refusal:
            return JSONResponse(refusal.answer(), refusal.status)
        return JSONResponse({"ok": True, **(result or {})})

    async def upload(self, request: Request) -> Response:
        """Take a file that a person chose for a form."""
        name = request.query_params.get("name", "")
        try:
            person = self._acting(request)
            file = uploads.upload(self._stage, person.id, name, await request.body())
        except PersonRefusal as refusal:
            return JSONResponse(refusal.answer(), refusal.status)
        return JSONResponse({"ok": True, "file": file})

    async def move_clock(self, request: Request) -> Response:
        """Move the sandbox's time."""
        try:
            await self._move(await _body(request))
        except PersonRefusal as refusal:
            return JSONResponse(refusal.answer(), refusal.status)
        shown = page_state.clock_shown(self._world.clock, await self.next_due())
        return JSONResponse({"ok": True, "clock": shown})

    async def add_fault(self, request: Request) -> Response:
        """Let the next calls of the bot go wrong."""
        try:
            self._faults.read(await _body(request))
        except PersonRefusal as refusal:
            return JSONResponse(refusal.answer(), refusal.status)
        return JSONResponse({"ok": True})

    async def next_due(self) -> datetime | None:
        """Tell when the bot owes its next message."""
        return await asyncio.to_thread(self._next_due) if self._next_due else None

    def _acting(self, request: Request) -> Person:
        return self._world.directory.find_actable(request.query_params.get("as", ""))

    async def _move(self, body: Json) -> None:
        clock = self._world.clock
        seconds = body.get("advance_seconds")
        if isinstance(seconds, (int, float)) and abs(seconds) < 10**9:
            clock.advance(timedelta(seconds=seconds))
        elif body.get("to") == "now":
            clock.reset()
        elif body.get("to") == "next_due":
            due = await self.next_due()
            if due is None:
                raise PersonRefusal("nothing_due", "Nothing is due yet.", status=409)
            clock.move_to(max(due.astimezone(UTC), clock.now()))
        else:
            raise PersonRefusal("invalid_request", NO_TIME)

    async def _stream(self, person: Person) -> AsyncIterator[str]:
        changes = self._world.changes
        due = await self.next_due()
        with changes.watching(person.id) as watch:
            yield _line(changes.version(person.id))
            while not changes.is_closed:
                is_changed = await watch.wait(HEARTBEAT_SECONDS)
                newer = await self.next_due()
                if newer != due and not is_changed:
                    changes.touch([person.id])
                    is_changed = True
                due = newer
                yield _line(changes.version(person.id)) if is_changed else ": still here\n\n"


def _line(version: int) -> str:
    return f"data: {json.dumps({'version': version})}\n\n"


async def _body(request: Request) -> Json:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise PersonRefusal("invalid_request", "The request is not a JSON object.")
    return body
