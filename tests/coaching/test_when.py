"""Typed times: read back exactly or asked about, never guessed, and no word passed over."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.coaching import (
    Ambiguous,
    NotUnderstood,
    Understood,
    When,
    read_length,
    read_request,
    read_when,
)

NEW_YORK, LONDON, SYDNEY = "America/New_York", "Europe/London", "Australia/Sydney"
FRIDAY = datetime(2026, 11, 20, 15, 0, 30, tzinfo=UTC)  # 10:00 in New York, Saturday in Sydney
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

WORDS = st.sampled_from(
    "at in on the next this fri friday today tonight tomorrow 3 9 12 3pm 15:00 1:30 am pm noon "
    "midnight morning night § - : 1/2 31/12/9999 0001-01-01 2026-11-01 1 dec 29 feb 2026 london "
    "in time utc utc-5 est cst z +14:00 Europe/London a/b hour half an 2h 45m from now for foo "
    "\0 <@U1> <@U2|bo> with and week days".split(" ")
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=9).map(" ".join))
ZONES = st.one_of(st.timezone_keys(allow_prefix=False), st.sampled_from(["", "Nowhere/Land"]))
NOWS = st.datetimes(timezones=st.just(UTC))
MINUTES = st.datetimes(
    datetime(2001, 1, 1),  # noqa: DTZ001
    datetime(2090, 1, 1),  # noqa: DTZ001
).map(lambda local: local.replace(second=0, microsecond=0))
USUAL = MINUTES.map(lambda moment: moment.replace(tzinfo=UTC))


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type, misc]


def moments(when: When) -> list[datetime]:
    if isinstance(when, Ambiguous):
        return [each.starts_at for each in when.choices]
    return [when.starts_at] if isinstance(when, Understood) else []


def clock(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def ways(local: datetime) -> list[str]:
    day, year = local.day, local.year
    return [
        f"{local:%Y-%m-%d %H:%M}",
        f"{local:%Y-%m-%dT%H:%M:00}",
        f"{local:%Y/%m/%d} at {clock(local)}",
        f"{day} {local:%b} {year} {clock(local)}",
        f"{clock(local).replace(' ', '').upper()} on {local:%A} {day} {local:%B} {year}",
        f"{local:%B} {day}, {year} at {clock(local)}",
        f"{local:%a}, {day}th of {local:%b} {year}, {local:%H:%M}",
    ]


@given(TEXTS, ZONES, NOWS)
@example("9999-12-31 midnight", "Pacific/Kiritimati", utc(9999, 12, 31, 23, 59))
@example("yesterday 3pm", "America/New_York", utc(1, 1, 1))
@example("in 9999 minutes", "UTC", utc(9999, 12, 31, 23, 59))
@example("next fri 3pm cst", "Nowhere/Land", utc(9999, 12, 31, 23, 59))
def test_any_text_is_answered(text: str, zone: str, now: datetime) -> None:
    when = read_when(text, zone=zone, now=now)
    if isinstance(when, NotUnderstood):
        assert when.message
    else:
        # Long ago clocks differed from UTC by seconds as well.
        whole = [each for each in moments(when) if each.year > 1980]
        assert all(each.tzinfo is UTC for each in moments(when))
        assert not any(each.second or each.microsecond for each in whole)
    if isinstance(when, Ambiguous):
        assert 2 <= len(when.choices) <= 4
        assert len({each.words for each in when.choices}) == len(when.choices)
        assert when.question.endswith("?")
    read_length(text)
    read_request(text, zone=zone, now=now)


@given(MINUTES, st.integers(0, 6), st.timezone_keys(allow_prefix=False))
def test_a_date_and_time_in_full_is_read_back_exactly(local: datetime, way: int, zone: str) -> None:
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    when = read_when(ways(local)[way], zone=zone, now=FRIDAY)
    # What the clocks skip or repeat is asked.
    meant = sorted({first.astimezone(UTC), second.astimezone(UTC)})
    assert moments(when) == meant


@given(MINUTES, st.timezone_keys(allow_prefix=False), USUAL)
def test_a_date_in_figures_is_never_guessed(local: datetime, zone: str, now: datetime) -> None:
    text = f"{local.day}/{local.month:02}/{local.year} {local:%H:%M}"
    when = read_when(text, zone=zone, now=now)
    moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert moment in moments(when)
    swapped = local.day <= 12 and local.day != local.month
    assert not swapped or isinstance(when, Ambiguous)


@given(MINUTES, st.integers(-14 * 60, 14 * 60), st.timezone_keys(allow_prefix=False))
def test_an_offset_decides_in_every_zone(local: datetime, offset: int, zone: str) -> None:
    sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
    text = f"{local:%Y-%m-%dT%H:%M}{sign}{hours:02}:{minutes:02}"
    meant = local.replace(tzinfo=UTC) - timedelta(minutes=offset)
    assert moments(read_when(text, zone=zone, now=FRIDAY)) == [meant]
    assert moments(read_when(f"{local:%Y-%m-%dT%H:%M}Z", zone=zone, now=FRIDAY)) == [
        local.replace(tzinfo=UTC)
    ]


@given(st.sampled_from(["fri 27 nov 3pm", "tomorrow at 9", "in 2 hours"]), st.data())
def test_a_strange_word_is_never_passed_over(text: str, data: st.DataObject) -> None:
    words = text.split()
    place = data.draw(st.integers(0, len(words)))
    strange = data.draw(st.sampled_from(["maybe", "not", "except", "before", "5pm", "–", "xyz"]))
    when = read_when(" ".join([*words[:place], strange, *words[place:]]), zone=LONDON, now=FRIDAY)
    assert isinstance(when, NotUnderstood)


def test_a_strange_word_is_named() -> None:
    when = read_when("fri 3pm maybe", zone=LONDON, now=MONDAY)
    assert when == NotUnderstood("I do not know what “maybe” means there.")


@pytest.mark.parametrize(
    ("text", "new_york", "london", "sydney"),
    [
        # Friday 10:00 in New York, Friday 15:00 in London, Saturday 02:00 in Sydney
        ("tomorrow 3pm", (21, 20, 0), (21, 15, 0), (22, 4, 0)),
        ("mon 14:30", (23, 19, 30), (23, 14, 30), (23, 3, 30)),
        ("next tuesday at 9", (24, 14, 0), (24, 9, 0), (23, 22, 0)),
        ("in 2 hours", (20, 17, 0), (20, 17, 0), (20, 17, 0)),
        ("in 45 min", (20, 15, 45), (20, 15, 45), (20, 15, 45)),
        ("half an hour from now", (20, 15, 30), (20, 15, 30), (20, 15, 30)),
        ("2026-11-30 15:00", (30, 20, 0), (30, 15, 0), (30, 4, 0)),
        ("30 nov 3pm", (30, 20, 0), (30, 15, 0), (30, 4, 0)),
        ("today at 16:15", (20, 21, 15), (20, 16, 15), (21, 5, 15)),
        ("noon", (20, 17, 0), (21, 12, 0), (21, 1, 0)),
        ("tomorrow morning at 9", (21, 14, 0), (21, 9, 0), (21, 22, 0)),
        ("tonight at 8", (21, 1, 0), (20, 20, 0), (21, 9, 0)),
        ("in 3 days at 9:30", (23, 14, 30), (23, 9, 30), (23, 22, 30)),
        ("wed 25/11 at 14", (25, 19, 0), (25, 14, 0), (25, 3, 0)),
        ("16:00 UTC", (20, 16, 0), (20, 16, 0), (20, 16, 0)),
        ("9am london", (21, 9, 0), (21, 9, 0), (21, 9, 0)),
    ],
)
def test_usual_words_are_understood_on_ones_own_clocks(
    text: str, new_york: tuple[int, ...], london: tuple[int, ...], sydney: tuple[int, ...]
) -> None:
    for zone, meant in ((NEW_YORK, new_york), (LONDON, london), (SYDNEY, sydney)):
        when = read_when(text, zone=zone, now=FRIDAY)
        assert isinstance(when, Understood), (zone, when)
        assert when.starts_at == utc(2026, 11, *meant), zone


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fri 27 nov 2:30pm", "Fri 27 Nov at 2:30 pm, New York time"),
        ("27 nov 3pm london", "Fri 27 Nov at 10:00 am, New York time (3:00 pm London time)"),
        ("9am Europe/London mon", "Mon 23 Nov at 4:00 am, New York time (9:00 am London time)"),
        ("mon 9am EST", "Mon 23 Nov at 9:00 am, New York time"),
        ("1 jan 9:15", "Fri 1 Jan 2027 at 9:15 am, New York time"),
        ("1 nov 3pm", "Sun 1 Nov at 3:00 pm, New York time"),
        ("yesterday at noon", "Thu 19 Nov at 12:00 pm, New York time"),
        ("today at 3", "Fri 20 Nov at 3:00 pm, New York time"),
    ],
)
def test_what_was_understood_is_said_back(text: str, words: str) -> None:
    when = read_when(text, zone=NEW_YORK, now=FRIDAY)
    assert isinstance(when, Understood)
    assert when.words == words


@pytest.mark.parametrize(
    ("text", "now", "question", "choices"),
    [
        ("fri 3", MONDAY, "In the morning or in the afternoon?", [(11, 27, 8, 0), (11, 27, 20, 0)]),
        ("at 7", MONDAY, "In the morning or in the afternoon?", [(11, 24, 0, 0), (11, 24, 12, 0)]),
        ("friday 3pm", FRIDAY, "Which day do you mean?", [(11, 20, 20, 0), (11, 27, 20, 0)]),
        ("friday 9am", FRIDAY, None, [(11, 27, 14, 0)]),
        ("next friday 3pm", MONDAY, "Which day do you mean?", [(11, 27, 20, 0), (12, 4, 20, 0)]),
        ("next friday 3pm", FRIDAY, None, [(11, 27, 20, 0)]),
        ("11/12/2026 3pm", FRIDAY, "Which day do you mean?", [(11, 12, 20, 0), (12, 11, 20, 0)]),
        ("fri 11/12/2026 3pm", FRIDAY, None, [(12, 11, 20, 0)]),
        ("thu midnight", FRIDAY, "Which day do you mean?", [(11, 26, 5, 0), (11, 27, 5, 0)]),
        ("mon 9am cst", FRIDAY, "Which time zone do you mean?", [(11, 23, 1, 0), (11, 23, 15, 0)]),
        (
            "1 jul 2026 9am est",
            FRIDAY,
            "By the short name or by the clocks of the place?",
            [(7, 1, 13, 0), (7, 1, 14, 0)],
        ),
    ],
)
def test_what_can_be_meant_in_two_ways_is_asked(
    text: str, now: datetime, question: str | None, choices: list[tuple[int, ...]]
) -> None:
    when = read_when(text, zone=NEW_YORK, now=now)
    assert moments(when) == [utc(2026, *each) for each in choices]
    assert (when.question if isinstance(when, Ambiguous) else None) == question


@pytest.mark.parametrize(
    ("zone", "text", "before"),
    [
        (NEW_YORK, "2027-03-14 2:30 am", utc(2027, 3, 14, 6, 30)),
        (LONDON, "2027-03-28 1:30 am", utc(2027, 3, 28, 0, 30)),
        (SYDNEY, "2026-10-04 2:30 am", utc(2026, 10, 3, 15, 30)),
    ],
)
def test_a_time_that_the_clocks_skip_is_offered_before_and_after(
    zone: str, text: str, before: datetime
) -> None:
    when = read_when(text, zone=zone, now=FRIDAY)
    assert isinstance(when, Ambiguous)
    assert when.question.startswith("The clocks go forward")
    assert moments(when) == [before, before + timedelta(hours=1)]
    assert "before the clocks go forward" in when.choices[0].words


@pytest.mark.parametrize(
    ("zone", "text", "first"),
    [
        (NEW_YORK, "2026-11-01 1:30 am", utc(2026, 11, 1, 5, 30)),
        (LONDON, "2026-10-25 1:30 am", utc(2026, 10, 25, 0, 30)),
        (SYDNEY, "2027-04-04 2:30 am", utc(2027, 4, 3, 15, 30)),
    ],
)
def test_a_time_that_comes_twice_is_offered_twice(zone: str, text: str, first: datetime) -> None:
    when = read_when(text, zone=zone, now=FRIDAY)
    assert isinstance(when, Ambiguous)
    assert when.question.endswith("comes twice. Which one?")
    assert moments(when) == [first, first + timedelta(hours=1)]
    said = text.partition(" ")[2]
    assert when.choices[0].words.endswith(f"(the first {said}, before the clocks go back)")
    assert when.choices[1].words.endswith(f"(the second {said}, after the clocks go back)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tomorrow", "At what time? Try “tomorrow 3pm”."),
        ("tomorrow morning", "At what time? Try “tomorrow 3pm”."),
        ("5", "I do not know what “5” means there."),
        ("thu 1 dec 3pm", "1 Dec 2026 is not “thu”."),
        ("31 feb 3pm", "There is no date “31 feb”."),
        ("25:00", "There is no time 25:00."),
        ("15:00-16:00", "I do not know what “-16:00” means there."),
        ("9am christmas", "I do not know what “christmas” means there."),
        ("tomorrow 3pm in the morning", "That time is not in the morning. Say it with am or pm."),
        ("3pm Europe/Nowhere", "I do not know the time zone “europe/nowhere”."),
        ("9999-12-31 midnight", "That date is beyond the calendar."),
    ],
)
def test_what_is_not_understood_says_why(text: str, message: str) -> None:
    assert read_when(text, zone=NEW_YORK, now=FRIDAY) == NotUnderstood(message)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("for 30m", 30),
        ("45 min", 45),
        ("1h", 60),
        ("1h30m", 90),
        ("1.5 hours", 90),
        ("half an hour", 30),
        ("An hour", 60),
        ("an hour and a half", 90),
        ("0 min", None),
        ("30", None),
        ("in 5 min", None),
        ("30 min or so", None),
    ],
)
def test_lengths(text: str, minutes: int | None) -> None:
    assert read_length(text) == minutes


TIMES = st.sampled_from(["mon 3pm", "on 1 dec at 15:00", "tomorrow at 9", "in 2 hours"])
LENGTHS = st.sampled_from([("for 30m", 30), ("45 min", 45), ("1h", 60)])


@given(TIMES, LENGTHS, st.permutations(["people", "time", "length", "topic"]))
def test_a_request_is_taken_apart_in_any_order(
    time: str, length: tuple[str, int], order: list[str]
) -> None:
    parts = {
        "people": "with <@U12|bo> and <@W9>",
        "time": time,
        "length": length[0],
        "topic": "Refunds over call 17",
    }
    found = read_request(" ".join(parts[each] for each in order), zone=NEW_YORK, now=FRIDAY)
    assert found.mentions == ("U12", "W9")
    assert found.when == read_when(time, zone=NEW_YORK, now=FRIDAY)
    assert found.length_minutes == length[1]
    assert found.topic == "Refunds over call 17"


def test_a_request_may_say_a_topic_alone_or_a_day_without_its_time() -> None:
    topic = read_request("Quarterly review", zone=NEW_YORK, now=FRIDAY)
    assert (topic.mentions, topic.when, topic.length_minutes) == ((), None, None)
    assert topic.topic == "Quarterly review"
    untimed = read_request("<@U1> monday about closing", zone=NEW_YORK, now=FRIDAY)
    assert untimed.when == NotUnderstood("At what time? Try “monday 3pm”.")
    assert untimed.topic == "closing"
