"""`python -m tests.chaos.replica` is `coachbot run` with the clock of the run, and nothing else."""

import importlib
import os

from bot import coaching
from tests.chaos.clock import read_clock

CLOCK = "system_clock"


def main() -> int:
    """Give the bot another clock before anything reads it, and run it."""
    setattr(coaching, CLOCK, read_clock(os.environ))
    code: int = importlib.import_module("bot.cli").main(["run"])
    return code


if __name__ == "__main__":
    raise SystemExit(main())
