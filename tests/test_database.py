"""Where the database is, who may make it, and what is said of one that doesn't fit."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.database import FILE, find_place
from bot.settings import read_settings
from storage import migrations
from storage.engine import connect
from storage.failures import CAUSES, MISSING, NO_CONNECTION_FREE, UNREACHABLE, VANISHED
from tests.storage.conftest import NewDatabase, new_database

__all__ = ["new_database"]
Run = Callable[..., tuple[int, str, str]]
PEOPLE = "email,name\nann@example.com,Ann\n"
BESIDE = (NO_CONNECTION_FREE, VANISHED, MISSING, UNREACHABLE)
ONLY_READING = (
    ("people", "list"),
    ("people", "list", "--json"),
    ("people", "grant", "ann@example.com", "Supervisor"),
    ("people", "revoke", "ann@example.com", "Supervisor"),
    ("roles", "show"),
    ("client", "list"),
    ("client", "create", "--as", "ann@example.com"),
    ("client", "revoke", "nothing"),
    ("why", "nothing"),
    ("api", "--port", "0"),
)
HEAD = migrations.examine(connect("sqlite:////nowhere.db")).wanted
TABLES = "The tables of the database are"
OLDER = f"{TABLES} older (version 0003) than this Coachbot needs ({HEAD})."
NEWER = f"{TABLES} newer (version 9999) than this Coachbot knows ({HEAD})."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder for data, while standing in another folder; no setting names a database."""
    data, here = tmp_path / "data", tmp_path / "here"
    here.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(here)
    return data / "coachbot"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; answers exit code, output and complaints."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def files_of(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def people_file(folder: Path) -> str:
    path = folder / "people.csv"
    path.write_text(PEOPLE)
    return str(path)


@pytest.mark.parametrize("command", ONLY_READING, ids=" ".join)
def test_only_what_may_begin_an_installation_makes_a_database(
    run: Run, home: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    code, said, complaint = run(*command)
    assert (code, said) == (2, "")
    place = "" if command[0] == "api" else f"Database: {home / FILE}\n"  # `api` logs it
    told = f"The database ({home / FILE}) is not there yet. Please run: coachbot db upgrade\n"
    assert complaint == place + told
    assert files_of(tmp_path) == []


def test_a_check_of_a_new_installation_is_well_and_makes_nothing(run: Run, tmp_path: Path) -> None:
    _, said, _ = run("check")
    assert "ok    database" in said
    assert "is new: run will make its tables." in said
    assert files_of(tmp_path) == []


@pytest.mark.parametrize("command", ["db upgrade", "people import"])
def test_an_installation_begins_in_the_folder_for_data(
    run: Run, home: Path, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = [people_file(tmp_path)] if command == "people import" else []
    code, _, complaint = run(*command.split(), *more)
    assert (code, complaint) == (0, f"Database: {home / FILE}\n")
    assert (home / FILE).is_file()
    assert (modes_of(home), home.stat().st_mode & 0o777) == ({0o600}, 0o700)
    monkeypatch.chdir(tmp_path)
    code, said, complaint = run("people", "list", "--json")
    assert (code, said[0], complaint) == (0, "[", f"Database: {home / FILE}\n")
    assert "up to date" in run("check")[1]


def modes_of(folder: Path) -> set[int]:
    return {each.stat().st_mode & 0o777 for each in folder.iterdir()}


def test_nobody_else_may_read_a_file_that_is_in_use(run: Run, home: Path) -> None:
    """Also what SQLite puts beside it, and a file of before that anybody could read."""
    run("db", "upgrade")
    for each in home.iterdir():
        each.chmod(0o644)
    with sqlite3.connect(home / FILE) as other:
        other.execute("CREATE TABLE more (id INTEGER)")
        other.commit()
        assert len(files_of(home)) == 3
        assert modes_of(home) == {0o644}
        assert run("people", "list")[0] == 0
        assert modes_of(home) == {0o600}
        other.execute("DROP TABLE more")
    other.close()


def test_whoever_may_not_narrow_a_file_is_told_so(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "upgrade")
    (home / FILE).chmod(0o644)
    monkeypatch.setattr("os.geteuid", lambda: 54_321)
    code, _, complaint = run("people", "list")
    assert (code, modes_of(home)) == (0, {0o644})
    assert f"Others can read {home / FILE}. Please let its owner run: chmod 600 " in complaint


def test_a_file_in_this_folder_is_still_used_and_said(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{FILE}")
    assert run("people", "import", people_file(tmp_path))[2] == ""
    monkeypatch.delenv("DATABASE_URL")
    code, said, complaint = run("people", "list")
    here = tmp_path / "here" / FILE
    assert (code, "ann@example.com" in said) == (0, True)
    assert f"Database: {here}, because it is in this folder." in complaint
    assert f"DATABASE_URL=sqlite:///{here}" in complaint
    assert "is not used" not in complaint
    assert not home.exists()
    home.mkdir(parents=True)
    (home / FILE).touch()
    assert f"There is one at {home / FILE} too, which is not used." in run("people", "list")[2]


def test_a_user_without_a_home_is_asked_for_an_address(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as where no user has this id
    with pytest.raises(ValueError, match="Please set DATABASE_URL"):
        find_place(read_settings({}))


def test_a_folder_that_cannot_be_made_is_told(run: Run, home: Path) -> None:
    home.parent.write_text("a file where a folder should be")
    code, _, complaint = run("db", "upgrade")
    assert code == 2
    assert "The database can’t be used: " in complaint
    assert "Please check that the file and its folder are there" in complaint


@pytest.mark.parametrize(
    ("revision", "told"),
    [
        ("0003", f"{OLDER} Please run: coachbot db upgrade"),
        ("9999", f"{NEWER} Please install the Coachbot that made them, or a newer one."),
        (None, ") has no tables yet. Please run: coachbot db upgrade"),
    ],
)
def test_tables_of_another_version_are_told_with_both_and_nothing_runs_on_them(
    run: Run,
    new_database: NewDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    revision: str | None,
    told: str,
) -> None:
    address = new_database(f"other{revision}")
    database = connect(address)
    database.make()
    if revision is not None:
        migrations.upgrade(database, "head" if revision == "9999" else revision)
    if revision == "9999":
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    monkeypatch.setenv("DATABASE_URL", address)
    for command in ONLY_READING:
        code, said, complaint = run(*command)
        assert (code, said, told in complaint) == (2, "", True), complaint
    if revision == "9999":
        assert run("db", "upgrade") == (2, "", f"{told}\n")
        assert run("people", "import", people_file(tmp_path)) == (2, "", f"{told}\n")
    checked = run("check")[1]
    assert ("is new: run will" if revision is None else f"FAIL  database  {told}") in checked
    found = migrations.examine(database).found
    assert found == revision
    database.close()


def test_a_check_changes_nothing_of_a_file_that_is_there(run: Run, home: Path) -> None:
    home.mkdir(parents=True)
    with sqlite3.connect(home / FILE) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    connection.close()
    before = (home / FILE).read_bytes()
    run("check")
    run("people", "list")
    assert (home / FILE).read_bytes()[:18] == before[:18]
    assert files_of(home) == [FILE]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b"\xff" * 5000,
            "The database can’t be used: file is not a database. Please stop Coachbot",
        ),
        (b"", ") has no tables yet. Please run: coachbot db upgrade"),
    ],
)
def test_a_file_that_is_no_database_is_told_by_every_command(
    run: Run, home: Path, content: bytes, told: str
) -> None:
    home.mkdir(parents=True)
    (home / FILE).write_bytes(content)
    for command in ONLY_READING:
        code, said, complaint = run(*command)
        assert (code, said, told in complaint) == (2, "", True), complaint
    assert (home / FILE).read_bytes() == content
    assert ("FAIL  database" in run("check")[1]) == bool(content)


def test_a_server_that_is_not_there_is_told_without_the_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://coach:hunter2@127.0.0.1:9/coaching")
    for command in (*ONLY_READING, ("db", "upgrade"), ("check",)):
        code, said, complaint = run(*command)
        assert code == (1 if command == ("check",) else 2)
        assert "port 9 failed: Connection refused. Please check that the server runs" in (
            said + complaint
        )
        assert "hunter2" not in said + complaint


def test_the_causes_are_those_of_the_documentation() -> None:
    page = Path(__file__).parent.parent / "docs" / "database.md"
    rows = [line for line in page.read_text().splitlines() if line.startswith("| `database.")]
    causes = [*(each.failure for each in CAUSES), *BESIDE]
    assert rows == [
        f"| `{each.code}` | {'yes' if each.is_temporary else 'no'} | {each.advice} |"
        for each in causes
    ]
