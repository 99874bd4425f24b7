"""What is typed behind `/coach schedule`: a name behind an @ is somebody, or nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.session.request import mentioned

KNOWN = {"priya raman": "U1", "jonas": "U2", "jonas beck": "U3"}


def find(name: str) -> str | None:
    return KNOWN.get(name.casefold())


@pytest.mark.parametrize(
    ("typed", "read", "unknown"),
    [
        ("@Priya Raman fri 3pm", "<@U1> fri 3pm", ()),
        ("@Jonas Beck and @jonas, 30m", "<@U3> and <@U2> 30m", ()),
        ("@Nobody Here fri", "Here fri", ("Nobody",)),
        ("<@U9|priya> mail me@home.example", "<@U9|priya> mail me@home.example", ()),
    ],
)
def test_the_longest_name_is_meant(typed: str, read: str, unknown: tuple[str, ...]) -> None:
    text, strangers = mentioned(typed, find)
    assert (" ".join(text.split()), strangers) == (read, unknown)


@given(st.lists(st.sampled_from(["@Jonas", "@Nobody", "fri", "3pm", "<@U7|a>", "@", "x@y"])))
def test_no_word_is_lost_or_made_up(words: list[str]) -> None:
    text, unknown = mentioned(" ".join(words), find)
    kept = ["<@U2>" if each == "@Jonas" else each for each in words if each != "@Nobody"]
    assert text.split() == kept
    assert len(unknown) == words.count("@Nobody")
