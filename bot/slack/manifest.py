"""What Slack must know of the app, for each way in which Slack reaches the bot.

`manifest.yaml` beside this file is the one for Socket Mode. With an address it is the one for HTTP:
Slack then wants four addresses, and all four are the same one, because the bot tells requests apart
by what they are. Without the one for options load every menu that is looked up stays empty.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from bot.slack.transport.doorway import PATH

PLACES: Final[Mapping[str, str]] = {
    "    - command: /coach\n": "      url: {url}\n",
    "  event_subscriptions:\n": "    request_url: {url}\n",
    "  interactivity:\n    is_enabled: true\n": (
        "    request_url: {url}\n    message_menu_options_url: {url}\n"
    ),
}
"""Lines of the manifest for Socket Mode, and what stands below them where Slack calls the bot."""
BY_SOCKET: Final = "  socket_mode_enabled: true\n"
BY_HTTP: Final = "  socket_mode_enabled: false\n"


def socket_manifest() -> str:
    """Give the manifest for Socket Mode, as YAML."""
    return files("bot.slack").joinpath("manifest.yaml").read_text(encoding="utf-8")


def http_manifest(address: str) -> str:
    """Give the manifest for HTTP, as YAML; Slack reaches the bot at this https address.

    Raises ValueError for an address that Slack would not call.
    """
    quoted = json.dumps(_request_url(address))
    text = socket_manifest().replace(BY_SOCKET, BY_HTTP)
    for line, below in PLACES.items():
        text = text.replace(line, line + below.format(url=quoted))
    return text


def _request_url(address: str) -> str:
    parts = urlsplit(address.strip())
    base = f"https://{parts.netloc}{parts.path.rstrip('/').removesuffix(PATH)}"
    is_plain = not (parts.query or parts.fragment or parts.username) and address.isprintable()
    if parts.scheme != "https" or not parts.hostname or not is_plain or " " in base:
        raise ValueError(
            "Slack calls https addresses only. Please name the one at which it reaches Coachbot, "
            "such as https://coachbot.example.com."
        )
    return base + PATH
