"""The published JavaScript library tells a whole story, in Node, against our API."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from bot.rest.operations import OPERATIONS
from tests.coaching.workplace import Workplace
from tests.prerequisites.node import Node
from tests.prerequisites.record import recorded_node
from tests.published.centre import Centre, served
from tests.published.library import Library

HERE: Final = Path(__file__).parent / "node"
BUILD: Final = Path(__file__).parents[2] / "build" / "node"
QUIETLY: Final = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--silent")


@pytest.fixture(scope="session")
def node() -> Node:
    """Node.js with npm; without them the story is not told."""
    return recorded_node()


@pytest.fixture(scope="session")
def packages(node: Node) -> Path:
    """A folder with what the lock names, installed once for each lock."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = BUILD / hashlib.sha256(lock).hexdigest()[:16]
    if not folder.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILD, ignore_cleanup_errors=True) as made:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, made)
            subprocess.run([*node.npm, "ci", *QUIETLY], cwd=made, check=True, timeout=50)
            with suppress(OSError):  # somebody else was faster
                Path(made).rename(folder)
    return folder


def who(centre: Centre, name: str) -> dict[str, str]:
    """What the story needs to act as somebody."""
    client = centre.credentials(name)
    return {
        "clientId": client.client_id,
        "clientSecret": client.client_secret,
        "personId": centre.ids[name],
    }


def test_a_story(
    workplace: Workplace, library: Library, node: Node, packages: Path, tmp_path: Path
) -> None:
    shutil.copy(HERE / "story.mjs", packages)
    with served(workplace, library) as centre:
        told = {
            "url": centre.url,
            "now": workplace.clock().isoformat(),
            "supervisor": who(centre, "Dana"),
            "agent": who(centre, "Jonas"),
        }
        story = subprocess.run(
            [*node.node, "story.mjs"],
            cwd=packages,
            env=os.environ | {"HOME": str(tmp_path)},
            input=json.dumps(told),
            capture_output=True,
            text=True,
            check=False,
            timeout=50,
        )
    assert (story.returncode, story.stderr) == (0, "")
    assert story.stdout.strip().endswith(f"{len(OPERATIONS)} methods")
