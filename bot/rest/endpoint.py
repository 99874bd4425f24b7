"""One path of the API: each request is read, done in one hop, and answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from starlette.types import Receive, Scope, Send

from bot import coaching
from bot.coaching import Context, Invalid
from bot.hop import Hop
from bot.rest.calls import BodyReader, Call, Operation
from bot.rest.exchange import (
    JSON,
    Answer,
    ClientGone,
    header_of,
    put,
    put_not_allowed,
    put_refusal,
    read_body,
)
from bot.rest.pages import address_of
from bot.rest.queries import pairs_of, parameters_of, read_query
from bot.rest.rates import Rates
from bot.rest.refusals import (
    Refusal,
    no_credentials,
    no_such_path,
    refusal_of,
    refused,
    too_many,
)
from bot.rest.settings import RestSettings

LONGEST_KEY: Final = 255
LONGEST_ID: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every path of the API shares."""

    context: Context
    hop: Hop
    settings: RestSettings
    rates: Rates
    token_tries: "TokenTries"


@dataclass(frozen=True, slots=True)
class TokenTries:
    """What holds back who guesses secrets: each guess costs a slow hash on purpose."""

    by_address: Rates
    by_client: Rates
    threads: Hop
    """Of their own, so that guesses keep neither Slack nor the sender waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it came, read but not yet understood."""

    token: str
    path: str
    query_string: bytes
    ids: Mapping[str, str]
    raw: bytes
    key: str | None


class Prepared:
    """An operation with everything that can be made ready before the first request."""

    def __init__(self, operation: Operation, surroundings: Surroundings) -> None:
        self.operation = operation
        self._around = surroundings
        self._parameters = parameters_of(operation.query)
        self._bodies = BodyReader(operation)
        self._encoder = msgspec.json.Encoder()

    def perform(self, received: Received) -> Answer | Refusal:
        """Do what is asked: know the caller, read the request, ask the use case, render."""
        try:
            caller, client_id = coaching.caller_for_token(self._around.context, received.token)
            wait = self._around.rates.take(client_id)
            if wait:
                raise too_many(wait)
            if self.operation.changes:
                coaching.ensure_writes(caller)
            result = self.operation.does(self._call(caller, received))
            body = b"" if result is None else self._encoder.encode(result)
        except Exception as error:
            return refusal_of(error)
        return Answer(status=self.operation.status, body=body)

    def _call(self, caller: coaching.Caller, received: Received) -> Call[Any, Any]:
        pairs = pairs_of(received.query_string)
        return Call(
            context=self._around.context,
            caller=caller,
            query=self.operation.query(**read_query(self._parameters, pairs)),
            body=self._bodies.read(received.raw),
            ids=_ids(received.ids),
            address=address_of(received.path, pairs, origin=self._around.settings.public_url or ""),
            submission=_submission(received.key),
        )


class Endpoint:
    """A path with the operations that it has, by method."""

    def __init__(self, operations: list[Operation], surroundings: Surroundings) -> None:
        self._around = surroundings
        self._prepared = {each.method: Prepared(each, surroundings) for each in operations}
        if "GET" in self._prepared:
            self._prepared["HEAD"] = self._prepared["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        prepared = self._prepared.get(scope["method"])
        if prepared is None:
            await put_not_allowed(self._prepared, scope, send)
            return
        try:
            received = await self._receive(prepared.operation, scope, receive)
            outcome = await self._around.hop(prepared.perform, received)
        except ClientGone:
            return
        except Exception as error:
            outcome = refusal_of(error)
        if isinstance(outcome, Refusal):
            await put_refusal(outcome, scope, send)
        else:
            await put(outcome, send)

    async def _receive(self, operation: Operation, scope: Scope, receive: Receive) -> Received:
        token = _token(scope)
        raw = b""
        if operation.body is not None:
            _ensure_json(scope)
            raw = await read_body(scope, receive, self._around.settings.max_body_bytes)
        return Received(
            token=token,
            path=_path(scope, self._around.settings),
            query_string=scope["query_string"],
            ids=scope["path_params"],
            raw=raw,
            key=header_of(scope, b"idempotency-key") if operation.takes_key else None,
        )


def _token(scope: Scope) -> str:
    scheme, _, token = (header_of(scope, b"authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise no_credentials()
    return token.strip()


def _ensure_json(scope: Scope) -> None:
    named = (header_of(scope, b"content-type") or JSON).partition(";")[0].strip().lower()
    packed = (header_of(scope, b"content-encoding") or "identity").strip().lower()
    if packed != "identity" or not (named == JSON or named.endswith("+json")):
        raise refused(415, "unsupported.media.type", "Please send JSON: application/json.")


def _path(scope: Scope, settings: RestSettings) -> str:
    """Give the path as it was asked for; below a public address, without what is in front of us."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) if settings.public_url else path


def _ids(ids: Mapping[str, str]) -> Mapping[str, str]:
    if any("\x00" in each or len(each) > LONGEST_ID for each in ids.values()):
        raise no_such_path()
    return ids


def _submission(key: str | None) -> str | None:
    if key is not None and len(key) > LONGEST_KEY:
        message = f"An Idempotency-Key has at most {LONGEST_KEY} characters."
        raise Invalid(message, code="constraint.validation", field="Idempotency-Key")
    return key or None
