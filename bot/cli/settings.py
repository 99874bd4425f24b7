"""The settings as texts: the file that `--env-file` takes, and the rows of the README's table."""

import argparse
import textwrap
from typing import Final

from bot.environment import SETTINGS, Setting
from bot.settings import Settings

WIDTH: Final = 98
HEADING: Final = """\
# The settings of Coachbot. Copy this file to .env, remove the # before what you set, and run
#     coachbot run --env-file .env
# What the environment sets already wins. Values are taken as they stand, without ${NAME}.
"""


def show_settings(_settings: Settings, _options: argparse.Namespace) -> int:
    """Print every setting with its default, as a file that `--env-file` takes."""
    print(example_file(), end="")
    return 0


def example_file() -> str:
    """Write the file of all settings, each with its default, none of them set."""
    return "\n".join([HEADING, *map(_paragraph, SETTINGS)])


def _paragraph(setting: Setting) -> str:
    said = setting.sentence
    if setting.is_secret:
        said += f" Or name a file that holds it: {setting.file_name}."
    about = textwrap.wrap(said, WIDTH, initial_indent="# ", subsequent_indent="# ")
    return "\n".join([*about, f"#{setting.name}={setting.default}", ""])


def table_rows() -> list[str]:
    """Write the rows of the README's table of settings."""
    return [
        f"| `{each.name}` | {f'`{each.default}`' if each.default else 'none'} | {each.sentence} |"
        for each in SETTINGS
    ]
