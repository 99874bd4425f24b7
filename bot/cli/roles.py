"""Commands about roles: what each may do, as a file."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import coaching
from bot.cli.files import print_json, unreadable
from bot.cli.running import OPERATOR, Refused
from bot.database import opened_context
from bot.settings import Settings


def show_roles(settings: Settings, _options: argparse.Namespace) -> int:
    """Print what each role may do, as a file that `roles load` takes."""
    with opened_context(settings) as context:
        print_json(coaching.role_definitions(context))
    return 0


def load_roles(settings: Settings, options: argparse.Namespace) -> int:
    """Write what each role of a file may do."""
    definitions = _read_roles(options.file)
    with opened_context(settings) as context:
        changed = coaching.load_roles(context, OPERATOR, definitions)
    print(f"Changed: {', '.join(changed)}." if changed else "Every role was like that already.")
    return 0


def _read_roles(path: Path) -> dict[str, Sequence[str]]:
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise Refused(f"{path} is not JSON. No role was changed.") from error
    if not isinstance(found, dict) or not all(_is_list_of_words(each) for each in found.values()):
        raise Refused(
            f'{path} must look like {{"Supervisor": ["coaching:appointment:view"]}}. '
            "No role was changed."
        )
    return found


def _is_list_of_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
