"""Run a parsed command, and tell a person in a sentence what stands in its way."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Final

from bot.coaching import Caller, CoachingError, Source
from bot.env_file import read_env_file
from bot.settings import Settings, SettingsError, read_settings

OPERATOR: Final = Caller("", Source.COMMAND_LINE)
"""Whoever has the machine acts for the organisation, not as a person."""


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
    return 2


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {each}" for each in lines)
