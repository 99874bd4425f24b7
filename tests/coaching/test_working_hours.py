"""Working hours as a spreadsheet gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.times.working_hours import read_working_hours

NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MINUTES = st.integers(0, 24 * 60 - 1)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@given(st.integers(0, 6), st.integers(0, 6), MINUTES, MINUTES, st.integers(3, 9))
def test_a_span_of_days_goes_round_the_week(
    first: int, last: int, opens: int, closes: int, letters: int
) -> None:
    days = f"{NAMES[first][:letters]}-{NAMES[last][:letters].upper()}"
    found = read_working_hours(f" {days}  {clock(opens)} - {clock(closes)}")
    worked = [(first + each) % 7 for each in range((last - first) % 7 + 1)]
    expected = {"days": sorted(worked), "from": clock(opens), "to": clock(closes)}
    assert found == (expected if opens < closes else None)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon,Wed,Fri 10:00-14:30", [0, 2, 4]),
        ("mon, wed , fri 10:00-14:30", [0, 2, 4]),
        ("Mon-Tue,Thu-Fri 10:00-14:30", [0, 1, 3, 4]),
        ("Sat-Mon,Mon 10:00-14:30", [0, 5, 6]),
        ("Thurs 10:00-14:30", [3]),
    ],
)
def test_days_in_a_row(text: str, days: list[int]) -> None:
    assert read_working_hours(text) == {"days": days, "from": "10:00", "to": "14:30"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mon-Fri",
        "09:00-17:00",
        "Mon-Fri 09:00",
        "Mo-Fri 09:00-17:00",
        "Money-Fri 09:00-17:00",
        "Mon-Wed-Fri 09:00-17:00",
        "Mon- 09:00-17:00",
        "Mon,,Fri 09:00-17:00",
        "Mon-Fri 9-17",
        "Mon-Fri 17:00-09:00",
        "Mon-Fri 09:00-09:00",
        "Mon-Fri 09:00-24:00",
        "Mon-Fri 09:60-17:00",
        "Mon-Fri 09:00-17:00 and so on",
    ],
)
def test_anything_else_is_not_read(text: str) -> None:
    assert read_working_hours(text) is None


@given(st.text(st.sampled_from("monfrtuewdhsa,-: 0123456789٣"), max_size=25))
def test_no_text_breaks_it(text: str) -> None:
    found = read_working_hours(text)
    assert found is None or found["from"] < found["to"]
