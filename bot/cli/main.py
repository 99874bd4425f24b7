"""The first step of every command: what was asked is parsed, then its code is imported and run.

Exit codes: 0 done, 1 a check failed, 2 refused, 70 an error of ours, 130 stopped by Ctrl+C,
141 nobody reads the output any more.
"""

import io
import os
import sys
from collections.abc import Sequence
from pkgutil import resolve_name
from typing import Final

from bot.cli.parser import build_parser

RUN_COMMAND: Final = "bot.cli.running:run_command"
"""Where a parsed command is run; imported late, because `--help` needs none of it."""
REFUSED: Final = 2
INTERRUPTED: Final = 130
UNREAD: Final = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code."""
    try:
        _write_any_sign()
        code = _run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _write_no_more()
        return UNREAD
    except OSError as error:
        _write_no_more()
        print(f"The output can’t be written: {error.strerror}.", file=sys.stderr)
        return REFUSED
    return code


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as done:
        return int(done.code or 0)
    if options.command is None:
        options.without_command.print_help()
        return 0
    return int(resolve_name(RUN_COMMAND)(options))


def _write_any_sign() -> None:
    """Let no sign that a terminal doesn't know stop a command: it is written as its number."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _write_no_more() -> None:
    """Let the end of the process not try again to write what nobody takes."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
