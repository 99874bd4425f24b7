"""Reading what asks for an access token, by the rules of RFC 6749."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from starlette.types import Receive, Scope

from bot.rest.exchange import header_of, read_body
from bot.rest.refusals import Refused

FORM: Final = "application/x-www-form-urlencoded"
LONGEST_FORM: Final = 16 * 1024
LONGEST_ID: Final = 512
MOST_FIELDS: Final = 50
FULL: Final = "coaching"
READ_ONLY: Final = "coaching:readonly"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """Who a client says it is, and what it asks for."""

    client_id: str
    secret: str
    reads_only: bool

    def __repr__(self) -> str:
        """Keep the secret out of logs."""
        return f"TokenRequest(client_id={self.client_id!r})"


class TokenRefused(Exception):
    """A refusal in the words of OAuth; the description is ASCII without quotes and backslashes."""

    def __init__(
        self, status: int, error: str, description: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description
        self.headers = dict(headers or {})


async def read_request(scope: Scope, receive: Receive) -> TokenRequest:
    """Read a request for a token. Raises TokenRefused, ClientGone."""
    if scope["method"] != "POST":
        raise TokenRefused(
            405, "invalid_request", "Tokens are asked for by POST.", {"Allow": "POST"}
        )
    if b"client_secret" in scope["query_string"]:
        raise _invalid("A secret does not belong into the address.")
    form = await _read_form(scope, receive)
    grant = form.get("grant_type")
    if grant is None:
        raise _invalid("Please send grant_type=client_credentials.")
    if grant != "client_credentials":
        raise TokenRefused(
            400, "unsupported_grant_type", "Please send grant_type=client_credentials."
        )
    client_id, secret = _credentials(scope, form)
    return TokenRequest(client_id=client_id, secret=secret, reads_only=_reads_only(form))


async def _read_form(scope: Scope, receive: Receive) -> Mapping[str, str]:
    """Read the form; a field without a value counts as left out (section 3.2)."""
    named = (header_of(scope, b"content-type") or FORM).partition(";")[0].strip().lower()
    if named != FORM:
        raise TokenRefused(415, "invalid_request", f"Please send a form: {FORM}.")
    try:
        raw = await read_body(scope, receive, LONGEST_FORM)
        fields = parse_qsl(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except Refused:
        said = f"Please send at most {LONGEST_FORM} bytes."
        raise TokenRefused(413, "invalid_request", said) from None
    except ValueError:
        raise _invalid("The form can not be read.") from None
    if len({name for name, _ in fields}) < len(fields):
        raise _invalid("Please send each field once.")
    return {name: value for name, value in fields if value}


def _credentials(scope: Scope, form: Mapping[str, str]) -> tuple[str, str]:
    """Take the credentials out of the header, or else out of the form, never of both."""
    headers = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(headers) > 1:
        raise _invalid("Please send one Authorization header.")
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if headers:
        if secret:
            raise _invalid("Please send the secret by header or in the form, not by both.")
        client_id, secret = _basic(headers[0].decode("latin-1"))
        if form.get("client_id", client_id) != client_id:
            raise _invalid("The header and the form name two clients.")
    if not client_id or not secret:
        raise _unknown("Please send the id and the secret of the client.")
    if len(client_id) > LONGEST_ID or len(secret) > LONGEST_ID:
        raise _unknown("These credentials do not open anything here.")
    return client_id, secret


def _basic(header: str) -> tuple[str, str]:
    """Read HTTP Basic; both parts are encoded as in a form (section 2.3.1)."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise _unknown("Please send the id and the secret by HTTP Basic.")
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode()
        client_id, _, secret = pair.partition(":")
        return unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict")
    except (ValueError, binascii.Error):
        raise _unknown("The Basic header can not be read.") from None


def _reads_only(form: Mapping[str, str]) -> bool:
    """Read the scope; without one, or with both, everything is asked for (section 3.3)."""
    asked = set(form.get("scope", FULL).split(" "))
    if not asked <= {FULL, READ_ONLY}:
        raise TokenRefused(400, "invalid_scope", f"The scopes here are {FULL} and {READ_ONLY}.")
    return FULL not in asked


def _invalid(said: str) -> TokenRefused:
    return TokenRefused(400, "invalid_request", said)


def _unknown(said: str) -> TokenRefused:
    return TokenRefused(401, "invalid_client", said)
