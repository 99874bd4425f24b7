"""Cutting a connection in the middle of a call, as networks do."""

import asyncio

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

TRANSPORT = "sandbox.transport"


def remembering_transports(app: ASGIApp) -> ASGIApp:
    """Let the responses of this app reach the connection on which they go out."""

    async def remembering(scope: Scope, receive: Receive, send: Send) -> None:
        cycle = getattr(send, "__self__", None)
        scope[TRANSPORT] = getattr(cycle, "transport", None)
        await app(scope, receive, send)

    return remembering


class CutConnection(Response):
    """No response at all: the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Close the connection without a byte."""
        transport = scope.get(TRANSPORT)
        if not isinstance(transport, asyncio.Transport):
            msg = "The connection cannot be cut: the server does not show it"
            raise TypeError(msg)
        transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass
