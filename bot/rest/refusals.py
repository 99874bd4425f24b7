"""Every way to say no: one error of ours becomes one status and one body (contract, section 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from bot import coaching
from bot.logger import get_logger
from bot.rest.answers import Detail, ErrorBody

log = get_logger(__name__)

UNKNOWN_CALLER: Final = frozenset({"authentication.required", "bad.credentials"})
STATUSES: Mapping[type[coaching.CoachingError], int] = {
    coaching.Invalid: 400,
    coaching.Denied: 403,
    coaching.NotFound: 404,
    coaching.Conflict: 409,
    coaching.Unavailable: 503,
}
WIRE_NAMES: Mapping[str, str] = {
    "starts_at": "dateStart",
    "length_minutes": "lengthInMinutes",
    "interruptible_ids": "interruptibleAppointmentIds",
    "filter_type": "filter",
    "group_by_attendee": "groupBy",
}
"""Fields that have another name in JSON than their own in camel case."""
SAFE_TO_REPEAT: Final = frozenset({"GET", "HEAD"})
TRY_AGAIN_SECONDS: Final = 5
NO_WORDS: Final = "This can’t be used as it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refusal as it is sent: the status, the code for programs, the sentence for people."""

    status: int
    code: str
    message: str
    field: str | None = None
    wait_seconds: int | None = None
    """When to try again, told only where repeating is safe (contract, section 3)."""

    def headers(self, method: str) -> dict[str, str]:
        """Give the headers that belong to the refusal of a request by this method."""
        if self.status == 401:
            return {"WWW-Authenticate": _challenge(self.code)}
        if self.wait_seconds is not None and method in SAFE_TO_REPEAT:
            return {"Retry-After": str(self.wait_seconds)}
        return {}

    def body(self, context_id: str) -> bytes:
        """Render the error body of the contract."""
        details = [Detail(error_code=self.code, field_name=self.field)] if self.field else []
        body = ErrorBody(
            message=self.message,
            code=self.code,
            status=self.status,
            context_id=context_id,
            message_with_params=self.message,
            message_params={},
            details=details,
            errors=[],
        )
        return msgspec.json.encode(body)


class Refused(Exception):
    """A refusal that only HTTP knows, on its way out."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def refused(status: int, code: str, message: str) -> Refused:
    """Make a refusal that can be raised."""
    return Refused(Refusal(status=status, code=code, message=message))


def refusal_of(error: Exception) -> Refusal:
    """Say which refusal an error is; what nobody foresaw is told to the log alone."""
    if isinstance(error, Refused):
        return error.refusal
    if isinstance(error, coaching.CoachingError):
        return Refusal(
            status=_status_of(error),
            code=error.code,
            message=error.message or NO_WORDS,
            field=wire_name(error.field) if error.field else None,
            wait_seconds=TRY_AGAIN_SECONDS if isinstance(error, coaching.Unavailable) else None,
        )
    log.error("Unforeseen", exc_info=error)
    return Refusal(
        status=500,
        code="internal.server.error",
        message="Something went wrong on our side. Please give the context id when you report it.",
    )


def wire_name(field: str) -> str:
    """Give the JSON name of a field of the use cases."""
    return WIRE_NAMES.get(field) or re.sub(r"_([a-z])", lambda found: found[1].upper(), field)


def no_such_path() -> Refused:
    """There is nothing at this path."""
    return refused(404, "not.found", "There is nothing at this address.")


def no_credentials() -> Refused:
    """Nobody says who is asking."""
    return refused(
        401, "authentication.required", "Please send an access token: Authorization: Bearer …"
    )


def too_large(max_bytes: int) -> Refused:
    """The body is longer than is read."""
    return refused(
        413, "request.entity.too.large", f"Please send at most {max_bytes:,} bytes at once."
    )


def too_many(wait_seconds: int) -> Refused:
    """The client has made all the requests that it may make for now."""
    return Refused(
        Refusal(
            status=429,
            code="too.many.requests",
            message=f"That was a lot at once. Please wait {wait_seconds} s.",
            wait_seconds=wait_seconds,
        )
    )


def _status_of(error: coaching.CoachingError) -> int:
    if error.code in UNKNOWN_CALLER:
        return 401
    return next(status for kind, status in STATUSES.items() if isinstance(error, kind))


def _challenge(code: str) -> str:
    error = ', error="invalid_token"' if code == "bad.credentials" else ""
    return f'Bearer realm="coaching"{error}'
