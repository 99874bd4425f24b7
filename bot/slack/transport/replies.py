"""Reading Slack's refusals, whatever form they come in."""

from datetime import timedelta

from slack_sdk.errors import SlackApiError


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
    """Give how long Slack asks to wait: a second where it does not say."""
    headers = getattr(error.response, "headers", None) or {}
    named = {str(name).lower(): value for name, value in headers.items()}
    try:
        return timedelta(seconds=float(named["retry-after"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return timedelta(seconds=1)
