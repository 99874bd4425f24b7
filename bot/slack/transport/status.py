"""Whether Slack can be heard, and if not, why: told to health, and once to the log."""

import asyncio
from dataclasses import dataclass
from typing import Final

from bot.logger import get_logger
from bot.slack.transport.problems import Problem

log = get_logger(__name__)

STARTING: Final = Problem("starting", "Slack was not asked yet.")
CONNECTING: Final = Problem("connecting", "The connection to Slack is being made.")


@dataclass(frozen=True, slots=True)
class Status:
    """How things are with Slack at this moment."""

    is_connected: bool
    problem: Problem | None = None
    """Why Slack cannot be heard; None where it can."""


class Telling:
    """Remembers what is wrong with Slack; the log hears of each change once."""

    def __init__(self) -> None:
        self.problem: Problem | None = STARTING
        self.refused = asyncio.Event()
        """Set while Slack refuses what only somebody can put right."""

    def __call__(self, problem: Problem | None) -> None:
        """Take what is wrong now, None where nothing is."""
        before, self.problem = self.problem, problem
        if problem is None:
            self.refused.clear()
            if before is not None and before is not STARTING:
                log.info("SlackAvailable")
            return
        if before is None or before.code != problem.code:
            log.warning("SlackUnavailable", reason=problem.code, message=problem.message)
        if problem.is_refusal:
            self.refused.set()
