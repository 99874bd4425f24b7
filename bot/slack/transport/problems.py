"""Why Slack cannot be reached or used: a code for programs, and a sentence that says what to do.

`coachbot check` and `coachbot run` say the same, because both ask here.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.transport.replies import reason_of, retry_after, status_of

BOT_TOKEN: Final = "SLACK_BOT_TOKEN"  # noqa: S105 (the name of a setting)
APP_TOKEN: Final = "SLACK_APP_TOKEN"  # noqa: S105
SIGNING_SECRET: Final = "SLACK_SIGNING_SECRET"  # noqa: S105
WHERE: Final[Mapping[str, str]] = {
    BOT_TOKEN: "README, Connect it to Slack, step 3",
    APP_TOKEN: "README, Connect it to Slack, step 4",
    SIGNING_SECRET: "README, Connect it to Slack, By HTTP",
}
"""Where the README says how to get each."""

COPY_AGAIN: Final = "Slack does not know {token}. Please copy it again ({where})."
NO_ACCESS: Final = (
    "Slack gives this app no access to the workspace ({code}). Please ask whoever administers "
    "the workspace to allow it."
)
REFUSALS: Final[Mapping[str, str]] = {
    "invalid_auth": COPY_AGAIN,
    "not_authed": COPY_AGAIN,
    "account_inactive": (
        "The app was taken out of the workspace, or the workspace is gone. Please install the app "
        "again and copy {token} anew ({where})."
    ),
    "token_revoked": (
        "{token} was revoked. Please install the app again and copy the new token ({where})."
    ),
    "token_expired": (
        "{token} has expired. Please turn token rotation off in the app’s settings, install the "
        "app again and copy the new token ({where})."
    ),
    "not_allowed_token_type": (
        "{token} holds a token of another kind: the bot token begins with xoxb-, the app-level "
        "token with xapp-. Please copy the right one ({where})."
    ),
    "missing_scope": (
        "The token in {token} lacks a scope that is needed{needed}. Please add it in the app’s "
        "settings, install the app again and copy {token} anew ({where})."
    ),
    **dict.fromkeys(
        "access_denied accesslimited ekm_access_denied enterprise_is_restricted forbidden_team "
        "no_permission org_login_required team_access_not_granted".split(),
        NO_ACCESS,
    ),
    "link_disabled": (
        "Socket Mode is turned off for this app. Please turn it on in the app’s settings, or set "
        "COACHBOT_SLACK_MODE=http."
    ),
}
"""Slack's own codes after which somebody has to put the installation right."""
CHECK_PROXY: Final = "Please check HTTPS_PROXY and NO_PROXY."
UNTRUSTED: Final = (
    "The certificate of {host} is not trusted by this computer. Please check its clock and its "
    "certificates."
)
OUT_OF_REACH: Final = "{host} cannot be reached. Is it reachable from here?"
NOT_SLACK: Final = (
    "Something between here and Slack answers in its place ({what}), probably a proxy. "
    "Please let this computer reach Slack, or check HTTPS_PROXY, NO_PROXY and SLACK_API_URL."
)
ON_THE_WAY: Final[Mapping[type[BaseException], tuple[str, str]]] = {
    aiohttp.ClientHttpProxyError: (
        "proxy_refused",
        f"The proxy answers with status {{status}}. {CHECK_PROXY}",
    ),
    aiohttp.ClientProxyConnectionError: (
        "proxy_unreachable",
        f"The proxy cannot be reached. {CHECK_PROXY}",
    ),
    aiohttp.WSServerHandshakeError: (
        "socket_refused",
        "Slack opened no socket for an address that it gave (status {status}).",
    ),
    aiohttp.ClientConnectorCertificateError: ("untrusted_certificate", UNTRUSTED),
    ssl.SSLError: ("untrusted_certificate", UNTRUSTED),
    TimeoutError: ("timeout", "{host} did not answer in time. Is it reachable from here?"),
    # The address of Slack was looked at with the settings: this is the proxy's.
    aiohttp.InvalidURL: ("proxy_unusable", f"The proxy must be an http address. {CHECK_PROXY}"),
    aiohttp.ClientError: ("unreachable", OUT_OF_REACH),
    OSError: ("unreachable", OUT_OF_REACH),
    UnicodeError: ("not_slack", NOT_SLACK.format(what="no text")),
}
"""What goes wrong before Slack answers; the first kind that fits is told."""
TOO_MANY: Final = "too_many_websockets"
TOO_MANY_SAID: Final = (
    "Slack allows ten connections for each app, and all are taken. Please run fewer processes "
    "with Socket Mode, or use HTTP (README, Run it for many)."
)
CLOSED: Final = "closed"
"""How a connection ends of which Slack did not say why."""
TROUBLE: Final = frozenset(
    "internal_error fatal_error service_unavailable request_timeout team_added_to_org".split()
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands between the bot and Slack."""

    code: str
    """Stable; Slack's own word where it has one."""
    message: str
    """A sentence for whoever runs the bot."""
    is_refusal: bool = False
    """Whether somebody has to act: another try alone changes nothing."""
    wait: timedelta = timedelta(0)
    """How long Slack asks to wait; zero where it does not say."""


def problem_of(error: BaseException, *, token: str = BOT_TOKEN, address: str) -> Problem:
    """Say what an error of a call to Slack means; `address` is where Slack was looked for."""
    if isinstance(error, SlackApiError):
        return _answered(error, token)
    if isinstance(error, aiohttp.ClientHttpProxyError | aiohttp.WSServerHandshakeError):
        code, said = ON_THE_WAY[type(error)]
        return Problem(code, said.format(status=error.status))
    host = urlsplit(address).hostname or address
    for kind, (code, said) in ON_THE_WAY.items():
        if isinstance(error, kind):
            return Problem(code, said.format(host=host))
    # The library fails by itself where an answer is no object: Slack always gives one.
    return _somebody_else("no answer of Slack’s")


def refused_by(code: str, *, token: str = APP_TOKEN) -> Problem:
    """Say what a word of Slack's means that ended a connection, or kept it from beginning."""
    if code == TOO_MANY:
        return Problem(code, TOO_MANY_SAID)
    if code in REFUSALS:
        return _refusal(code, token)
    if code == CLOSED:
        return Problem(code, "The connection to Slack was lost.")
    return Problem(code, f"Slack ended the connection ({code}).")


def _answered(error: SlackApiError, token: str) -> Problem:
    code, status = reason_of(error), status_of(error)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        wait = retry_after(error)
        said = f"Slack asks to wait {wait.total_seconds():.0f} s before it answers again."
        return Problem("ratelimited", said, wait=wait)
    if code in REFUSALS:
        return _refusal(code, token, needed=_needed(error))
    if status >= 500 or code in TROUBLE:
        said = f"Slack has trouble of its own ({code or f'status {status}'})."
        return Problem(code or "server_error", f"{said} Please try again in a while.")
    if not code:
        return _somebody_else(f"status {status}")
    return Problem(code, f"Slack refuses it ({code}).", is_refusal=True)


def _refusal(code: str, token: str, *, needed: str = "") -> Problem:
    said = REFUSALS[code].format(token=token, where=WHERE[token], code=code, needed=needed)
    return Problem(code, said, is_refusal=True)


def _needed(error: SlackApiError) -> str:
    data = getattr(error.response, "data", error.response)
    needed = data.get("needed") if isinstance(data, dict) else None
    return f" ({needed})" if needed else ""


def _somebody_else(what: str) -> Problem:
    return Problem("not_slack", NOT_SLACK.format(what=what))
