"""Reading Slack's refusals, whatever form they come in."""

import math
from datetime import timedelta
from typing import Final

from slack_sdk.errors import SlackApiError

LEAST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(hours=1)
"""A longer wait is more likely a fault on the way than what Slack means."""


def reason_of(error: SlackApiError) -> str:
    """Give Slack's own word for why not; empty where there was no readable answer."""
    data = getattr(error.response, "data", error.response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def status_of(error: SlackApiError) -> int:
    """Give the HTTP status of the answer, zero where there is none."""
    response = error.response
    found = getattr(response, "status_code", None) or getattr(response, "status", None)
    return found if isinstance(found, int) else 0


def retry_after(error: SlackApiError) -> timedelta:
    """Give how long Slack asks to wait: a second where it does not say, an hour at most.

    The header gives seconds, or a date that is taken to mean a second: no clock is asked.
    """
    headers = getattr(error.response, "headers", None) or {}
    named = {str(name).lower(): value for name, value in headers.items()}
    try:
        asked = float(named["retry-after"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return LEAST_WAIT
    if math.isnan(asked):
        return LEAST_WAIT
    least, longest = LEAST_WAIT.total_seconds(), LONGEST_WAIT.total_seconds()
    return timedelta(seconds=min(max(asked, least), longest))
