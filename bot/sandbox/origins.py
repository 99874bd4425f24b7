"""Only the sandbox's own page may act in it: other sites that a browser has open may not."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.errors import PersonRefusal


class OwnPageOnly:
    """Refuse requests that a browser sends for another site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from the page itself, or from no page at all."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or urlsplit(origin).netloc == headers.get("host"):
            await self._app(scope, receive, send)
            return
        message = "Only the sandbox's own page may do this."
        refusal = PersonRefusal("foreign_origin", message, status=403)
        await JSONResponse(refusal.answer(), refusal.status)(scope, receive, send)
