"""An address is understood or refused in one sentence that gives no password away."""

import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage.engine import connect

SENTENCES = frozenset(
    {
        "the database address is not a URL",
        "the database address must start with sqlite:/// or postgresql://",
        "SQLite needs a file: sqlite:///coachbot.db",
    }
)
PASSWORD = "hunter2"  # Written by hand, so that it is found wherever it is told.

starts = st.sampled_from(
    "sqlite sqlite+pysqlite sqlite+aiosqlite postgres postgresql postgresql+psycopg "
    "postgresql+asyncpg mysql file http".split()
)
places = st.text(alphabet="hx:/@?=&#%[].0123456789 ", max_size=12)


def refuse(address: str) -> ValueError | None:
    """How an address is refused, if it is; any other error is the test's end."""
    try:
        connect(address).close()
    except ValueError as refused:
        return refused
    return None


def explained(error: BaseException | None) -> Iterator[str]:
    """What a log would say of an error and of those that it came from, without the source."""
    while error is not None:
        yield from traceback.format_exception_only(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.mark.parametrize(
    ("address", "is_sqlite", "opened"),
    [
        ("sqlite:///coachbot.db", True, "sqlite:///coachbot.db"),
        ("sqlite:////var/lib/coachbot.db", True, "sqlite:////var/lib/coachbot.db"),
        ("postgresql://h/db", False, "postgresql+psycopg://h/db"),
        ("postgres://u:p@h:5433/db", False, "postgresql+psycopg://u:p@h:5433/db"),
        (
            "postgresql+psycopg://h/db?sslmode=require",
            False,
            "postgresql+psycopg://h/db?sslmode=require",
        ),
    ],
)
def test_an_address_leads_where_it_says(address: str, is_sqlite: bool, opened: str) -> None:
    database = connect(address)
    assert database.is_sqlite is is_sqlite
    assert database.engine.url.render_as_string(hide_password=False) == opened
    database.close()


def test_connecting_opens_nothing(tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path / 'new.db'}").close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "not a URL"),
        ("coachbot.db", "not a URL"),
        ("postgresql://coach:hunter2:5432/db", "not a URL"),
        ("postgresql://coach:hunter2@h:port/db", "not a URL"),
        ("mysql://coach:hunter2@h/db", "must start with"),
        ("postgresql+asyncpg://coach:hunter2@h/db", "must start with"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite://coachbot.db", "needs a file"),
        ("sqlite://coach:hunter2@h/coachbot.db", "needs a file"),
        ("sqlite:///file::memory:?uri=true", "needs a file"),
    ],
)
def test_any_other_address_is_refused(address: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refused:
        connect(address)
    assert str(refused.value) in SENTENCES
    assert PASSWORD not in "".join(explained(refused.value))


@settings(max_examples=300)
@given(start=starts, before=places, after=places)
@example(start="postgresql", before="u:", after="")
def test_no_refusal_repeats_a_password(start: str, before: str, after: str) -> None:
    address = f"{start}://{before}{PASSWORD}{after}"
    refused = refuse(address)
    assert refused is None or str(refused) in SENTENCES
    assert PASSWORD not in "".join(explained(refused))
