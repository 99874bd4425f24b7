"""Whoever asks, through whichever door: the same answer in the same words, and the same rows."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.coaching import Conflict, Denied, Invalid, NotFound, Source
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles, opened
from tests.parity import editing, table
from tests.parity.centre import Centre
from tests.parity.codes import CODES, CODES_ELSEWHERE
from tests.parity.following import FOLLOWING
from tests.parity.requests import Done, Line, Nowhere, Refused, Schedule, Undo
from tests.parity.rows import Row, Rows, written
from tests.parity.slack_way import by_slack, expected_in_slack
from tests.parity.ways import Seen, Way, by_rest, by_use_case, expected

TABLE = (*table.MAKING, *editing.EDITING, *FOLLOWING)
Written = tuple[Counter[Row], Counter[Row]]


@pytest.fixture(scope="module")
def closed(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A contact centre whose file can be copied."""
    with sqlite_files.address(tmp_path_factory.mktemp("parity")) as address:
        with opened(address) as store:
            clock = FrozenClock(table.NOW)
            file = Path(address.removeprefix("sqlite:///"))
            centre = Centre(Workplace(store, clock), file, {})
            centre.hire_others()
            centre.mint_tokens()
        yield centre


@pytest.fixture
def ready(closed: Centre, tmp_path: Path, line: Line) -> tuple[Centre, Rows]:
    """The centre with the sessions of the line, closed again, and all its rows."""
    with closed.copied(tmp_path, "ready") as centre:
        for session in line.given:
            centre.prepare(session)
        return centre, centre.rows()


async def done(
    way: Way, ready: tuple[Centre, Rows], line: Line, folder: Path
) -> tuple[Seen, Written, set[Source]]:
    """Make the request; answers what was seen, what was written, and under which front end."""
    as_it_was, before = ready
    with as_it_was.copied(folder, way.__name__) as centre:
        seen = await way(centre, line)
        after = centre.rows()
    return seen, written(before, after), set(after.sources - before.sources)


@pytest.mark.parametrize("line", [pytest.param(each, id=each.name) for each in TABLE])
async def test_every_way_answers_alike(
    line: Line, ready: tuple[Centre, Rows], tmp_path: Path
) -> None:
    seen, wrote, sources = await done(by_use_case, ready, line, tmp_path)
    assert seen == expected(line)
    assert any(wrote) == line.writes
    assert sources == written_under(Source.COMMAND_LINE, line)

    seen, also_wrote, sources = await done(by_rest, ready, line, tmp_path)
    assert seen == expected(line)
    assert also_wrote == wrote
    assert sources == written_under(Source.REST, line)

    if not isinstance(line.in_slack, Nowhere):
        seen, also_wrote, sources = await done(by_slack, ready, line, tmp_path)
        assert seen == expected_in_slack(line)
        if isinstance(line.request, Undo) and isinstance(line.in_slack, Done):
            assert any(also_wrote), "this is ours, and in Slack alone"
            assert sources == {Source.SLACK}
            return
        assert without_confirmation(also_wrote, line) == wrote
        assert sources == written_under(Source.SLACK, line)


def written_under(source: Source, line: Line) -> set[Source]:
    """The trail names the front end of whatever was written: the one difference in all rows."""
    return {source} if line.writes else set()


def without_confirmation(wrote: Written, line: Line) -> Written:
    """Take away what Slack alone promises: to tell whoever schedules that it is done."""
    went, came = wrote
    confirmations = [each for each in came if "occurrence=confirmation" in each[1]]
    is_scheduled = line.writes and isinstance(line.request, Schedule)
    assert len(confirmations) == is_scheduled
    for each in confirmations:
        assert f"person_id=<Person {line.by}>" in each[1]
    return went, came - Counter(confirmations)


def test_every_code_of_the_contract_is_met_or_excused() -> None:
    tried = {each.outcome.code for each in TABLE if isinstance(each.outcome, Refused)}
    assert tried.isdisjoint(CODES_ELSEWHERE)
    assert tried == CODES


def test_no_two_lines_have_one_name() -> None:
    names = [each.name for each in TABLE]
    assert len(set(names)) == len(names)


def test_the_table_tries_every_ending() -> None:
    """Done and refused, in Slack and not, hidden and not: none of it goes untried."""
    refused = [each.outcome for each in TABLE if isinstance(each.outcome, Refused)]
    assert {each.kind for each in refused} == {Invalid, Denied, NotFound, Conflict}
    assert any(each.concealed for each in refused)
    assert any(each.writes and each.in_slack is None for each in TABLE)
