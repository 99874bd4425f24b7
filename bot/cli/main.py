"""The first step of every command: what was asked is parsed, then its code is imported and run.

Exit codes: 0 done, 1 a check failed, 2 refused, 130 interrupted by Ctrl+C.
"""

from collections.abc import Sequence
from pkgutil import resolve_name

from bot.cli.parser import build_parser

RUN_COMMAND = "bot.cli.running:run_command"
"""Where a parsed command is run; imported late, because `--help` needs none of it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code."""
    try:
        options = build_parser().parse_args(arguments)
        return int(resolve_name(RUN_COMMAND)(options))
    except KeyboardInterrupt:
        return 130
