"""`make anywhen`: run the tests at other moments, in other places, and on half of the processors.

The clock of whole processes is moved by libfaketime and goes on from there: pytest, the bot's
processes, PostgreSQL, Chromium and whatever they start agree on one time, as the bot demands of a
database. Clocks that only measure how long something takes are left alone. What is called chaos is
left out: it runs by clocks of its own, many times faster than life.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

ROOT: Final = Path(__file__).parent.parent
BUILD: Final = ROOT / "build"
LEFT_OUT: Final = ("tests/chaos",)
GERMAN: Final = "de_DE.UTF-8"


@dataclass(frozen=True)
class Row:
    """A moment by the clock on the wall of a place, and how the machine there is set up."""

    name: str
    moment: str | None
    zone: str
    locale: str
    is_slow: bool = False

    @property
    def at(self) -> datetime | None:
        """The moment; None for the true one. Of two that are called alike it is the first."""
        if self.moment is None:
            return None
        return datetime.fromisoformat(self.moment).replace(tzinfo=ZoneInfo(self.zone))

    def __str__(self) -> str:
        speed = "half speed" if self.is_slow else "full speed"
        return f"{self.moment or 'now':16}  {self.zone:18}  {self.locale:11}  {speed}"


ROWS: Final = (
    Row("new-year", "2026-12-31 23:59", "Pacific/Kiritimati", "C"),
    Row("spring-berlin", "2027-03-28 02:30", "Europe/Berlin", GERMAN),
    Row("autumn-berlin", "2027-10-31 02:30", "Europe/Berlin", GERMAN),
    Row("spring-new-york", "2027-03-14 02:30", "America/New_York", "C"),
    # There it is the hour before half past two that comes twice.
    Row("autumn-new-york", "2027-11-07 01:30", "America/New_York", "C.UTF-8"),
    Row("evening", "2027-01-12 21:40", "Asia/Kolkata", "C.UTF-8"),
    Row("leap-day", "2028-02-29 03:15", "America/St_Johns", GERMAN),
    Row("slow", None, "UTC", "C.UTF-8", is_slow=True),
)


@dataclass(frozen=True)
class Outcome:
    """What a run of the tests came to; why it was not run, if it was not."""

    row: Row
    passed: int = 0
    failed: int = 0
    minutes: float = 0.0
    not_run: str = ""

    @property
    def is_good(self) -> bool:
        return self.passed > 0 and self.failed == 0


class NotHereError(Exception):
    """This machine cannot be made into the one that a row asks for."""


def main() -> int:
    """Run the rows that were asked for, one after the other, and print the table."""
    asked = _read_arguments()
    outcomes = []
    for row in ROWS:
        if not asked.rows or row.name in asked.rows:
            print(f"\n{row.name}: {row}", flush=True)
            outcomes.append(run(row, asked.tests, asked.workers))
            print(_line(outcomes[-1]), flush=True)
    print("\n" + "\n".join((f"{'row':16} passed  failed  minutes", *map(_line, outcomes))))
    return 0 if all(each.is_good for each in outcomes) else 1


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make anywhen", description=__doc__)
    names = [each.name for each in ROWS]
    parser.add_argument("--rows", nargs="*", choices=names, help="these alone; all without it")
    parser.add_argument("--tests", nargs="+", default=["tests"], help="files and folders to run")
    parser.add_argument("--workers", type=int, default=3, help="how many processes run tests")
    return parser.parse_args()


def run(row: Row, tests: Sequence[str], workers: int) -> Outcome:
    """Run the tests as a row says."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="coachbot-anywhen-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
        command += [f"--ignore={each}" for each in LEFT_OUT] + [f"--junit-xml={report}"]
        command += ["-n", str(workers), "--dist", "loadfile"] if workers > 1 else []
        try:
            environment = surroundings(row, Path(folder))
            with half_of_the_processors(wanted=row.is_slow):
                subprocess.run(command, cwd=ROOT, env=environment, check=False)
        except NotHereError as error:
            return Outcome(row, not_run=str(error))
        passed, failed = _count(report)
    return Outcome(row, passed, failed, (time.monotonic() - began) / 60)


def surroundings(row: Row, folder: Path) -> dict[str, str]:
    """Give the variables under which a process finds itself at the row's moment and place."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    given = plain | {"TZ": row.zone, "LC_ALL": row.locale}
    if row.locale == GERMAN:
        given["LOCPATH"] = str(_german(folder))
    if row.at is None:
        return given
    return given | {
        "LD_PRELOAD": str(_libfaketime()),
        # A distance, not a moment: with a moment, each process would begin there anew.
        "FAKETIME": f"{(row.at - datetime.now(UTC)).total_seconds():+.0f}s",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }


def _libfaketime() -> Path:
    """Find what `make anywhen` built; Debian's 0.9.10 lets no Python sleep whose time is faked."""
    found = sorted((BUILD / "libfaketime").rglob("libfaketime.so.1"))
    if not found:
        raise NotHereError("no libfaketime was built; it needs Linux and a C compiler")
    return found[0]


def _german(folder: Path) -> Path:
    """Make a German locale that needs no administrator."""
    made = folder / "locales" / GERMAN
    made.parent.mkdir()
    # PostgreSQL lets root not run it, so that another user must be able to read what is here.
    folder.chmod(0o755)
    # A locale of one's own hides those of the system, and theirs may have no German one.
    command = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(made)]
    if shutil.which("localedef") is None or subprocess.run(command, check=False).returncode:
        raise NotHereError("no German locale can be made; on Debian, install the package locales")
    return made.parent


@contextmanager
def half_of_the_processors(*, wanted: bool) -> Iterator[None]:
    """Let what is started in the block have half of the processors, for as many workers."""
    if not wanted:
        yield
        return
    if sys.platform != "linux" or len(every := sorted(os.sched_getaffinity(0))) < 2:
        raise NotHereError("half of the processors can be taken away on Linux, from two upwards")
    os.sched_setaffinity(0, every[: len(every) // 2])
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


def _count(report: Path) -> tuple[int, int]:
    """Count what passed and what failed; a run without a report failed."""
    if not report.exists():
        return 0, 1
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    every, skipped, failed = (
        sum(int(suite.attrib[name]) for suite in suites for name in names)
        for names in (("tests",), ("skipped",), ("failures", "errors"))
    )
    return every - skipped - failed, failed


def _line(outcome: Outcome) -> str:
    if outcome.not_run:
        return f"{outcome.row.name:16} not run: {outcome.not_run}"
    figures = f"{outcome.passed:6}  {outcome.failed:6}  {outcome.minutes:7.1f}"
    return f"{outcome.row.name:16} {figures}"


if __name__ == "__main__":
    raise SystemExit(main())
