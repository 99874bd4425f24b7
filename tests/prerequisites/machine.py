"""The machine on which the tests run, as far as prerequisites ask about it."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Error, sync_playwright

BUILD: Final = Path(__file__).parents[2] / "build"
LOG: Final = BUILD / "prerequisites.log"
APT: Final = ("apt-get", "-qq", "--yes", "-o", "DPkg::Lock::Timeout=120")
LONGEST_SECONDS: Final = 900


@dataclass(frozen=True)
class Machine:
    """What is asked of a machine, and what is done to it."""

    environment: Mapping[str, str]
    system: str
    """As `sys.platform` has it."""
    architecture: str
    """As `platform.machine()` has it."""
    build: Path
    """Where what is made is kept."""
    which: Callable[[str], str | None]
    run: Callable[[Sequence[str]], bool]
    """Runs a command to its end and tells whether it succeeded; its output goes into the log."""
    read: Callable[[Sequence[str]], str]
    """Gives what a command prints, "" where it fails."""
    opens_pages: Callable[[str], bool]
    """Whether the browser at a path opens a page."""
    starts_playwright: Callable[[], bool]
    """Whether the Node.js that drives browsers starts."""
    set_variable: Callable[[str, str], None]
    """Sets a variable of the environment."""
    downloaded_browser: Callable[[], str]
    """Where Playwright keeps the browser that it downloads, whether or not it is there."""
    package_folder: Callable[[str], Path | None]
    """Where an installed Python package lies."""
    say: Callable[[str], None]
    is_root: bool = False

    @property
    def as_root(self) -> tuple[str, ...] | None:
        """What stands before a command that needs root; None where that may not be used."""
        if self.is_root:
            return ()
        sudo = ("sudo", "-n")
        return sudo if self.which("sudo") and self.run((*sudo, "true")) else None

    def install_with_apt(self, *packages: str) -> bool:
        """Install packages of Debian or Ubuntu, if that may be done here."""
        if not self.which("apt-get") or (first := self.as_root) is None:
            return False
        self.say(f"Installing {' and '.join(packages)} with apt-get; this takes a minute or two.")
        quietly = ("env", "DEBIAN_FRONTEND=noninteractive")
        return self.run((*first, *APT, "update")) and self.run(
            (*first, *quietly, *APT, "install", "--no-install-recommends", *packages)
        )


def this_machine() -> Machine:
    """Describe the machine on which this runs."""
    return Machine(
        environment=os.environ,
        system=sys.platform,
        architecture=platform.machine(),
        build=BUILD,
        which=shutil.which,
        run=_run,
        read=_read,
        opens_pages=_opens_pages,
        starts_playwright=_starts_playwright,
        set_variable=os.environ.__setitem__,
        downloaded_browser=_downloaded_browser,
        package_folder=_package_folder,
        say=lambda sentence: print(sentence, flush=True),
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
    )


def _starts_playwright() -> bool:
    return _run((sys.executable, "-m", "playwright", "--version"))


def _downloaded_browser() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _package_folder(name: str) -> Path | None:
    importlib.invalidate_caches()
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _run(command: Sequence[str]) -> bool:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        print("$", *command, file=log, flush=True)
        try:
            ended = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            print(error, file=log)
            return False
    return ended.returncode == 0


def _read(command: Sequence[str]) -> str:
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return ended.stdout.strip()


def _opens_pages(path: str) -> bool:
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page = browser.new_page()
            page.set_content("<p>Here</p>")
            text = page.text_content("p")
            browser.close()
    except Error as error:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with LOG.open("a", encoding="utf-8") as log:
            print(path, error, file=log)
        return False
    return text == "Here"
