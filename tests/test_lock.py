"""The lock files alone satisfy everything: what each package asks for is pinned, extras included.

make installs what they name without resolving, so nothing but this test and `pip check` would
notice a package that they forgot.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parent.parent
LOCKS: Final = {
    "requirements.lock": ("build",),
    "requirements-dev.lock": ("build", "charts", "dev"),
}
"""Each lock file, and the extras of the project that it holds."""

Lock = Mapping[str, Requirement]
"""The pins that count on this machine, by canonical name."""
AsksFor = Callable[[str], Iterable[str]]


def read_lock(text: str) -> Lock:
    """Read the pins of a lock file whose markers are true for this Python."""
    lines = re.sub(r"\\\n|--hash=\S+", "", text).splitlines()
    pins = [Requirement(line) for line in lines if line.strip() and not line.startswith((" ", "#"))]
    return {canonicalize_name(pin.name): pin for pin in pins if counts(pin)}


def counts(asked: Requirement, extra: str = "") -> bool:
    """Whether a requirement counts for this Python when an extra ("" for none) is installed."""
    here = {**default_environment(), "extra": extra}
    return asked.marker is None or asked.marker.evaluate(here)  # type: ignore[arg-type]


def version_of(pin: Requirement) -> str:
    return next(iter(pin.specifier)).version


def find_unmet(lock: Lock, by: str, asked: Requirement) -> Iterator[str]:
    """Say what one requirement misses in a lock."""
    pin = lock.get(canonicalize_name(asked.name))
    if pin is None:
        yield f"{by} asks for {asked}, which is not locked"
        return
    if not asked.specifier.contains(version_of(pin), prereleases=True):
        yield f"{by} asks for {asked}, but {pin} is locked"
    for extra in sorted(asked.extras - pin.extras):
        yield f"{by} asks for {asked}, but {pin} is locked without [{extra}]"


def find_gaps(lock: Lock, asks_for: AsksFor) -> Iterator[str]:
    """Say what the packages of a lock ask for that the lock does not hold."""
    for name, pin in lock.items():
        for asked in map(Requirement, asks_for(name)):
            if any(counts(asked, extra) for extra in ("", *pin.extras)):
                yield from find_unmet(lock, name, asked)


def installed(name: str) -> list[str]:
    """What an installed package asks for, each with its marker."""
    return metadata.requires(name) or []


@pytest.fixture(params=LOCKS, ids=lambda name: name)
def lock_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def lock(lock_name: str) -> Lock:
    return read_lock((ROOT / lock_name).read_text(encoding="utf-8"))


def test_what_is_installed_is_what_is_locked(lock: Lock) -> None:
    others = {
        name: metadata.version(name)
        for name, pin in lock.items()
        if metadata.version(name) != version_of(pin)
    }
    assert not others, "run make test, which installs what is locked"


def test_each_requirement_of_each_locked_package_is_locked(lock: Lock) -> None:
    assert list(find_gaps(lock, installed)) == []


def test_each_dependency_of_the_project_is_locked(lock_name: str, lock: Lock) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (project["optional-dependencies"][extra] for extra in LOCKS[lock_name])
    asked = [*project["dependencies"], *(each for extra in extras for each in extra)]
    gaps = [
        gap
        for each in map(Requirement, asked)
        if counts(each)
        for gap in find_unmet(lock, "the project", each)
    ]
    assert gaps == []


def test_a_lost_extra_is_noticed() -> None:
    text = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    lock = read_lock(text.replace("coverage[toml]==", "coverage=="))
    gaps = list(find_gaps(lock, installed))
    assert [gap.partition(" asks")[0] for gap in gaps] == ["pytest-cov"]
    assert gaps[0].endswith("is locked without [toml]")


@pytest.mark.parametrize(
    ("asked", "gaps"),
    [
        ("b>=1", 0),
        ("b[x]>=1", 0),
        ("b>=3", 1),
        ("b[y]>=1", 1),
        ("c", 1),
        ("c; extra == 'more'", 1),
        ("c; extra == 'other'", 0),
        ("c; python_version < '3'", 0),
    ],
)
def test_each_kind_of_gap_is_found(asked: str, gaps: int) -> None:
    lock = read_lock(
        "# made by hand\n"
        "a[more]==1.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n    # via d\n"
        "b[x]==2.0 ; python_version >= '3' \\\n    --hash=sha256:02\n"
        "c==1.0 ; python_version < '3' \\\n    --hash=sha256:03\n"
    )
    assert len(list(find_gaps(lock, {"a": [asked], "b": []}.__getitem__))) == gaps
