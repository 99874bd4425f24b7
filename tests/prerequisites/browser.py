"""A browser of the Chromium family: the machine's own, else one that is brought."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.prerequisites.machine import Machine
from tests.prerequisites.node import Node
from tests.prerequisites.packaged_browser import bring_package, packaged

NAMES: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
DRIVER: Final = "PLAYWRIGHT_NODEJS_PATH"
"""The variable that names the Node.js by which Playwright runs, where that is not its own."""
MAC_NAMES: Final = ("Google Chrome", "Chromium", "Microsoft Edge")


def candidates(machine: Machine) -> Iterator[str]:
    """List where browsers are, the first choice first; CHROMIUM, if set, is the only one."""
    if named := machine.environment.get("CHROMIUM"):
        yield named
        return
    yield from filter(None, map(machine.which, NAMES))
    if machine.system == "darwin":
        home = Path(machine.environment.get("HOME", "/"))
        for folder in (Path("/Applications"), home / "Applications"):
            for name in MAC_NAMES:
                path = folder / f"{name}.app" / "Contents" / "MacOS" / name
                yield from filter(None, [machine.which(str(path))])
    yield from filter(
        None, map(machine.which, (machine.downloaded_browser(), str(packaged(machine))))
    )


def bring_driver(machine: Machine, node: Node | None) -> bool:
    """See that Playwright starts, by our Node.js where its own needs a library that is missing.

    A bare Debian has no libatomic.
    """
    if not machine.starts_playwright() and node is not None:
        machine.set_variable(DRIVER, node.node[0])
    return machine.starts_playwright()


def bring_browser(machine: Machine, node: Node | None) -> str | None:
    """Give the path of a browser that opens pages, which is installed if there is none."""
    if not bring_driver(machine, node):
        return None
    if found := find_working(machine):
        return found
    if machine.environment.get("CHROMIUM"):
        return None
    ways: tuple[Callable[[], bool], ...] = (
        lambda: machine.install_with_apt("chromium"),
        lambda: download(machine),
        lambda: bring_package(machine, node),
    )
    for way in ways:
        if way() and (found := find_working(machine)):
            return found
    return None


def find_working(machine: Machine) -> str | None:
    """Give the first browser that opens a page: on Ubuntu chromium-browser may only say that it
    is missing.
    """
    return next(filter(machine.opens_pages, candidates(machine)), None)


def download(machine: Machine) -> bool:
    """Let Playwright download the browser that it was made for, and what that needs from apt."""
    machine.say("Downloading Chromium with Playwright; this takes a minute or two.")
    may_use_apt = machine.which("apt-get") and machine.as_root is not None
    needs = ("--with-deps",) if may_use_apt else ()
    return machine.run(
        (sys.executable, "-m", "playwright", "install", "--no-shell", *needs, "chromium")
    )


def advice(machine: Machine) -> str:
    """Say what to do where no browser could be had."""
    if named := machine.environment.get("CHROMIUM"):
        return f"CHROMIUM is {named}, which opens no page: correct it, or unset it."
    if not machine.starts_playwright():
        return "Playwright does not start: run sudo apt-get install libatomic1."
    command = "python -m playwright install chromium"
    if machine.which("apt-get"):
        command = "sudo apt-get install chromium"
    elif machine.which("brew"):
        command = "brew install --cask chromium"
    return f"There is no browser: run {command}, or set CHROMIUM to the path of one."
