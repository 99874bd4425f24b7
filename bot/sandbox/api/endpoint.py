"""The door at /api/{method}: arguments in, Slack's answer out, faults and limits on the way."""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.api.arguments import Arguments, read_arguments, read_token
from bot.sandbox.api.methods import CONNECT, Call, answer, ensure_token
from bot.sandbox.calls import CallLog, CallRecord
from bot.sandbox.clock import real_now
from bot.sandbox.connections import CutConnection
from bot.sandbox.conversations import im_id
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.faults import Fault
from bot.sandbox.pacing import Pacer
from bot.sandbox.shapes import Json
from bot.sandbox.terms import APP_TOKEN
from bot.sandbox.wire.sockets import SocketTransport
from bot.sandbox.world import World

PACED = ("chat.postMessage", "chat.postEphemeral")


class WebApi:
    """Slack's Web API over HTTP."""

    def __init__(self, world: World, sockets: SocketTransport) -> None:
        self.calls = CallLog()
        self.faults = sockets.faults
        self._world = world
        self._sockets = sockets
        self._pacer = Pacer(world.terms.rate_limits)

    async def respond(self, request: Request) -> Response:
        """Answer one call."""
        method = request.path_params["method"]
        fault = self.faults.take(method)
        if fault and fault.kind == "drop_before":
            self._note(method, Arguments({}), None)
            return CutConnection()
        try:
            arguments = await read_arguments(request)
        except SlackRefusal as refusal:
            return self._reply(refusal.answer())
        except ClientDisconnect:
            return Response()
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        call = Call(method, arguments, read_token(request, arguments))
        body = self._do(call, fault)
        if fault and fault.kind == "drop_after":
            self._note(method, arguments, None)
            return CutConnection()
        self._note(method, arguments, body)
        return self._reply(body, fault)

    def _do(self, call: Call, fault: Fault | None) -> Json:
        if fault and fault.kind == "ratelimited":
            return {"ok": False, "error": "ratelimited", "retry_after": max(1, int(fault.seconds))}
        if fault and fault.kind in ("error", "server_error"):
            return {"ok": False, "error": fault.error}
        try:
            if call.method == CONNECT:
                return self._connect(call.token)
            return self._paced(call) or answer(self._world, call)
        except SlackRefusal as refusal:
            return refusal.answer()

    def _paced(self, call: Call) -> Json | None:
        if call.method not in PACED:
            return None
        channel = call.arguments.text("channel")
        place = im_id(channel) if self._world.directory.get(channel) else channel
        seconds = self._pacer.seconds_to_wait(place)
        if seconds is None:
            return None
        return {"ok": False, "error": "ratelimited", "retry_after": seconds}

    def _connect(self, token: str) -> Json:
        ensure_token(token, APP_TOKEN)
        address = self._world.url.replace("http", "ws", 1)
        return {"ok": True, "url": f"{address}/socket?ticket={self._sockets.issue_ticket()}"}

    def _reply(self, body: Json, fault: Fault | None = None) -> Response:
        if fault and fault.kind in ("server_error", "server_error_after"):
            return PlainTextResponse("Something went wrong", 500, media_type="text/html")
        headers = {"x-oauth-scopes": ",".join(self._world.terms.scopes)}
        if body.get("error") != "ratelimited":
            return JSONResponse(body, headers=headers)
        retry_after = str(body.pop("retry_after", 1))
        return JSONResponse(body, 429, headers={**headers, "Retry-After": retry_after})

    def _note(self, method: str, arguments: Arguments, body: Json | None) -> None:
        self.calls.add(CallRecord(method, arguments.given, body, real_now()))
