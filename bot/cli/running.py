"""Run a parsed command, and tell a person in a sentence what stands in its way."""

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Final

from bot.coaching import Caller, CoachingError, Source
from bot.env_file import read_env_file
from bot.logger import describe
from bot.settings import Settings, SettingsError, read_settings

OPERATOR: Final = Caller("", Source.COMMAND_LINE)
"""Whoever has the machine acts for the organisation, not as a person."""

REFUSED: Final = 2
OUR_ERROR: Final = 70
UNWRITTEN: Final = frozenset((errno.EPIPE, errno.ENOSPC))
"""What stands in the way of printing is told by whoever ends the process."""


class Refused(CoachingError):
    """What was asked cannot be done; the message says what to do."""


def run_command(options: argparse.Namespace) -> int:
    """Run the command that the parser named; answers the exit code."""
    run: Callable[[Settings, argparse.Namespace], int] = resolve_name(options.command)
    try:
        return run(_settings(options.env_file), options)
    except SettingsError as error:
        return _complain("Please correct the settings:\n" + _indented(error.faults))
    except CoachingError as error:
        return _complain(error.message)
    except ValueError as error:
        return _complain(str(error))
    except OSError as error:
        if error.errno in UNWRITTEN:
            raise
        return _complain_of_ours(error)
    except Exception as error:
        return _complain_of_ours(error)


def _settings(env_file: Path | None) -> Settings:
    """Read the settings; what a file sets becomes part of the environment where that has none.

    So a proxy or a time zone may stand in the file too.
    """
    if env_file is None:
        return read_settings(os.environ)
    found = read_env_file(env_file)
    missing = {name for name in found.values if not os.environ.get(name, "").strip()}
    os.environ.update({name: found.values[name] for name in missing})
    return read_settings(os.environ, {name: found.places[name] for name in missing})


def _complain(message: str) -> int:
    print(message, file=sys.stderr)
    return REFUSED


def _complain_of_ours(error: Exception) -> int:
    """Tell an error that nobody foresaw without its words, which may quote what is secret."""
    _complain(f"An error of ours, and not of yours: {describe(error)}.")
    return OUR_ERROR


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {each}" for each in lines)
