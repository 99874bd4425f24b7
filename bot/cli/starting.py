"""Commands that start something that keeps running: `run`, `api`, `sandbox`."""

import argparse
import asyncio
from dataclasses import replace
from typing import Final

from bot import app
from bot.cli.running import Refused
from bot.playground import run_sandbox
from bot.settings import NEEDED, Settings, missing_for_run

MODES: Final = {"socket": "Socket Mode", "http": "HTTP mode"}
NOT_SET = (
    "Coachbot needs {needed} in the environment for {mode}; {missing} is not set.\n"
    "The README says step by step how to get them. To try Coachbot without Slack: make sandbox"
)


def start_sandbox(settings: Settings, options: argparse.Namespace) -> int:
    """Serve the pretend Slack with the bot in it."""
    asyncio.run(run_sandbox(settings, port=options.port, empty=options.empty, say=_say))
    return 0


def start_bot(settings: Settings, _options: argparse.Namespace) -> int:
    """Connect to Slack and go to work."""
    if missing := missing_for_run(settings):
        needed = " and ".join(NEEDED[settings.slack_mode])
        mode = MODES[settings.slack_mode]
        raise Refused(NOT_SET.format(needed=needed, mode=mode, missing=missing[0]))
    return asyncio.run(app.run_bot(settings))


def start_api(settings: Settings, options: argparse.Namespace) -> int:
    """Serve the REST API alone, without Slack."""
    port = settings.api_port if options.port is None else options.port
    asyncio.run(app.run_api(replace(settings, api_port=port), say=_say))
    return 0


def _say(line: str) -> None:
    # At once, also where the output is a pipe or a file: whoever waits for the address reads it.
    print(line, flush=True)
