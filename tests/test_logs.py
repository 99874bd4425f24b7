"""Log lines: one for each event, whatever is in it; of an error never what it says."""

import json
import logging
import sys
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.correlation import correlated, in_hand
from bot.hop import Hop
from bot.logs import JsonLines, Lines

SECRET = "what somebody wrote"


def record(message: str, *values: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot.x", logging.INFO, "x.py", 1, message, values, info)


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
    line = Lines().format(record("event=Said words=%s", said))
    assert not set(line) & set("\r\n")
    facts = json.loads(JsonLines().format(record("event=Said number=%d words=%r", 3, said)))
    assert (facts["event"], facts["number"]) == ("Said", "3")
    assert facts["level"] == "INFO"
    assert datetime.fromisoformat(facts["time"]).utcoffset() is not None


@pytest.mark.parametrize("form", [Lines(), JsonLines()])
def test_an_error_is_told_by_its_place_and_not_by_its_words(form: Lines) -> None:
    line = form.format(record("event=Failed", error=failing()))
    assert SECRET not in line
    assert "ValueError at=test_logs.py:" in line
    assert " from KeyError at=test_logs.py:" in line


@pytest.mark.parametrize("form", [Lines(), JsonLines()])
@pytest.mark.parametrize(
    "token", ["xoxb-12-34-abcDEF", "xapp-1-A0-9-abc", "xoxe.xoxp-1-abc", "xoxp-12-ab.cd"]
)
def test_a_token_that_slips_in_is_not_written(form: Lines, token: str) -> None:
    line = form.format(record("answered %s to (%s)", f"token={token}", token))
    assert token not in line
    assert "abc" not in line.lower().replace("…", "")


async def test_the_id_of_what_is_in_hand_goes_along_into_the_thread() -> None:
    hop = Hop(threads=1)
    try:
        with correlated("delivery-7"):
            assert await hop(in_hand) == "delivery-7"
            assert json.loads(JsonLines().format(record("x")))["context"] == "delivery-7"
            with correlated() as inner:
                assert await hop(in_hand) == inner
            assert in_hand() == "delivery-7"
        assert in_hand() is None
        assert "context" not in Lines().format(record("x"))
    finally:
        hop.close()


def test_a_line_of_another_library_is_kept_as_it_is() -> None:
    facts = json.loads(JsonLines().format(record("Started on %s", sys.platform)))
    assert facts["message"] == f"Started on {sys.platform}"
