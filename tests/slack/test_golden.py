"""Everything that is shown is what it was: each view and message against the one that is kept.

`TEST_GOLDEN=write` writes the kept ones anew; what has changed is then read in the difference.
"""

import json
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from bot.sandbox import Message, Sandbox, SandboxClock, View
from tests.conftest import FrozenClock
from tests.slack.office import Office
from tests.slack.taken import ensure_blocks_taken, ensure_message_taken, ensure_view_taken
from tests.slack.walks import NOW, WALKS

FOLDER: Final = Path(__file__).parent / "golden"
IS_WRITING: Final = os.environ.get("TEST_GOLDEN") == "write"
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TEAM: Final = re.compile(r'"team-[0-9a-f]+"')
"""A sum of what is looked at, in which such an id may be."""
CHOSEN: Final = re.compile(r'(chosen\\*":\[)[^\]]*')
"""Sums of the roles that are chosen, in which such ids are."""
OURS: Final = ("problem-", "tabs", "menus", "team")
"""How blocks begin that bear a name of ours, and not one that Slack made up."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A pretend Slack whose time stands still until it is moved."""
    clock = SandboxClock(real=FrozenClock(NOW))
    async with Sandbox(clock=clock) as running:
        yield running
        assert not running.complaints


@pytest.mark.parametrize("walk", WALKS)
async def test_everything_that_is_shown_is_what_it_was(office: Office, walk: str) -> None:
    shown: dict[str, str] = {}

    def show(name: str, what: View | Message) -> None:
        assert name not in shown, name
        payload = payload_of(what)
        ensure_taken(payload)
        shown[name] = stable(payload)

    await WALKS[walk](office, show)
    if IS_WRITING:
        write(walk, shown)
    kept = {each.stem: each.read_text() for each in (FOLDER / walk).glob("*.json")}
    assert set(shown) == set(kept)
    for name, text in shown.items():
        assert text == kept[name], name


def test_nothing_is_kept_that_nobody_shows() -> None:
    assert {each.name for each in FOLDER.iterdir()} == set(WALKS)


def write(walk: str, shown: dict[str, str]) -> None:
    folder = FOLDER / walk
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, text in shown.items():
        (folder / f"{name}.json").write_text(text)


def payload_of(what: View | Message) -> dict[str, Any]:
    """What Slack was given."""
    if isinstance(what, View):
        return {**what.payload, "blocks": without_ids(what.blocks)}
    files = [{"title": each.title, "alt_text": each.alt_text} for each in what.files]
    said = {"text": what.text, "blocks": without_ids(what.blocks)}
    return said | ({"files": files} if files else {})


def without_ids(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the names that Slack made up for blocks."""
    return [
        {key: each for key, each in block.items() if key != "block_id" or is_ours(block)}
        for block in blocks
    ]


def is_ours(block: dict[str, Any]) -> bool:
    return block["type"] == "input" or str(block["block_id"]).startswith(OURS)


def ensure_taken(payload: dict[str, Any]) -> None:
    """Slack takes it, by our rules and by another library's."""
    if "type" in payload:
        ensure_view_taken(payload)
    elif "files" in payload:
        ensure_blocks_taken(payload["blocks"])
    else:
        ensure_message_taken(payload["text"], payload["blocks"])


def stable(payload: dict[str, Any]) -> str:
    """Write a payload with ids that are the same in every run."""
    text = "\n".join(lines_of(payload))
    seen = list(dict.fromkeys(UUID.findall(text)))
    for number, each in enumerate(seen, start=1):
        text = text.replace(each, f"id-{number}").replace(each[:8], f"id-{number}-short")
    return CHOSEN.sub(r"\1", TEAM.sub('"team-page"', text)) + "\n"


def lines_of(payload: dict[str, Any]) -> Iterator[str]:
    """Write a payload with a line for each block."""
    rest = {key: each for key, each in sorted(payload.items()) if key != "blocks"}
    yield json.dumps(rest, ensure_ascii=False, sort_keys=True)[:-1] + ', "blocks": ['
    blocks = [json.dumps(each, ensure_ascii=False, sort_keys=True) for each in payload["blocks"]]
    yield ",\n".join(blocks)
    yield "]}"
