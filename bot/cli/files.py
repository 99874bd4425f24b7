"""What commands read from files and print for programs."""

import json
from pathlib import Path

from bot.cli.running import Refused


def unreadable(path: Path, error: OSError) -> Refused:
    """Say that a file cannot be read, and why."""
    return Refused(f"{path} can’t be read: {error.strerror}.")


def print_json(value: object) -> None:
    """Print a value for a program."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
