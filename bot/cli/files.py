"""What commands read from files and print for programs."""

import json
import sys
from pathlib import Path

from bot.cli.running import Refused


def unreadable(path: Path, error: OSError) -> Refused:
    """Say that a file cannot be read, and why."""
    return Refused(f"{path} can’t be read: {error.strerror}.")


def print_json(value: object) -> None:
    """Print a value for a program."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not is_utf8, indent=2))
