"""Building the API: its paths, its description, and the page to read it by."""

import time
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.coaching import Context
from bot.hop import Hop
from bot.rest.calls import Operation
from bot.rest.correlation import Correlated
from bot.rest.docs import page_routes
from bot.rest.endpoint import Endpoint, Surroundings, TokenTries
from bot.rest.exchange import Answer, Fixed, put_refusal
from bot.rest.openapi import describe
from bot.rest.operations import OPERATIONS
from bot.rest.rates import Rates
from bot.rest.refusals import no_such_path
from bot.rest.rendering import BASE
from bot.rest.settings import RestSettings
from bot.rest.tokens import TokenEndpoint
from bot.version import version

TOKENS_IN_HAND: Final = 16
"""Who asks for a token beyond these is told to come again: each takes some 50 ms."""


def build_rest(
    context: Context,
    hop: Hop,
    settings: RestSettings,
    *,
    beside: Sequence[BaseRoute] = (),
    ticks: Callable[[], float] = time.monotonic,
) -> Starlette:
    """Build the API as an ASGI application, with what else is served at its address.

    `ticks` counts the seconds of the rate limit.
    """
    surroundings = Surroundings(
        context=context,
        hop=hop,
        settings=settings,
        rates=Rates(settings.rate_per_minute, ticks),
        token_tries=TokenTries(
            by_address=Rates(settings.token_tries_per_minute, ticks),
            by_client=Rates(settings.token_tries_per_minute, ticks),
            threads=Hop(threads=1, most_in_hand=TOKENS_IN_HAND),
        ),
    )
    live = msgspec.json.encode({"status": "live", "version": version()})
    app = Starlette(
        routes=[
            *beside,
            *(Route(BASE + path, Endpoint(held, surroundings)) for path, held in _by_path()),
            Route("/oauth/token", TokenEndpoint(surroundings)),
            Route("/openapi.json", Fixed(Answer(status=200, body=describe(settings)))),
            Route("/health/live", Fixed(Answer(status=200, body=live))),
            *page_routes(),
        ],
        middleware=[Middleware(Correlated)],
    )
    app.router.redirect_slashes = False
    app.router.default = nowhere
    return app


async def nowhere(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer for every address at which there is nothing."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
        return
    await put_refusal(no_such_path().refusal, scope, send)


def _by_path() -> list[tuple[str, list[Operation]]]:
    found: dict[str, list[Operation]] = {}
    for each in OPERATIONS:
        found.setdefault(each.path, []).append(each)
    return list(found.items())
