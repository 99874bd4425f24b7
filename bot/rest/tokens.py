"""`POST /oauth/token`: a client's id and secret become an access token (contract, section 3).

What is asked and what is answered follows RFC 6749, sections 2.3.1, 3.2, 3.3, 4.4 and 5.
"""

import ipaddress
from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.types import Receive, Scope, Send

from bot import coaching
from bot.coaching import CoachingError, Unavailable
from bot.hop import TooManyWaiting
from bot.rest.answers import IssuedToken, TokenError
from bot.rest.endpoint import Surroundings
from bot.rest.exchange import Answer, ClientGone, put
from bot.rest.refusals import TRY_AGAIN_SECONDS
from bot.rest.token_requests import (
    FULL,
    READ_ONLY,
    TokenRefused,
    TokenRequest,
    read_request,
)

NOT_STORED: Final[Mapping[str, str]] = {"Pragma": "no-cache"}
"""Beside Cache-Control: no-store, which every answer carries."""


class TokenEndpoint:
    """Where access tokens are given out."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            request = await read_request(scope, receive)
            self._ensure_seldom(scope, request)
            answer = await self._around.token_tries.threads(self._issue, request)
        except ClientGone:
            return
        except TooManyWaiting:
            answer = _refusal(_not_now())
        except TokenRefused as refusal:
            answer = _refusal(refusal)
        await put(answer, send)

    def _ensure_seldom(self, scope: Scope, request: TokenRequest) -> None:
        """Refuse whoever tries too often. Raises TokenRefused."""
        tries = self._around.token_tries
        wait = tries.by_address.take(_network_of(scope)) or tries.by_client.take(request.client_id)
        if wait:
            raise TokenRefused(
                429,
                "temporarily_unavailable",
                "Please wait before you try again.",
                {"Retry-After": str(wait)},
            )

    def _issue(self, request: TokenRequest) -> Answer:
        try:
            issued = coaching.issue_token(
                self._around.context,
                request.client_id,
                request.secret,
                reads_only=request.reads_only,
            )
        except Unavailable:
            return _refusal(_not_now())
        except CoachingError:
            return _refusal(
                TokenRefused(401, "invalid_client", "These credentials do not open anything here.")
            )
        body = IssuedToken(
            access_token=issued.access_token,
            token_type="bearer",  # noqa: S106 - the kind of token, not one
            expires_in=issued.expires_in_seconds,
            scope=READ_ONLY if issued.reads_only else FULL,
        )
        return Answer(status=200, body=msgspec.json.encode(body), headers=NOT_STORED)


def _not_now() -> TokenRefused:
    return TokenRefused(
        503,
        "temporarily_unavailable",
        "Please try again in a moment.",
        {"Retry-After": str(TRY_AGAIN_SECONDS)},
    )


def _refusal(refused: TokenRefused) -> Answer:
    """Render a refusal."""
    body = TokenError(error=refused.error, error_description=refused.description)
    headers = {**NOT_STORED, **refused.headers}
    if refused.status == 401:
        headers |= {"WWW-Authenticate": 'Basic realm="coaching"'}
    return Answer(status=refused.status, body=msgspec.json.encode(body), headers=headers)


def _network_of(scope: Scope) -> str:
    """Name who asks by the address; of IPv6, by the network, in which one machine has them all."""
    address: str = (scope.get("client") or ("",))[0]
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if known.version == 6 and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(known), 64), strict=False))
    return address
