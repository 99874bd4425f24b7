"""The doors of files: where the bot sends what it announced, and where files are read."""

import asyncio
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.api.endpoint import WebApi
from bot.sandbox.calls import CallRecord
from bot.sandbox.clock import real_now
from bot.sandbox.connections import CutConnection
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.faults import Fault
from bot.sandbox.file_access import may_read
from bot.sandbox.files import MOST_BYTES, UNKNOWN, File
from bot.sandbox.terms import BOT_TOKEN
from bot.sandbox.world import World

UPLOAD = "upload"
"""The name under which uploads stand in the record of calls and among the faults."""
NEVER_RUN = "default-src 'none'; sandbox"
OWN_PAGE = ("same-origin", "none")


class FileDoors:
    """Taking files in and giving them out; nothing that a browser would run is shown in place."""

    def __init__(self, world: World, api: WebApi) -> None:
        self._world = world
        self._api = api

    def routes(self) -> list[Route]:
        """List the doors."""
        return [
            Route("/upload/{ticket}", self.take, methods=["POST"]),
            Route("/files/{file_id}/{name}", self.give),
        ]

    async def take(self, request: Request) -> Response:
        """Take the content of an announced file."""
        fault = self._api.faults.take(UPLOAD)
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == "drop_before":
            return self._cut(request)
        content = await _content(request)
        if fault and fault.kind not in ("delay", "drop_after"):
            return _failed(fault)
        try:
            file = self._world.files.receive(request.path_params["ticket"], content)
        except SlackRefusal as refusal:
            self._note(request, refusal.answer())
            return PlainTextResponse(refusal.code, 400)
        if fault and fault.kind == "drop_after":
            return self._cut(request)
        self._note(request, {"ok": True, "file_id": file.id})
        return PlainTextResponse(f"OK - {file.size}")

    async def give(self, request: Request) -> Response:
        """Give a file to the page, for the person `as` whom it asks, and to the bot's token."""
        file = self._world.files.get(request.path_params["file_id"])
        if file is None or file.content is None or not file.is_complete:
            return PlainTextResponse("There is no such file.", 404)
        reader = self._reader(request)
        if reader is None:
            return PlainTextResponse("Reading a file takes a token with files:read.", 403)
        if not may_read(self._world, reader, file):
            return PlainTextResponse("That file was not shared with you.", 404)
        return Response(file.content, headers=_headers(file, request))

    def _reader(self, request: Request) -> str | None:
        """Tell the id of the user who asks; None for somebody outside."""
        if request.headers.get("sec-fetch-site") in OWN_PAGE:
            return request.query_params.get("as")
        token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        is_bot = token == BOT_TOKEN and "files:read" in self._world.terms.scopes
        return self._world.directory.bot.id if is_bot else None

    def _cut(self, request: Request) -> Response:
        self._note(request, None)
        return CutConnection()

    def _note(self, request: Request, answer: dict[str, object] | None) -> None:
        given = {"ticket": request.path_params["ticket"]}
        self._api.calls.add(CallRecord(UPLOAD, given, answer, real_now()))


def _failed(fault: Fault) -> Response:
    if fault.kind == "ratelimited":
        seconds = str(max(1, int(fault.seconds)))
        return PlainTextResponse("ratelimited", 429, headers={"Retry-After": seconds})
    return PlainTextResponse(fault.error, 500 if fault.kind == "server_error" else 400)


def _headers(file: File, request: Request) -> dict[str, str]:
    is_inline = file.is_image and "download" not in request.query_params
    way = "inline" if is_inline else "attachment"
    return {
        "Content-Type": file.mimetype if is_inline else UNKNOWN,
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": NEVER_RUN,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }


async def _content(request: Request) -> bytes:
    """Read the bytes as they are, or the file in a form of several parts."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk[: MOST_BYTES + 1 - len(body)]
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return bytes(body)
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    whole = BytesParser(policy=HTTP).parsebytes(head + bytes(body))
    for part in whole.iter_parts() if whole.is_multipart() else ():
        if part.get_filename() is not None:
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return b""
