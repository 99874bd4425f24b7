"""The rules of texts, lengths, starts and people, held to examples and to properties."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.coaching import Invalid, Policy
from bot.coaching.ground import rules
from tests.coaching.workplace import assert_for_people

NOW = datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)
POLICY = Policy()
MINUTES = st.integers(0, 200)
SPANS = st.tuples(MINUTES, st.integers(1, 90)).map(lambda each: (each[0], each[0] + each[1]))
ZONES = st.one_of(st.timezones(), st.integers(-86399, 86399).map(lambda s: timezone(seconds(s))))


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def refusal(rule: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as refused:
        rule()
    assert_for_people(refused.value.message)
    return refused.value.code, refused.value.field


@given(SPANS, SPANS)
def test_spans_overlap_when_they_share_a_minute(a: tuple[int, int], b: tuple[int, int]) -> None:
    share = bool(set(range(*a)) & set(range(*b)))
    first, second = (at(a[0]), at(a[1])), (at(b[0]), at(b[1]))
    assert rules.overlaps(first, second) is share
    assert rules.overlaps(second, first) is share


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=ZONES))  # noqa: DTZ001
def test_a_start_is_floored_to_the_minute_of_utc(moment: datetime) -> None:
    floored = rules.floor_to_minute(moment)
    assert floored.tzinfo is UTC
    since = floored - datetime(1900, 1, 1, tzinfo=UTC)
    assert since % timedelta(minutes=1) == timedelta(0)
    assert timedelta(0) <= moment.astimezone(UTC) - floored < timedelta(minutes=1)


@given(
    st.one_of(
        st.integers(-120, 42 * 86400 + 120).map(lambda each: NOW + seconds(each)),
        st.datetimes(timezones=ZONES),
    )
)
@example(NOW - timedelta(seconds=30))
@example(NOW)
@example(NOW + timedelta(seconds=29))
@example(NOW + timedelta(seconds=30))
@example(NOW + timedelta(days=42, seconds=29))
@example(NOW + timedelta(days=42, seconds=30))
@example(datetime.min.replace(tzinfo=timezone(timedelta(hours=5))))
@example(datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))))
def test_a_start_lies_ahead_and_within_the_horizon(moment: datetime) -> None:
    minute = (moment - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(minutes=1)
    fits = (
        timedelta(0)
        < datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minute) - NOW
        <= timedelta(days=42)
        if abs((moment - NOW).days) < 3000
        else False
    )
    if fits:
        assert rules.ensure_start(moment, NOW, POLICY) == rules.floor_to_minute(moment)
    else:
        found = refusal(lambda: rules.ensure_start(moment, NOW, POLICY))
        assert found == ("invalid.date", "starts_at")


def test_a_session_over_a_change_of_the_clocks_keeps_its_length() -> None:
    """At 1:45 on the last Sunday of October, half an hour later is 1:15 again."""
    starts_at = datetime(2026, 10, 25, 1, 45, tzinfo=ZoneInfo("Europe/London"))
    start = rules.floor_to_minute(starts_at)
    assert start + timedelta(minutes=30) == datetime(2026, 10, 25, 1, 15, tzinfo=UTC)


def test_now_is_not_in_the_future() -> None:
    minute = NOW.replace(second=0)
    found = refusal(lambda: rules.ensure_start(minute, minute, POLICY))
    assert found == ("invalid.date", "starts_at")
    next_minute = minute + timedelta(minutes=1)
    assert rules.ensure_start(next_minute, minute, POLICY) == next_minute


@pytest.mark.parametrize(
    ("days", "said"), [(42, "6 weeks"), (14, "2 weeks"), (7, "7 days"), (10, "10 days")]
)
def test_the_horizon_is_the_policys_and_said_in_words(days: int, said: str) -> None:
    with pytest.raises(Invalid, match=f"within the next {said}"):
        rules.ensure_start(NOW + timedelta(days=days + 1), NOW, Policy(horizon_days=days))


@given(st.integers(-10, 200), st.integers(1, 120))
def test_a_length_lies_within_the_policy(minutes: int, most: int) -> None:
    policy = Policy(max_length_minutes=most)
    if minutes in range(1, most + 1):
        assert rules.ensure_length(minutes, policy) == minutes
    else:
        found = refusal(lambda: rules.ensure_length(minutes, policy))
        assert found == ("constraint.validation", "length_minutes")


TEXTS = {
    "name": (rules.ensure_name, POLICY.max_name_length),
    "description": (rules.ensure_description, POLICY.max_description_length),
    "location": (rules.ensure_location, POLICY.max_location_length),
}


@pytest.mark.parametrize("field", TEXTS)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
@example(text="*bold* <!channel> <@U1> &amp; `x` :wave: 👩🏽‍🏫")
@example(text="\u0645\u0631\u0627 \u200f\u062c\u0639")
@example(text="\u00a0 x \u2003")
def test_a_text_is_kept_as_it_is_but_for_blanks_around_it(field: str, text: str) -> None:
    rule, limit = TEXTS[field]
    if any(each.isprintable() and not each.isspace() for each in text):
        assert rule(text[:limit], POLICY) == text[:limit].strip()


@pytest.mark.parametrize("field", ["name", "description"])
@pytest.mark.parametrize("text", ["", " ", "\t\n \u3000", "\u200b\u200b", "\u2060"])
def test_a_text_says_something(field: str, text: str) -> None:
    rule, _ = TEXTS[field]
    assert refusal(lambda: rule(text, POLICY)) == ("constraint.validation", field)


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b"])
def test_what_cannot_be_stored_is_refused(field: str, bad: str) -> None:
    rule, limit = TEXTS[field]
    assert refusal(lambda: rule(bad, POLICY)) == ("constraint.validation", field)
    assert refusal(lambda: rule("x" * (limit + 1), POLICY)) == ("constraint.validation", field)
    assert rule("x" * limit, POLICY) == "x" * limit
    assert rule(f"  {'x' * limit}  ", POLICY) == "x" * limit


@pytest.mark.parametrize("nothing", [None, "", "   "])
def test_a_location_may_be_left_out(nothing: str | None) -> None:
    assert rules.ensure_location(nothing, POLICY) is None


PEOPLE = st.lists(st.sampled_from("abcd"), max_size=6)


@given(st.sampled_from([None, *"abcd"]), PEOPLE)
def test_nobody_takes_part_twice_and_somebody_does(
    facilitator: str | None, people: list[str]
) -> None:
    policy = Policy(max_attendees=4)
    twice = len(set(people)) < len(people)
    if people and len(people) <= 4 and not twice and facilitator not in people:
        rules.ensure_distinct(facilitator, people, policy)
        return
    code, field = refusal(lambda: rules.ensure_distinct(facilitator, people, policy))
    about_people = not people or len(people) > 4 or twice
    assert (code, field) == (
        "validation.error",
        "attendee_ids" if about_people else "facilitator_id",
    )
