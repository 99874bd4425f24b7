"""Whether a request is Slack's: it carries a signature of its body and of the moment it was sent.

Nothing that fails here is parsed, and what its headers give away is refused before its body is
read. What is refused is counted by reason, and warned of at most once an hour for each reason.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, Literal

from bot.logger import get_logger
from bot.seldom import Seldom

log = get_logger(__name__)

Reason = Literal["missing", "wrong", "stale"]
OLDEST: Final = timedelta(minutes=5)
"""Slack's own advice: an older request may be one that somebody recorded and sends again."""
SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
SAID: Final[Mapping[Reason, str]] = {
    "missing": "A request came without Slack’s signature.",
    "wrong": (
        "The signature of a request does not fit SLACK_SIGNING_SECRET. If it came from Slack, "
        "please copy the secret again."
    ),
    "stale": (
        "A request is too far from this computer’s clock. If it came from Slack, please set the "
        "clock, best by NTP."
    ),
}


class Claim:
    """A request that may be Slack's: whether it is, its whole body tells."""

    def __init__(self, signature: str, digest: hmac.HMAC, refuse: Callable[[], None]) -> None:
        self._signature = signature
        self._digest = digest
        self._refuse = refuse

    def take(self, piece: bytes) -> None:
        """Take the next piece of the body: all at once would hold others up."""
        self._digest.update(piece)

    def is_slacks(self) -> bool:
        """Answer whether Slack signed the body; what is refused is counted."""
        wanted = f"v0={self._digest.hexdigest()}"
        if hmac.compare_digest(wanted.encode(), self._signature.encode()):
            return True
        self._refuse()
        return False


class Signatures:
    """Tells Slack's requests from others."""

    def __init__(
        self,
        secret: str,
        *,
        refused: Callable[[str], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._secret = secret.encode()
        self._refused = refused
        self._now = now
        self._seldom = Seldom(now)

    def begin(self, headers: Mapping[str, str]) -> Claim | None:
        """Judge a request by its headers; None for what is refused whatever its body is."""
        sent_at = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) < 12 and signature):
            self._refuse("missing")
            return None
        seconds_off = self._now() - int(sent_at)
        if abs(seconds_off) > OLDEST.total_seconds():
            self._refuse("stale", seconds_off=round(seconds_off))
            return None
        if not SIGNATURE.fullmatch(signature):
            self._refuse("wrong")
            return None
        # By hand, because slack_sdk fails on a body that is no text: anybody may send one.
        digest = hmac.new(self._secret, b"v0:%s:" % sent_at.encode(), hashlib.sha256)
        return Claim(signature, digest, lambda: self._refuse("wrong"))

    def _refuse(self, reason: Reason, *, seconds_off: int = 0) -> None:
        self._refused(reason)
        if self._seldom.is_due(reason):
            log.warning(
                "RequestRefused", reason=reason, seconds_off=seconds_off, message=SAID[reason]
            )
