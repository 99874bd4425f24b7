"""Whether a request is Slack's: it carries a signature of its body and of the moment it was sent.

Nothing that fails here is parsed. What is refused is counted by reason, and warned of once for each
reason and then at most once an hour: anybody may send nonsense, and a log must not drown in it.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, Literal

from bot.logger import get_logger

log = get_logger(__name__)

Reason = Literal["missing", "wrong", "stale"]
OLDEST: Final = timedelta(minutes=5)
"""Slack's own advice: an older request may be one that somebody recorded and sends again."""
WARN_EVERY: Final = timedelta(hours=1)
SAID: Final[Mapping[Reason, str]] = {
    "missing": "A request came without Slack’s signature.",
    "wrong": (
        "The signature of a request does not fit SLACK_SIGNING_SECRET. If it came from Slack, "
        "please copy the secret again."
    ),
    "stale": (
        "A request with Slack’s signature is too far from this computer’s clock. Please set the "
        "clock, best by NTP."
    ),
}


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
        self._warned_at: dict[Reason, float] = {}

    def is_slacks(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Answer whether Slack sent this just now; what is refused is counted."""
        sent_at = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) < 12 and signature):
            return self._refuse("missing")
        # By hand, because slack_sdk fails on a body that is no text: anybody may send one.
        signed = b"v0:%s:%s" % (sent_at.encode(), body)
        wanted = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            return self._refuse("wrong")
        seconds_off = self._now() - int(sent_at)
        if abs(seconds_off) > OLDEST.total_seconds():
            return self._refuse("stale", seconds_off=round(seconds_off))
        return True

    def _refuse(self, reason: Reason, *, seconds_off: int = 0) -> Literal[False]:
        self._refused(reason)
        now, last = self._now(), self._warned_at.get(reason)
        if last is None or abs(now - last) >= WARN_EVERY.total_seconds():
            self._warned_at[reason] = now
            log.warning(
                "RequestRefused", reason=reason, seconds_off=seconds_off, message=SAID[reason]
            )
        return False
