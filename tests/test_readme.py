"""The README is true: its settings and commands are those of the code."""

from pathlib import Path

import pytest

from bot.environment import SETTINGS, Setting
from bot.slack.transport.scopes import EVENTS, SCOPES

README = Path(__file__).parent.parent / "README.md"


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.name)
def test_every_setting_is_listed_with_its_default(readme: str, setting: Setting) -> None:
    default = f"`{setting.default}`" if setting.default else "none"
    assert f"| `{setting.name}` | {default} | {setting.sentence} |" in readme


def test_no_other_setting_is_listed(readme: str) -> None:
    listed = [
        line for line in readme.splitlines() if line.startswith(("| `COACHBOT_", "| `SLACK_"))
    ]
    assert len(listed) == len([each for each in SETTINGS if each.name != "DATABASE_URL"])


def test_every_scope_and_event_is_explained(readme: str) -> None:
    for scope, reason in SCOPES.items():
        assert f"| `{scope}` | {reason.replace('/coach', '`/coach`')} |" in readme
    for event in EVENTS:
        assert f"`{event}`" in readme


def test_every_picture_is_there(readme: str) -> None:
    pictures = [part.split(")")[0] for part in readme.split("](")[1:] if part.startswith("tests/")]
    assert pictures
    for picture in pictures:
        assert (README.parent / picture).is_file(), picture
