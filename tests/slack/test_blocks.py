"""Whatever a session is called, Slack takes what is shown of it, and reads nothing into it."""

from collections.abc import Iterator, Sequence
from typing import Any

import slackblocks
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import coaching
from bot.sandbox.limits import find_faults, find_view_faults
from bot.sandbox.limits.walks import words_of
from bot.slack import help as helping
from bot.slack.blocks import kit
from bot.slack.blocks.targets import Listing, Target, pack, unpack
from bot.slack.home import tab as home
from bot.slack.lists import inbox, listing
from bot.slack.messages import message as messages
from tests.slack import extremes
from tests.slack.extremes import texts

SETTINGS = settings(max_examples=30)
ALL_CHARACTERS = 13_000


def rendered(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [block.to_dict() for block in blocks]


def ensure_message(said: kit.Said) -> None:
    blocks = rendered(said.blocks)
    assert find_faults(blocks, "message") == []
    assert 0 < len(said.fallback) <= 4000
    assert not set("<>") & set(said.fallback)
    assert sum(map(len, words_of(blocks))) < ALL_CHARACTERS
    ensure_plain(blocks)


def ensure_view(view: View) -> None:
    shown = view.to_dict()
    assert find_view_faults(shown) == []
    ensure_plain(shown["blocks"])


def ensure_plain(blocks: list[dict[str, Any]]) -> None:
    """Nothing is mrkdwn, every word of a paragraph is there, and another library agrees."""
    for thing in walk(blocks):
        assert thing.get("type") != "mrkdwn"
        if thing.get("type") == "text":
            assert thing["text"]
        if thing.get("type") == "link":
            slackblocks.RichTextLink(url=thing["url"], text=thing["text"])._resolve()
            assert thing["url"].startswith("https://")
            assert not set(' <>|"') & set(thing["url"])
    for block in blocks:
        ensure_same(block)


def ensure_same(block: dict[str, Any]) -> None:
    """Slackblocks builds the same block from the same words, so its limits hold as well."""
    match block:
        case {"type": "header", "text": {"text": text}}:
            assert slackblocks.HeaderBlock(text)._resolve()["text"]["text"] == text
        case {"type": "section", "text": {"text": text}}:
            plain = slackblocks.Text(text, type_=slackblocks.TextType.PLAINTEXT)
            assert slackblocks.SectionBlock(text=plain)._resolve()["text"]["text"] == text
        case {"type": "actions", "elements": elements}:
            buttons: list[slackblocks.Element] = [
                button(each) for each in elements if each["type"] == "button"
            ]
            if buttons:
                built = slackblocks.ActionsBlock(buttons)._resolve()
                assert len(built["elements"]) == len(buttons)


def button(element: dict[str, Any]) -> slackblocks.Button:
    return slackblocks.Button(
        text=element["text"]["text"],
        action_id=element["action_id"],
        value=element["value"],
        style=element.get("style"),
    )


def walk(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from walk(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from walk(each)


@SETTINGS
@given(extremes.announcements())
def test_every_message_is_taken(announcement: coaching.Announcement) -> None:
    ensure_message(messages.said_of(announcement))
    text, blocks = messages.render(announcement)
    assert text
    assert len(blocks) <= kit.MESSAGE_BLOCKS
    pieces = list(walk(rendered(blocks)))
    is_unread = announcement.notification_id is not None and not announcement.is_read
    assert ("mark_as_read" in {each.get("action_id") for each in pieces}) is is_unread
    struck = [each for each in pieces if (each.get("style") or {}) == {"strike": True}]
    assert bool(struck) is bool(announcement.previously)


@SETTINGS
@given(st.lists(extremes.cards(), max_size=5), st.integers(1, 9), st.none() | st.just("U0MEI"))
def test_every_list_is_taken(shown: list[coaching.Card], number: int, user_id: str | None) -> None:
    page = coaching.Page(shown, total=45, page_number=number, page_size=5)
    ensure_message(listing.said_of(page, Listing("week", number, user_id)))


@SETTINGS
@given(st.lists(extremes.notices(), max_size=5), st.integers(1, 9))
def test_every_inbox_is_taken(shown: list[coaching.Notice], number: int) -> None:
    page = coaching.Page(shown, total=45, page_number=number, page_size=5)
    said = inbox.said_of(coaching.Inbox(page=page, unread=len(shown)))
    ensure_message(said)
    ensure_view(kit.modal("Inbox", said.blocks))


@settings(max_examples=10)
@given(extremes.agendas())
def test_every_home_tab_is_taken(agenda: coaching.Agenda) -> None:
    view = home.view_of(agenda)
    ensure_view(view)
    assert len(view.blocks or ()) < kit.VIEW_BLOCKS, "nothing was cut off at the end"


@SETTINGS
@given(texts, texts)
def test_every_help_page_is_taken(text: str, word: str) -> None:
    page = coaching.HelpPage(text, (coaching.HelpTopic("/coach list", text),), text)
    ensure_message(helping.said_of(page, helping.say_unknown(word, ["list", "inbox"])))


@given(st.builds(Target, texts, st.none() | texts, st.none() | st.builds(Listing, texts)))
def test_what_a_button_carries_comes_back(target: Target) -> None:
    try:
        packed = pack(target)
    except UnicodeEncodeError:
        return
    assert unpack(packed, Target) == target


def test_what_people_typed_is_shown_as_they_typed_it() -> None:
    typed = "*not bold* <!channel> &amp; <https://evil.example|bank>"
    said = kit.note(typed)
    assert [block.to_dict()["text"] for block in said.blocks] == [
        {"type": "plain_text", "text": typed}
    ]


def test_a_link_is_named_by_its_place_and_an_unsound_one_stays_words() -> None:
    assert kit.place_of("https://www.meet.example.com/a?b=c") == "meet.example.com"
    for address in ("http://plain.example", "javascript:alert(1)", "https://", "https://a b", "x"):
        assert kit.place_of(address) is None
        assert kit.link(address).to_dict() == {"type": "text", "text": address}
