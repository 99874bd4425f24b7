"""What every command has in common: help, exit codes, and streams that are not as one wishes."""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest

from bot import coaching
from bot.cli import main
from bot.cli.parser import COLUMNS, build_parser
from bot.cli.running import run_command
from bot.version import version
from tests.settings_texts import README

ROOT = Path(__file__).parent.parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
PEOPLE = "email,name\n" + "".join(f"p{n}@example.com,Zoë Łuk {n}\n" for n in range(60))

Said = tuple[int, str, str]


def parsers(parser: argparse.ArgumentParser | None = None) -> Iterator[argparse.ArgumentParser]:
    """Give the parser of each command, those of groups before those in them."""
    parser = parser or build_parser()
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from parsers(each)


def commands() -> dict[str, argparse.ArgumentParser]:
    """The commands that do something, by their words."""
    return {each.prog: each for each in parsers() if each.get_default("command")}


def said_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> Said:
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_every_command_has_its_code() -> None:
    assert len(commands()) > 10
    for each in commands().values():
        assert callable(resolve_name(each.get_default("command")))


def test_every_command_is_in_the_readme() -> None:
    readme = README.read_text(encoding="utf-8")
    table = "\n".join(line for line in readme.splitlines() if line.startswith("| `coachbot "))
    for prog in commands():
        *_, group, name = prog.split()
        assert re.search(rf"`[^`]*\b{name}\b", table), f"{group} {name}"


@pytest.mark.parametrize("prog", commands())
def test_every_command_explains_itself(prog: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = prog.split()[1:]
    code, said, _ = said_by(capsys, *words, "--help")
    assert code == 0
    assert f"example:\n  {prog}" in said
    parser = commands()[prog]
    assert all(action.help for action in parser._actions), prog
    example = str(parser.epilog).splitlines()[-1].split(" > ")[0].split()[1:]
    assert build_parser().parse_args(example).command == parser.get_default("command")


def test_the_help_of_the_import_names_each_column(capsys: pytest.CaptureFixture[str]) -> None:
    assert tuple(name for name, _ in COLUMNS) == coaching.IMPORT_COLUMNS
    said = said_by(capsys, "people", "import", "--help")[1]
    assert all(f"  {name} " in said and meaning in said for name, meaning in COLUMNS)


@pytest.mark.parametrize("words", [(), ("people",), ("db",)])
def test_without_a_command_the_help_is_printed(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert said_by(capsys, *words) == said_by(capsys, *words, "--help")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("peple",), "coachbot: there is no command “peple”. Did you mean “people”?"),
        (("people", "lst"), "coachbot people: there is no command “lst”. Did you mean “list”?"),
        (("xyzzy",), "coachbot: there is no command “xyzzy”."),
        (("run", "--port"), "coachbot: unrecognized arguments: --port"),
        (
            ("sandbox", "--port", "many"),
            "coachbot sandbox: argument --port: a port is a number up to 65535",
        ),
        (
            ("sandbox", "--port", "9" * 5000),
            "coachbot sandbox: argument --port: a port is a number up to 65535",
        ),
    ],
)
def test_what_cannot_be_understood_is_refused_with_the_nearest(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, complaint = said_by(capsys, *words)
    assert (code, out, complaint.splitlines()[0]) == (2, "", said)
    assert re.fullmatch(r"For help: coachbot( \w+)? --help", complaint.splitlines()[1])


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert said_by(capsys, "--version") == (0, f"coachbot {VERSION}\n", "")
    assert version() == VERSION


def test_a_checkout_that_was_never_installed_knows_its_version(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    for name in ("__init__.py", "version.py"):
        shutil.copy(ROOT / "bot" / name, tmp_path / "bot")
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "7.8.9"\n')
    program = "from bot.version import version; print(version())"
    # Without what is installed.
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "7.8.9\n"


def test_an_error_of_ours_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    options = argparse.Namespace(command=f"{__name__}:explode", env_file=None)
    assert run_command(options) == 70
    said = capsys.readouterr().err
    assert said.startswith("An error of ours, and not of yours: KeyError at=")
    assert "somebody's secret" not in said


def explode(*_: object) -> int:
    raise KeyError("somebody's secret")


def test_help_imports_nothing_of_what_commands_do() -> None:
    program = (
        "import sys, bot.cli\n"
        "bot.cli.main(['people', 'import', '--help'])\n"
        "print(*sorted(each for each in sys.modules if each.partition('.')[0] in "
        "{'bot', 'storage', 'sqlalchemy', 'slack_sdk', 'httpx', 'structlog'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (
        done.stdout.splitlines()[-1] == "bot bot.cli bot.cli.arguments bot.cli.main bot.cli.parser"
    )


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a process whose database knows some people with letters of their own."""
    folder = tmp_path_factory.mktemp("peopled")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    variables = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{folder / 'coachbot.db'}",
    }
    done = start(("people", "import", str(folder / "people.csv")), variables).communicate()
    assert done == (b"60 created, 0 changed, 0 as they were.\n", b"")
    return variables


def start(arguments: tuple[str, ...], variables: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_reader_who_leaves_ends_a_command_quietly(peopled: dict[str, str]) -> None:
    process = start(("people", "list"), {**peopled, "PYTHONUNBUFFERED": "1"})
    assert process.stdout
    process.stdout.close()
    assert (process.wait(30), process.communicate()[1]) == (141, b"")


@pytest.mark.parametrize(
    "terminal",
    [{"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}],
    ids=["C", "ascii"],
)
@pytest.mark.parametrize("words", [("people", "list"), ("people", "list", "--json"), ("x",)])
def test_a_terminal_that_knows_few_signs_stops_nothing(
    peopled: dict[str, str], terminal: dict[str, str], words: tuple[str, ...]
) -> None:
    process = start(words, peopled | terminal)
    out, complaint = process.communicate(timeout=60)
    assert b"Traceback" not in complaint
    assert process.returncode == (2 if words == ("x",) else 0)
    assert words == ("x",) or len(out.splitlines()) >= 60


def test_a_full_disk_is_told(peopled: dict[str, str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "--help"],
            cwd=ROOT,
            env=peopled,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "The output can’t be written: No space left on device.\n"


def test_ctrl_c_ends_a_command_quietly(peopled: dict[str, str], tmp_path: Path) -> None:
    pipe = tmp_path / "people.csv"
    os.mkfifo(pipe)
    process = start(("people", "import", str(pipe)), peopled)
    # It is open for writing as soon as the command has begun to read.
    with pipe.open("w"):
        process.send_signal(signal.SIGINT)
        out, complaint = process.communicate(timeout=60)
    assert (process.returncode, out, complaint) == (130, b"", b"")


def test_who_is_looking_sees_how_far_an_import_is(peopled: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    terminal, end = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "bot", "people", "import", str(file), "--dry-run"],
        cwd=ROOT,
        env=peopled,
        stdout=subprocess.PIPE,
        stderr=end,
        check=True,
    )
    os.close(end)
    seen = os.read(terminal, 10_000).decode()
    os.close(terminal)
    counts = "0 created, 0 changed, 60 as they were."
    assert done.stdout.decode() == f"Nothing was changed. It would be: {counts}\n"
    steps = [each.strip() for each in seen.split("\r")]
    assert [each for each in steps if each] == [f"{n} of 60 rows" for n in (0, 20, 40, 60)]
    assert seen.endswith(" \r"), "nothing is left of the line"
