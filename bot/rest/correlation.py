"""Every answer can be found again: an id in its header, its error body and the log."""

import logging
import time
import uuid
from typing import Final
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.correlation import correlated
from bot.logger import get_logger
from bot.rest.exchange import CONTEXT_ID, put_refusal
from bot.rest.refusals import refusal_of

log = get_logger(__name__)

HEADER: Final = b"inin-correlation-id"
WATCHED: Final = frozenset(("/health/live", "/health/ready", "/metrics"))
"""Asked every few seconds by whoever watches over the process."""


class Correlated:
    """Gives each request an id, tells the log how it went, and lets no exception out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(str(uuid.uuid4()), send)
        scope[CONTEXT_ID] = exchange.context_id
        with correlated(exchange.context_id):
            try:
                await self._app(scope, receive, exchange.send)
            except Exception as error:
                if exchange.status:
                    raise
                await put_refusal(refusal_of(error), scope, exchange.send)
            finally:
                exchange.write_down(scope)


class _Exchange:
    """One request and how it was answered."""

    def __init__(self, context_id: str, send: Send) -> None:
        self.context_id = context_id
        self.status = 0
        self._send = send
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), (HEADER, self.context_id.encode())]
            message = {**message, "headers": headers}
        await self._send(message)

    def write_down(self, scope: Scope) -> None:
        path = quote(scope["path"])  # whoever asks must not write lines of their own
        level = logging.DEBUG if path in WATCHED else logging.INFO
        if self.status >= 500 and path not in WATCHED:
            level = logging.ERROR
        spent = (time.perf_counter() - self._began) * 1000
        log.log(
            level,
            "Request",
            method=scope["method"],
            path=path,
            status=self.status,
            ms=round(spent, 1),
        )
