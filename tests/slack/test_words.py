"""What people typed is cut and shown as they typed it."""

import html
import unicodedata
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.blocks.words import (
    BREAKER,
    clip,
    clusters,
    escape,
    escaped,
    isolated,
    joined,
    nearest,
    size,
    unescape,
    zone_words,
)
from tests.slack.extremes import WORST, texts


@given(texts, st.integers(1, 400))
@example("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 12)
@example("🇬🇧🇫🇷", 5)
@example("e\u0301e\u0301", 3)
def test_a_cut_keeps_to_the_limit_and_falls_between_two_characters(text: str, limit: int) -> None:
    cut = clip(text, limit)
    assert size(cut) <= limit
    if cut == text:
        return
    kept = cut.removesuffix("…")
    assert cut.endswith("…")
    assert text.startswith(kept)
    rest = text[len(kept) :].lstrip()
    assert not kept.endswith("\u200d")
    assert not rest or unicodedata.category(rest[0]) not in ("Mn", "Me") or not kept
    assert not rest or not "\U0001f3fb" <= rest[0] <= "\U0001f3ff" or not kept


@given(texts)
def test_a_cut_takes_as_much_as_there_is_room_for(text: str) -> None:
    close = "".join(text.split())
    limit = max(1, size(close) - 1)
    kept = clip(close, limit).removesuffix("…")
    first = next(clusters(close[len(kept) :]), "")
    assert not first or size(kept) + size(first) + 1 > limit


@given(texts)
def test_clusters_put_together_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(
    "whole",
    [
        "👩‍👩‍👧‍👦",
        "🇬🇧",
        "e\u0301\u0302",
        "👍🏽",
        "❤\ufe0f",
        "각",
        "🏴\U000e0067\U000e0062\U000e007f",
    ],
)
def test_what_people_see_as_one_character_is_one(whole: str) -> None:
    assert list(clusters(whole * 3)) == [whole] * 3


@given(texts)
@example("<!channel> & <@U1>")
def test_escaped_words_call_nobody_and_read_back_as_they_were(text: str) -> None:
    safe = escape(text.replace(BREAKER, ""))
    assert not set("<>") & set(safe)
    assert html.unescape(safe).replace(BREAKER, "") == html.unescape(safe.replace(BREAKER, ""))
    assert unescape(safe.replace(BREAKER, "")) == text.replace(BREAKER, "")


@given(texts, st.integers(20, 4000))
def test_escaped_words_keep_to_the_limit_and_break_no_entity(text: str, limit: int) -> None:
    safe = escaped(text, limit)
    assert size(safe) <= limit
    for piece in safe.split("&")[1:]:
        assert piece.startswith(("amp;", "lt;", "gt;"))


def test_formatting_that_was_typed_has_no_word_to_hold_on_to() -> None:
    assert escape("*bold*") == f"{BREAKER}*{BREAKER}bold{BREAKER}*{BREAKER}"


@given(texts)
def test_a_name_that_runs_right_to_left_is_kept_to_itself(text: str) -> None:
    turned = isolated(text)
    assert text in turned
    assert (turned == text) or (turned[0], turned[-1]) == ("\u2068", "\u2069")
    assert isolated("مرحبا") != "مرحبا"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), ""),
        (("Ann",), "Ann"),
        (("Ann", "Bo"), "Ann and Bo"),
        (("Ann", "Bo", "Cy"), "Ann, Bo and Cy"),
        (("Ann", "Bo", "Cy", "Di"), "Ann, Bo, Cy and 1 more"),
        (("Ann",) * 100, "Ann, Ann, Ann and 97 more"),
    ],
)
def test_many_people_are_said_in_few_words(names: tuple[str, ...], said: str) -> None:
    assert joined(names) == said


def test_every_zone_has_a_name_in_words() -> None:
    assert zone_words("America/New_York") == "New York time"
    assert zone_words("Etc/UTC") == "UTC"
    for zone in available_timezones():
        assert "/" not in zone_words(zone)
        assert "_" not in zone_words(zone)


def test_the_nearest_word_is_found_and_nonsense_is_near_nothing() -> None:
    known = ["schedule", "list", "inbox", "help"]
    assert nearest("SHEDULE", known) == "schedule"
    assert nearest("xyzzy", known) is None


@pytest.mark.parametrize("text", WORST)
def test_the_worst_words_survive_every_limit(text: str) -> None:
    for limit in (1, 2, 24, 75, 150):
        assert size(clip(text, limit)) <= limit
