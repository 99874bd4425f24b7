"""The README is true: its settings and commands are those of the code."""

import pytest

from bot.cli.settings import example_file
from bot.slack.transport.scopes import EVENTS, SCOPES
from tests.settings_texts import EXAMPLE, README, with_table


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


def test_the_settings_are_those_of_the_code(readme: str) -> None:
    assert readme == with_table(readme), "please run: make settings"


def test_the_example_of_a_settings_file_is_that_of_the_code() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == example_file(), "please run: make settings"


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
