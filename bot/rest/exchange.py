"""Reading a request off the wire and putting an answer on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.types import Receive, Scope, Send

from bot.rest.refusals import Refusal, refused, too_large

JSON: Final = "application/json"
CONTEXT_ID: Final = "coaching.context_id"
PATIENCE: Final = 16
"""How many times the longest body is read and thrown away, so that the refusal is heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class ClientGone(Exception):
    """The client hung up in the middle of its request."""


async def put(answer: Answer, send: Send) -> None:
    """Send an answer."""
    headers = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    if answer.status != 204:
        headers.append((b"content-type", answer.media_type.encode()))
        headers.append((b"content-length", str(len(answer.body)).encode()))
    headers += [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def put_refusal(refusal: Refusal, scope: Scope, send: Send) -> None:
    """Send a refusal in the body that the contract has for it."""
    answer = Answer(
        status=refusal.status,
        body=refusal.body(scope.get(CONTEXT_ID, "")),
        headers=refusal.headers(scope["method"]),
    )
    await put(answer, send)


async def put_not_allowed(methods: Iterable[str], scope: Scope, send: Send) -> None:
    """Say which methods an address takes."""
    allowed = ", ".join(sorted(methods))
    refusal = refused(405, "method.not.allowed", f"This address takes {allowed}.").refusal
    body = refusal.body(scope.get(CONTEXT_ID, ""))
    await put(Answer(status=405, body=body, headers={"Allow": allowed}), send)


class Fixed:
    """An address that always answers the same."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] in {"GET", "HEAD"}:
            await put(self._answer, send)
        else:
            await put_not_allowed(("GET", "HEAD"), scope, send)


def header_of(scope: Scope, name: bytes) -> str | None:
    """Find a header's value."""
    for each, value in scope["headers"]:
        if each == name:
            text: str = value.decode("latin-1")
            return text
    return None


async def read_body(scope: Scope, receive: Receive, max_bytes: int) -> bytes:
    """Read a whole body. Raises Refused when it is too long, ClientGone when it never ends."""
    _ensure_bearable(scope, max_bytes)
    parts: list[bytes] = []
    size, more = 0, True
    while more and size <= max_bytes * PATIENCE:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size <= max_bytes:
            parts.append(part)
        more = message.get("more_body", False)
    if size > max_bytes:
        raise too_large(max_bytes)
    return b"".join(parts)


def _ensure_bearable(scope: Scope, max_bytes: int) -> None:
    """Refuse at once what says of itself that it is far too long."""
    announced = header_of(scope, b"content-length") or ""
    if announced.isdecimal() and int(announced[:18]) > max_bytes * PATIENCE:
        raise too_large(max_bytes)
