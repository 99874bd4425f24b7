"""Try both commands of the README in a new clone, as somebody does who has just found the project.

The clone is what is committed. It gets an empty home and, of this environment's variables, only
PATH and what a network needs; pip is the one that Python brings.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

ROOT: Final = Path(__file__).parent.parent
PASSED_ON: Final = frozenset(
    "PATH TERM PYTHON HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR "
    "CURL_CA_BUNDLE REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS PIP_CERT PIP_INDEX_URL "
    "PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST NPM_CONFIG_REGISTRY PLAYWRIGHT_DOWNLOAD_HOST".split()
)
ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+")
CLOCK: Final = "⏰"
"""What a reminder begins with on the page."""
MOST_PRESSES: Final = 60
LONGEST_STOP_SECONDS: Final = 30


class Failed(Exception):
    """One of the commands does not do what the README says."""


def bare_environment(given: Mapping[str, str], home: Path) -> dict[str, str]:
    """Keep what a program needs to run and to reach the network, and nothing else."""
    kept = {name: value for name, value in given.items() if name.upper() in PASSED_ON}
    return kept | {"HOME": str(home)}


@dataclass(frozen=True)
class Page:
    """The sandbox's page, asked as its own script asks it."""

    address: str

    def get(self, path: str) -> bytes:
        """Give what the page serves at a path."""
        return self._open(Request(self.address + path))

    def ask(self, path: str) -> Any:
        """Give an answer of the page's API."""
        return json.loads(self.get(path))

    def press_until_next_message(self) -> None:
        """Let time pass until the bot sends something."""
        told = json.dumps({"to": "next_due"}).encode()
        self._open(Request(f"{self.address}/sandbox/clock", told, method="POST"))

    def reminders(self) -> set[tuple[str, str]]:
        """List the reminders that anybody sees, by conversation and timestamp."""
        return {
            (place["id"], message["ts"])
            for person in self.ask("/sandbox/people")["people"]
            for place in self.ask(f"/sandbox/state?as={person['id']}")["conversations"]
            for message in place["messages"]
            if CLOCK in json.dumps(message["blocks"], ensure_ascii=False)
        }

    def _open(self, request: Request) -> bytes:
        opener = build_opener(ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return bytes(answer.read())


@contextmanager
def running_sandbox(clone: Path, environment: Mapping[str, str]) -> Iterator[Page]:
    """Run `make sandbox` and give its page; end it as Ctrl+C does, and see that it has ended."""
    running = subprocess.Popen(
        ["make", "sandbox"],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    page = None
    try:
        page = Page(read_address(running))
        yield page
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGINT)
        running.communicate(timeout=LONGEST_STOP_SECONDS)
    if answers(page):
        raise Failed("the sandbox still answers after it was stopped")


def answers(page: Page) -> bool:
    """Whether anything is served at the page's address."""
    try:
        page.get("/")
    except URLError:
        return False
    return True


def read_address(running: "subprocess.Popen[str]") -> str:
    """Pass on what the sandbox prints until it has printed the address of its page."""
    for line in running.stdout or ():
        print("   ", line, end="", flush=True)
        if found := ADDRESS.search(line):
            return found[0]
    raise Failed("make sandbox ended before it printed an address")


def wait_for_reminder(page: Page) -> None:
    """Press the clock until somebody is reminded of something."""
    before = page.reminders()
    for _ in range(MOST_PRESSES):
        page.press_until_next_message()
        until = time.monotonic() + 2
        while time.monotonic() < until:
            if page.reminders() - before:
                return
            time.sleep(0.1)
    raise Failed("nobody was reminded of anything")


def try_sandbox(clone: Path, environment: Mapping[str, str], since: float) -> None:
    """Run `make sandbox`, look at its page, and wait for a reminder."""
    with running_sandbox(clone, environment) as page:
        tell("From clone to the address", f"{time.monotonic() - since:.0f} s")
        if b"<html" not in page.get("/"):
            raise Failed("the address serves no page")
        wait_for_reminder(page)
        tell("From clone to the first reminder on the page", f"{time.monotonic() - since:.0f} s")
    tell("Size of the installation", f"{megabytes(clone / '.venv')} MB")


def try_tests(clone: Path, environment: Mapping[str, str]) -> None:
    """Run `make test`."""
    began = time.monotonic()
    ended = subprocess.run(["make", "test"], cwd=clone, env=environment, check=False)
    tell("make test", f"{(time.monotonic() - began) / 60:.1f} minutes")
    tell("Size of the installation with what tests need", f"{megabytes(clone / '.venv')} MB")
    if ended.returncode:
        raise Failed(f"make test ended with {ended.returncode}")


def megabytes(folder: Path) -> int:
    """How much room a folder takes on disk, in the megabytes that `du -m` counts."""
    blocks = sum(each.lstat().st_blocks for each in folder.rglob("*"))
    return round(blocks * 512 / 1024**2)


def tell(what: str, figure: str) -> None:
    """Print a figure."""
    print(f"{what}: {figure}", flush=True)


def main() -> None:
    """Clone what is committed, and try the commands that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--only", choices=("sandbox", "test"), help="try one command alone")
    only = parser.parse_args().only
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD"], cwd=ROOT, check=False).returncode
    if changed:
        print("What is not committed is not tried.", flush=True)
    with tempfile.TemporaryDirectory(
        prefix="coachbot-fresh-", ignore_cleanup_errors=True
    ) as folder:
        clone, home = Path(folder) / "coachbot", Path(folder) / "home"
        home.mkdir()
        environment = bare_environment(os.environ, home)
        since = time.monotonic()
        source = ROOT.resolve().as_uri()
        subprocess.run(["git", "clone", "--quiet", source, clone], check=True)
        if only != "test":
            try_sandbox(clone, environment, since)
        if only != "sandbox":
            try_tests(clone, environment)


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(f"Not as the README says: {failed}.")
