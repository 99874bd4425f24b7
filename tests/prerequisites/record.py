"""Where the browser and Node.js are, written down for the tests, which ask here."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NoReturn

import pytest

from tests.prerequisites.browser import NAMES
from tests.prerequisites.machine import BUILD, this_machine
from tests.prerequisites.node import Node, find_node

RECORD: Final = BUILD / "prerequisites.json"
LOOK: Final = "python -m tests.prerequisites has not looked for it yet: run make test."


@dataclass(frozen=True)
class Found:
    """What was found, and what to do about what was not."""

    browser: str | None = None
    node: Node | None = None
    driver: str | None = None
    """The Node.js by which Playwright runs, where that is not its own."""
    browser_advice: str = LOOK
    node_advice: str = LOOK


def write_record(found: Found, path: Path = RECORD) -> None:
    """Write down what was found."""
    path.parent.mkdir(parents=True, exist_ok=True)
    node = found.node and {"node": found.node.node, "npm": found.node.npm}
    told = {
        "browser": found.browser,
        "node": node,
        "driver": found.driver,
        "browser_advice": found.browser_advice,
        "node_advice": found.node_advice,
    }
    path.write_text(json.dumps(told, indent=2), encoding="utf-8")


def read_record(path: Path = RECORD) -> Found:
    """Read what was found; nothing where nobody looked, or where it is gone again."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Found()
    browser, node = told["browser"], told["node"]
    return Found(
        browser=browser if browser and Path(browser).exists() else None,
        node=Node(tuple(node["node"]), tuple(node["npm"]))
        if node and Path(node["node"][0]).exists()
        else None,
        driver=told["driver"],
        browser_advice=told["browser_advice"] or LOOK,
        node_advice=told["node_advice"] or LOOK,
    )


def recorded_browser() -> str:
    """Give the path of the browser, or leave the test out.

    Where nobody looked, because pytest was started without make, it is the first one on PATH.
    """
    found = read_record()
    named = os.environ.get("CHROMIUM")
    if named and named not in found.browser_advice:
        return named
    if not RECORD.exists():
        found = replace(found, browser=next(filter(None, map(shutil.which, NAMES)), None))
    return found.browser or leave_out(found.browser_advice)


def recorded_node() -> Node:
    """Give the commands of Node.js and npm, or leave the test out."""
    found = read_record()
    node = found.node if RECORD.exists() else find_node(this_machine())
    return node or leave_out(found.node_advice)


def leave_out(advice: str, environment: Mapping[str, str] = os.environ) -> NoReturn:
    """Report a test as not run; where CI is set, as failed."""
    if environment.get("CI"):
        pytest.fail(advice, pytrace=False)
    pytest.skip(f"not run: {advice}")
