"""What Slack's error codes do to a promise, and how long its asked-for pauses may be."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from bot.delivery.outcomes import GiveUp, Scope, TryLater
from bot.slack.messages.messenger import outcome_of
from bot.slack.transport.error_codes import COURSES, UNREACHED, Course
from bot.slack.transport.replies import LEAST_WAIT, LONGEST_WAIT, retry_after

ENDS = (Course.ENDS_FOR_READER, Course.ENDS_AS_WRITTEN)
CODES = st.text() | st.sampled_from(sorted(COURSES))
HEADERS = st.text() | st.integers().map(str) | st.floats().map(str) | st.none() | st.integers()


def refused(code: object, status: int = 200, **headers: object) -> SlackApiError:
    data = {"ok": False, "error": code}
    response = SimpleNamespace(data=data, status_code=status, headers=headers)
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]


@given(code=CODES, status=st.sampled_from((200, 400, 403, 429, 500, 503)))
def test_only_what_the_table_ends_ends_a_promise(code: str, status: int) -> None:
    if isinstance(outcome_of(refused(code, status)), GiveUp):
        assert COURSES[code] in ENDS


@pytest.mark.parametrize(
    "code",
    [
        "access_denied",
        "accesslimited",
        "ekm_access_denied",
        "messages_tab_disabled",
        "missing_scope",
        "no_permission",
        "restricted_action",
        "team_access_not_granted",
    ],
)
def test_what_may_concern_one_conversation_holds_up_nobody_else(code: str) -> None:
    assert outcome_of(refused(code)) == TryLater(timedelta(), code, Scope.CHANNEL)


@pytest.mark.parametrize("code", ["account_inactive", "invalid_auth", "token_revoked"])
def test_a_token_that_is_refused_holds_up_all(code: str) -> None:
    assert outcome_of(refused(code)) == TryLater(timedelta(minutes=1), code, Scope.WORKSPACE)


def test_why_a_reader_gets_nothing_is_known_for_each_code_that_says_so() -> None:
    assert UNREACHED.keys() == {
        code for code, course in COURSES.items() if course is Course.ENDS_FOR_READER
    }


@given(value=HEADERS)
def test_a_pause_is_within_its_bounds_whatever_is_asked(value: object) -> None:
    pause = retry_after(refused("ratelimited", 429, **{"Retry-After": value}))
    assert LEAST_WAIT <= pause <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("value", "pause"),
    [
        ("30", timedelta(seconds=30)),
        ("3600", LONGEST_WAIT),
        ("86400", LONGEST_WAIT),
        ("1e400", LONGEST_WAIT),
        ("0", LEAST_WAIT),
        ("-5", LEAST_WAIT),
        ("nan", LEAST_WAIT),
        ("soon", LEAST_WAIT),
        ("Tue, 01 Dec 2026 06:00:00 GMT", LEAST_WAIT),
        (None, LEAST_WAIT),
    ],
)
def test_a_pause_that_slack_cannot_mean_is_read_as_one_it_can(
    value: object, pause: timedelta
) -> None:
    assert retry_after(refused("ratelimited", 429, **{"retry-after": value})) == pause
