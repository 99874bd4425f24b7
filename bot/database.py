"""Opening the database: where it is, whether its tables fit, and what to say where they do not.

Only what may begin an installation makes a database or changes its tables; everything else says in
a sentence what to do.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs
from sqlalchemy.engine import URL

from bot import coaching
from bot.coaching import Clock, CoachingError, Context, system_clock
from bot.logger import get_logger
from bot.settings import Settings
from storage import migrations
from storage.engine import Database, connect
from storage.errors import StorageError, UnreachableError
from storage.failures import explain_file
from storage.migrations import Age, NewerError, Tables
from storage.transaction import Store

FILE: Final = "coachbot.db"
UPGRADE: Final = "Please run: coachbot db upgrade"
OPEN_TO_OTHERS: Final = "Others can read {0}. Please let its owner run: chmod 600 '{0}'"

log = get_logger("bot")


class DatabaseRefused(CoachingError):
    """The database cannot be used; the message is what it said, and what to do."""

    code = "database.unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the database is."""

    url: str
    folder: Path | None = None
    """The folder to make for a new file, where no setting names one."""
    remark: str = ""
    """What to say of a place that no setting names."""


def find_place(settings: Settings) -> Place:
    """Find where the database is: as set, else a file in this folder, else the user's data folder.

    A file in the folder where one stands is what earlier versions made. Raises ValueError where
    the user has no folder for data.
    """
    if settings.database_url:
        return Place(url=settings.database_url)
    usual = _usual_file()
    here = Path(FILE).absolute()
    if here.is_file() and here != usual:
        return Place(url=_address(here), remark=f"Database: {here}, {_why_here(here, usual)}")
    if usual is None:
        raise ValueError("Please set DATABASE_URL: this user has no home folder to keep data in.")
    return Place(url=_address(usual), folder=usual.parent, remark=f"Database: {usual}")


def _usual_file() -> Path | None:
    try:
        return platformdirs.user_data_path("coachbot", appauthor=False) / FILE
    except RuntimeError:
        return None


def _why_here(here: Path, usual: Path | None) -> str:
    other = f", or stop Coachbot and move it to {usual}" if usual else ""
    also = f" There is one at {usual} too, which is not used." if usual and usual.is_file() else ""
    return (
        "because it is in this folder. To use it from every folder, "
        f"set DATABASE_URL=sqlite:///{here}{other}.{also}"
    )


def _address(path: Path) -> str:
    return URL.create("sqlite", database=str(path)).render_as_string()


def say_on_standard_error(line: str) -> None:
    """Say a line to the person at the command line, beside what a program may read."""
    sys.stderr.write(f"{line}\n")


def log_place(line: str) -> None:
    """Say a line in the log."""
    log.info("Database", said=line)


@contextmanager
def opened(
    settings: Settings,
    *,
    leaves_journal: bool = False,
    say: Callable[[str], None] = say_on_standard_error,
) -> Iterator[Database]:
    """Prepare the database of the settings, say where a place is that no setting names, and close.

    Raises ValueError for an address that can't be.
    """
    place = find_place(settings)
    if place.remark:
        say(place.remark)
    size = settings.threads + 2
    database = connect(place.url, pool_size=size, leaves_journal=leaves_journal)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def opened_context(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    is_sure: Callable[[], bool] = lambda: True,
    wake: Callable[[], None] = lambda: None,
    may_upgrade: bool = False,
    say: Callable[[str], None] = say_on_standard_error,
) -> Iterator[Context]:
    """Open the database and give what use cases need.

    Where it may, it makes what is missing and brings the tables to this version. Raises ValueError,
    DatabaseRefused.
    """
    with opened(settings, leaves_journal=not may_upgrade, say=say) as database:
        try:
            if may_upgrade:
                _make_folder(settings)
                migrations.upgrade(database)
            else:
                ensure_current(database)
            if not database.keep_private():
                say(OPEN_TO_OTHERS.format(database.place))
            store = Store(database)
            context = Context(
                store=store, clock=clock, is_sure=is_sure, policy=settings.policy, wake=wake
            )
            if may_upgrade:
                coaching.prepare(context)
            coaching.reload_policies(context)
            yield context
        except (StorageError, coaching.Unavailable) as error:
            if (refused := _refusal(error)) is None:
                raise
            raise refused from error


def ensure_current(database: Database) -> None:
    """Raise DatabaseRefused where the tables are not of this version, and UnreachableError."""
    tables = migrations.examine(database)
    if tables.age is not Age.CURRENT:
        raise DatabaseRefused(describe(tables, database), code=f"database.{tables.age.value}")


def describe(tables: Tables, database: Database) -> str:
    """Say how tables that are not of this version are to it, and what to do."""
    match tables.age:
        case Age.MISSING:
            lacks = "has no tables yet" if database.is_there else "is not there yet"
            return f"The database ({database.place}) {lacks}. {UPGRADE}"
        case Age.OLDER:
            versions = f"(version {tables.found}) than this Coachbot needs ({tables.wanted})"
            return f"The tables of the database are older {versions}. {UPGRADE}"
        case Age.NEWER:
            return _newer(tables)
        case Age.CURRENT:
            return f"The tables of the database are up to date (version {tables.found})."


def _newer(tables: Tables) -> str:
    return (
        f"The tables of the database are newer (version {tables.found}) than this Coachbot knows "
        f"({tables.wanted}). Please install the Coachbot that made them, or a newer one."
    )


def _make_folder(settings: Settings) -> None:
    folder = find_place(settings).folder
    try:
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnreachableError(explain_file(error)) from error


def _refusal(error: StorageError | coaching.Unavailable) -> DatabaseRefused | None:
    """Say what the database said; None where it was only busy with others."""
    cause = error.__cause__ if isinstance(error, coaching.Unavailable) else error
    match cause:
        case UnreachableError(failure=failure):
            return DatabaseRefused(failure.sentence, code=failure.code)
        case NewerError(tables=tables):
            return DatabaseRefused(_newer(tables), code=f"database.{Age.NEWER.value}")
    return None
