"""Log lines: one for each event, whatever is in it; of an error never what it says."""

import enum
import io
import json
import logging
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.correlation import correlated, in_hand
from bot.hop import Hop
from bot.logger import get_logger
from bot.logs import formatter

SECRET = "what somebody wrote"
TOKENS = ["xoxb-12-34-abcDEF", "xapp-1-A0-9-abc", "xoxe.xoxp-1-abc", "xoxp-12-ab.cd"]
FORMS = ["text", "json"]
log = get_logger("tests.logs")
foreign = logging.getLogger("tests.foreign")

Values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
Nested = st.recursive(Values, lambda each: st.lists(each) | st.dictionaries(st.text(), each))


class Colour(enum.Enum):
    RED = "red"


@contextmanager
def written(form: str) -> Iterator[Callable[[], list[str]]]:
    """Write what is logged as a process does; answers the lines."""
    stream = io.StringIO(newline="")
    writing = logging.StreamHandler(stream)
    writing.setFormatter(formatter(form))
    logger = logging.getLogger("tests")
    level, logger.level = logger.level, logging.INFO
    logger.addHandler(writing)
    try:
        yield lambda: stream.getvalue().split("\n")[:-1]
    finally:
        logger.removeHandler(writing)
        logger.setLevel(level)


def line_of(form: str, write: Callable[[], object]) -> str:
    with written(form) as lines:
        write()
        [line] = lines()
    return line


def facts_of(write: Callable[[], object]) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(line_of("json", write))
    return facts


def failing() -> BaseException:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as cause:
            raise ValueError(SECRET) from cause
    except ValueError as error:
        return error


@given(st.text())
def test_an_event_is_one_line_whatever_is_in_it(said: str) -> None:
    line = line_of("text", lambda: log.info("Said", words=said, more=3))
    assert line.isprintable() or not set(line) & set(map(chr, [*range(32), *range(127, 160)]))
    assert line.endswith(" more=3")
    assert not set(line_of("text", lambda: foreign.warning("%s", said))) & set("\r\n\x1b")


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}x", fullmatch=True), Nested))
def test_json_keeps_what_values_are(facts: dict[str, Any]) -> None:
    found = facts_of(lambda: log.info("Said", **facts))
    assert {name: found[name] for name in facts} == facts
    assert (found["event"], found["level"], found["logger"]) == ("Said", "INFO", "tests.logs")
    assert datetime.fromisoformat(found["time"]).utcoffset() == timedelta(0)


def test_what_json_has_no_word_for_is_still_said() -> None:
    given = {
        "colour": Colour.RED,
        "after": timedelta(seconds=90),
        "at": datetime(2026, 3, 1, 9, tzinfo=UTC),
        "share": math.inf,
        "error": KeyError(SECRET),
        "names": ("a", "b"),
    }
    found = facts_of(lambda: log.info("Said", **given))
    assert {name: found[name] for name in given} == {
        "colour": "red",
        "after": 90.0,
        "at": "2026-03-01T09:00:00+00:00",
        "share": "inf",
        "error": "KeyError at=nowhere",
        "names": ["a", "b"],
    }


def test_a_person_reads_an_event_as_pairs() -> None:
    line = line_of("text", lambda: log.warning("Refused", reason="no service here", delivery=7))
    assert line.endswith('WARNING tests.logs event=Refused reason="no service here" delivery=7')


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("write", [log.error, foreign.error])
def test_an_error_is_told_by_its_place_and_not_by_its_words(
    form: str, write: Callable[..., object]
) -> None:
    line = line_of(form, lambda: write("Failed", exc_info=failing()))
    assert SECRET not in line
    assert "ValueError at=test_logs.py:" in line
    assert " from KeyError at=test_logs.py:" in line


def test_an_error_in_hand_is_told_with_all_that_failed_together() -> None:
    def fail() -> None:
        try:
            raise ExceptionGroup(SECRET, [KeyError(SECRET), OSError(SECRET)])
        except ExceptionGroup:
            log.exception("Failed", step=2)

    found = facts_of(fail)
    assert SECRET not in str(found)
    assert (found["level"], found["step"]) == ("ERROR", 2)
    assert found["error"].startswith("ExceptionGroup at=test_logs.py:")
    assert found["error"].endswith(" of (KeyError at=nowhere; OSError at=nowhere)")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("token", TOKENS)
def test_a_token_that_slips_in_is_not_written(form: str, token: str) -> None:
    deep = {"answer": [{"text": f"token={token}", token: 1}], "url": f"wss://x/{token}"}
    for write in (
        lambda: log.info("Answered", deep=deep, said=f"({token})"),
        lambda: foreign.info("answered %s to (%s)", f"token={token}", token),
    ):
        line = line_of(form, write)
        assert token not in line
        assert "abc" not in line.lower().replace("…", "")


@pytest.mark.parametrize("form", FORMS)
def test_a_password_in_an_address_is_not_written(form: str) -> None:
    line = line_of(form, lambda: foreign.info("to %s", f"postgresql://bot:{SECRET[:4]}@db/x"))
    assert SECRET[:4] not in line
    assert "postgresql://…@db/x" in line


def test_what_is_not_grave_enough_is_not_written() -> None:
    with written("text") as lines:
        log.debug("Quiet")
        assert lines() == []


async def test_the_id_of_what_is_in_hand_goes_along_into_the_thread() -> None:
    hop = Hop(threads=1)
    try:
        with correlated("delivery-7"):
            assert await hop(in_hand) == "delivery-7"
            assert facts_of(lambda: log.info("Said"))["context"] == "delivery-7"
            assert facts_of(lambda: foreign.info("x"))["context"] == "delivery-7"
            with correlated() as inner:
                assert await hop(in_hand) == inner
            assert in_hand() == "delivery-7"
        assert in_hand() is None
        assert "context" not in line_of("text", lambda: log.info("Said"))
    finally:
        hop.close()


def test_a_line_of_another_library_is_kept_as_it_is() -> None:
    facts = facts_of(lambda: foreign.info("Started on %s with a=1", sys.platform))
    assert facts["message"] == f"Started on {sys.platform} with a=1"
    assert "event" not in facts


@pytest.mark.parametrize("form", FORMS)
def test_a_line_of_the_storage_is_an_event(form: str) -> None:
    facts = {"code": "database.no_answer", "said": "it is away", "after": 1.5}
    words = "Unusable code=%(code)s after=%(after)s"
    record = logging.LogRecord("storage", logging.ERROR, "x.py", 1, words, (facts,), None)
    line = formatter(form).format(record)
    if form == "json":
        assert json.loads(line) | {"event": "Unusable", **facts} == json.loads(line)
    else:
        said = 'event=Unusable code=database.no_answer said="it is away" after=1.5'
        assert line.endswith(f" ERROR storage {said}")


def test_an_event_may_have_a_message_as_a_fact() -> None:
    line = line_of("text", lambda: log.info("Refused", reason="stale", message="Set the clock."))
    assert line.endswith('event=Refused reason=stale message="Set the clock."')


def test_setting_up_twice_writes_once() -> None:
    program = (
        "import os\nfrom bot.logger import get_logger\nfrom bot.logs import write_logs\n"
        "from bot.settings import read_settings\n"
        "for _ in range(2): write_logs(read_settings({'COACHBOT_LOG_FORMAT': 'json'}))\n"
        "get_logger('bot').info('Said', number=1)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    [line] = done.stderr.splitlines()
    assert (json.loads(line)["event"], json.loads(line)["number"], done.stdout) == ("Said", 1, "")
