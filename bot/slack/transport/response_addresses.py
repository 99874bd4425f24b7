"""The addresses at which an act is answered: of Slack's own, and encrypted on the way there."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bot.loopback import is_loopback
from bot.slack.transport.proxies import proxy_for

SLACKS: Final = "hooks.slack.com"
MOST_READ: Final = 1_000
"""How much of what comes back is read, in bytes; Slack says `ok` or one word."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back from a response address."""

    status: int
    word: str


def is_slacks(address: str, *, api_url: str) -> bool:
    """Answer whether an address is Slack's, or that of the server which stands in for it.

    It is encrypted unless that server is reached without encryption as well.
    """
    try:
        wanted, api = urlsplit(address), urlsplit(api_url)
        host, api_host = wanted.hostname, api.hostname
    except ValueError:
        return False
    if not host or wanted.username is not None:
        return False
    is_same = host == api_host or (is_loopback(host) and is_loopback(api_host))
    if wanted.scheme == "http":
        return is_same and api.scheme == "http"
    return wanted.scheme == "https" and (is_same or host in {SLACKS, f"hooks.{api_host}"})


async def post(address: str, body: dict[str, Any], *, seconds: float) -> Answered:
    """Send an answer, once, to this address and nowhere else. Raises ClientError, TimeoutError."""
    limit = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.post(
            address, json=body, proxy=proxy_for(address), allow_redirects=False
        ) as answered,
    ):
        word = await answered.content.read(MOST_READ)
        return Answered(answered.status, word.decode("utf-8", "replace"))
