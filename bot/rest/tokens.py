"""`POST /oauth/token`: a client's id and secret become an access token (contract, section 3)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Receive, Scope, Send

from bot import coaching
from bot.coaching import CoachingError, Unavailable
from bot.rest.answers import IssuedToken, TokenError
from bot.rest.endpoint import Surroundings
from bot.rest.exchange import Answer, ClientGone, header_of, put, read_body
from bot.rest.refusals import Refused

FORM: Final = "application/x-www-form-urlencoded"
LONGEST_FORM: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who a client says it is."""

    client_id: str
    secret: str


class TokenRefused(Exception):
    """A refusal in the words of OAuth."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.body = TokenError(error=error, error_description=description)

    def answer(self) -> Answer:
        """Render the refusal."""
        challenge = {"WWW-Authenticate": 'Basic realm="coaching"'} if self.status == 401 else {}
        return Answer(status=self.status, body=msgspec.json.encode(self.body), headers=challenge)


class TokenEndpoint:
    """Where access tokens are given out."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, receive)
        except ClientGone:
            return
        except TokenRefused as refusal:
            answer = refusal.answer()
        await put(answer, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            raise TokenRefused(405, "invalid_request", "Tokens are asked for by POST.")
        form = await _read_form(scope, receive)
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused(
                400, "unsupported_grant_type", "Please send grant_type=client_credentials."
            )
        credentials = _credentials(scope, form)
        self._ensure_patient(scope)
        return await self._around.hop(self._issue, credentials)

    def _ensure_patient(self, scope: Scope) -> None:
        """Refuse whoever tries too often: each try costs us a slow hash on purpose."""
        address = (scope.get("client") or ("",))[0]
        if self._around.rates.take(f"token:{address}"):
            raise TokenRefused(429, "temporarily_unavailable", "Please wait before you try again.")

    def _issue(self, credentials: Credentials) -> Answer:
        try:
            issued = coaching.issue_token(
                self._around.context, credentials.client_id, credentials.secret
            )
        except Unavailable as error:
            raise TokenRefused(503, "temporarily_unavailable", error.message) from error
        except CoachingError as error:
            raise TokenRefused(401, "invalid_client", error.message) from error
        body = IssuedToken(
            access_token=issued.access_token,
            token_type="bearer",  # noqa: S106 - the kind of token, not one
            expires_in=issued.expires_in_seconds,
        )
        return Answer(status=200, body=msgspec.json.encode(body))


async def _read_form(scope: Scope, receive: Receive) -> Mapping[str, str]:
    named = (header_of(scope, b"content-type") or FORM).partition(";")[0].strip().lower()
    if named != FORM:
        raise TokenRefused(415, "invalid_request", f"Please send a form: {FORM}.")
    try:
        raw = await read_body(scope, receive, LONGEST_FORM)
        return dict(parse_qsl(raw.decode(), keep_blank_values=True))
    except Refused as refused:
        raise TokenRefused(413, "invalid_request", refused.refusal.message) from None
    except ValueError:
        raise TokenRefused(400, "invalid_request", "The form can’t be read.") from None


def _credentials(scope: Scope, form: Mapping[str, str]) -> Credentials:
    """Take the credentials out of the header, or else out of the form."""
    scheme, _, encoded = (header_of(scope, b"authorization") or "").partition(" ")
    if scheme.lower() == "basic":
        found = _basic(encoded.strip())
    else:
        found = Credentials(form.get("client_id", ""), form.get("client_secret", ""))
    if not found.client_id or not found.secret:
        raise TokenRefused(401, "invalid_client", "Please send the client’s id and secret.")
    return found


def _basic(encoded: str) -> Credentials:
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        raise TokenRefused(401, "invalid_client", "The Basic header can’t be read.") from None
    return Credentials(client_id, secret)
