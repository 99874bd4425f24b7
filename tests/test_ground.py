"""The ground holds: the locks are whole and speak of no machine, and make says what it can do."""

import re
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(
    r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==([^ ]+)(?: ; .*?)? "
    r"\\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.M,
)
ELSEWHERE = re.compile(r"://|file:|^-|find-links|index-url|(?:^|\s)/\w", re.M)


def read_pins(lock: str) -> dict[str, str]:
    return {name: version for name, version, _ in PIN.findall((ROOT / lock).read_text())}


def read_needs(extra: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needs = project["dependencies"] if not extra else project["optional-dependencies"][extra]
    return {re.split(r"[\[<>=;~! ]", need)[0] for need in needs}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_line_by_hash_and_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text()
    named = re.findall(r"^[A-Za-z0-9]", text, re.M)
    assert len(named) == len(PIN.findall(text)) > 0
    assert not ELSEWHERE.search(text)


def test_compiled_packages_are_pinned_for_many_platforms() -> None:
    text = (ROOT / "requirements.lock").read_text()
    hashes = {name: found.count("sha256:") for name, _, found in PIN.findall(text)}
    assert all(hashes[name] > 20 for name in ("aiohttp", "msgspec", "psycopg-binary", "sqlalchemy"))


def test_the_locks_agree_and_cover_what_the_project_asks_for() -> None:
    runtime, dev = map(read_pins, LOCKS)
    assert runtime.items() <= dev.items()
    assert read_needs("") | read_needs("build") <= runtime.keys()
    assert read_needs("dev") <= dev.keys()


def test_make_alone_lists_every_target_with_its_sentence() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert targets
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = dict(re.findall(r"^make (\w+) +(.+\.)$", said, re.M))
    assert sorted(lines) == sorted({*targets[1].split()} - {"always"})


def test_the_ci_script_can_be_started() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR
