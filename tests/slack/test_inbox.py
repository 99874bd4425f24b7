"""The inbox: unread first, a page at a time, in the conversation and from the Home tab."""

from datetime import timedelta

import pytest

from bot import coaching
from bot.sandbox import Actor
from tests.slack.office import PRIYA, Office, offered


@pytest.fixture
async def seven(office: Office) -> None:
    """Seven sessions of which Priya has been told."""
    for number in range(7):
        await office.book(f"Session {number}", timedelta(days=number + 1))
    await office.settle()


def unread(office: Office) -> int:
    return coaching.inbox(office.context, office.caller(PRIYA)).unread


async def test_an_empty_inbox_says_so_warmly(priya: Actor) -> None:
    await priya.command("/coach inbox")
    assert "all caught up" in priya.messages[-1].words


@pytest.mark.usefixtures("seven")
async def test_reading_page_by_page_reads_everything_once(office: Office, priya: Actor) -> None:
    await priya.command("/coach INBOX")
    listed = priya.messages[-1]
    assert listed.only_for == PRIYA
    assert "7 unread" in listed.words
    assert offered(listed) == ["mark_all_as_read", *["mark_as_read"] * 5, "inbox_next"]
    seen = names(listed.words)
    await priya.click(listed, "inbox_next")
    await office.settle()
    assert offered(listed) == ["mark_all_as_read", *["mark_as_read"] * 2, "inbox_previous"]
    assert sorted(seen + names(listed.words)) == [f"Session {number}" for number in range(7)]


def names(words: str) -> list[str]:
    return [line for line in words.splitlines() if line.startswith("Session ")]


@pytest.mark.usefixtures("seven")
async def test_reading_the_last_page_empty_goes_back_a_page(office: Office, priya: Actor) -> None:
    await priya.command("/coach inbox")
    listed = priya.messages[-1]
    await priya.click(listed, "inbox_next")
    await office.settle()
    for left in (6, 5):
        button = next(b for b in buttons(listed.blocks) if b["action_id"] == "mark_as_read")
        await priya.click(listed, "mark_as_read", button["value"])
        await office.settle()
        assert unread(office) == left
    await priya.click(listed, "mark_all_as_read")
    await office.settle()
    assert unread(office) == 0
    assert offered(listed) == ["inbox_next"]


def buttons(blocks: tuple[dict[str, list[dict[str, str]]], ...]) -> list[dict[str, str]]:
    return [each for block in blocks for each in block.get("elements", ()) if "action_id" in each]


@pytest.mark.usefixtures("seven")
async def test_the_home_tab_opens_the_inbox_as_a_page_that_works(
    office: Office, priya: Actor
) -> None:
    await priya.open_home()
    await office.settle()
    assert priya.home
    await priya.click(priya.home, "open_inbox")
    await office.settle()
    page = priya.modal
    assert page
    assert "7 unread" in page.words
    value = next(b for b in buttons(tuple(page.blocks)) if b["action_id"] == "mark_as_read")[
        "value"
    ]
    await priya.click(page, "mark_as_read", value)
    await office.settle()
    assert "6 unread" in page.words
    assert "6 unread" in priya.home.words
    await priya.click(page, "mark_all_as_read")
    await office.settle()
    assert "Nothing unread" in page.words
    assert "Open inbox (" not in priya.home.words
