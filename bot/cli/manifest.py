"""`coachbot manifest`: what to paste at Slack to make the app."""

import argparse

from bot.cli.running import Refused
from bot.settings import Settings
from bot.slack.manifest import http_manifest, socket_manifest


def print_manifest(settings: Settings, options: argparse.Namespace) -> int:
    """Print the manifest: with an address the one for HTTP, else the one for Socket Mode."""
    address = options.url or (settings.api_url if settings.slack_mode == "http" else None)
    if address is None:
        print(socket_manifest(), end="")
        return 0
    if not address:
        raise Refused(
            "Where COACHBOT_SLACK_MODE is http, Slack needs an address. Please name it: "
            "coachbot manifest --url https://…"
        )
    print(http_manifest(address), end="")
    return 0
