"""The house words of Block Kit: everything the front end shows is made of these few pieces.

Nothing here is read as markup, so what people typed is shown as they typed it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import InteractiveElement, RichTextElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, escaped

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
TEXT: Final = 3000
FALLBACK: Final = 3500
NEW_LINE: Final = "\n"
NOTHING: Final = "–"
"""Slack takes no empty text."""

Part = RichTextElement
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """What is shown in a conversation: blocks, and plain words for those who do not see them."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def fallback(self) -> str:
        """The plain words, written so that Slack reads nothing into them."""
        return escaped(self.text, FALLBACK) if self.text.strip() else NOTHING


def plain(text: str, limit: int = TEXT) -> PlainTextObject:
    """Words that are shown exactly as they are."""
    return PlainTextObject(text=clip(text, limit) if text.strip() else NOTHING)


def header(text: str) -> Block:
    """A heading."""
    return HeaderBlock(text=plain(text, 150))


def sentence(text: str) -> Block:
    """A line of ordinary words."""
    return SectionBlock(text=plain(text))


def small(text: str) -> Block:
    """A line of small print."""
    return ContextBlock(elements=[plain(text)])


def divider() -> Block:
    """A line between two things."""
    return DividerBlock()


def words(text: str, limit: int = TEXT) -> Part:
    """Words inside a paragraph."""
    return RichTextElementParts.Text(text=clip(text, limit) or NOTHING)


def bold(text: str, limit: int = TEXT) -> Part:
    """Words inside a paragraph that the eye should find first."""
    style = RichTextElementParts.TextStyle(bold=True)
    return RichTextElementParts.Text(text=clip(text, limit) or NOTHING, style=style)


def faint(text: str, limit: int = TEXT) -> Part:
    """Words inside a paragraph that may be passed over."""
    style = RichTextElementParts.TextStyle(italic=True)
    return RichTextElementParts.Text(text=clip(text, limit) or NOTHING, style=style)


def struck(text: str, limit: int = TEXT) -> Part:
    """Words inside a paragraph that no longer hold."""
    style = RichTextElementParts.TextStyle(strike=True)
    return RichTextElementParts.Text(text=clip(text, limit) or NOTHING, style=style)


def link(address: str, limit: int = 60, *, with_path: bool = False) -> Part:
    """A web address under the name of its place; one that Slack would refuse stays words."""
    place = place_of(address)
    if place is None:
        return words(address, 200)
    path = urlsplit(address).path.rstrip("/") if with_path else ""
    return RichTextElementParts.Link(url=address, text=clip(f"{place}{path}", limit))


def place_of(address: str) -> str | None:
    """Name the place of a web address: `meet.example.com`; None where it is not a sound one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    is_sound = address.isascii() and address.isprintable() and not set(' <>|"`') & set(address)
    if parts.scheme != "https" or not parts.hostname or not is_sound or len(address) > TEXT:
        return None
    return parts.hostname.removeprefix("www.")


def when(card: coaching.Card) -> Part:
    """The start of a session in the time zone of whoever reads it, with its length.

    Slack says the day, so that what was sent yesterday does not go on saying “tomorrow”. It says
    the time as well, on the clocks of its own settings, to those who chose nothing with us.
    """
    clocks = coaching.Clocks(card.timezone, card.hours)
    time = "{time}" if card.hours is None else coaching.say_time(card.starts_at, clocks)
    return RichTextElementParts.Date(
        timestamp=int(card.starts_at.timestamp()),
        format=f"{{day_divider_pretty}} at {time} ({card.length_minutes} min)",
        fallback=card.when,
    )


def person(user_id: str) -> Part:
    """Somebody by the name under which the reader knows them."""
    return RichTextElementParts.User(user_id=user_id)


def paragraph(lines: Iterable[Sequence[Part]]) -> Block:
    """Lines of words, dates and links, closely set."""
    parts: list[Part] = []
    for line in lines:
        if line:
            parts += [words(NEW_LINE), *line] if parts else line
    return RichTextBlock(elements=[RichTextSectionElement(elements=parts)])


def button(
    label: str, action_id: str, value: str, *, primary: bool = False, spoken: str | None = None
) -> ButtonElement:
    """A button; `spoken` is what a screen reader says where the label alone is not enough."""
    return ButtonElement(
        text=plain(label, 75),
        action_id=action_id,
        value=value,
        style="primary" if primary else None,
        accessibility_label=clip(spoken, 75) if spoken else None,
    )


def row(buttons: Sequence[InteractiveElement]) -> tuple[Block, ...]:
    """Buttons side by side; nothing at all where there are none."""
    return (ActionsBlock(elements=list(buttons)),) if buttons else ()


def pager(
    previous_id: str,
    next_id: str,
    page: coaching.Page[T],
    numbered: Callable[[int], Struct],
) -> tuple[Block, ...]:
    """The way to the pages before and after this one; nothing where this is the only one."""
    pages = -(-page.total // page.page_size)
    if pages < 2:
        return ()
    number, buttons = page.page_number, []
    if number > 1:
        buttons.append(button("← Previous", previous_id, pack(numbered(number - 1))))
    if number < pages:
        buttons.append(button("Next →", next_id, pack(numbered(number + 1))))
    return (small(f"Page {number:,} of {pages:,}"), *row(buttons))


def note(text: str) -> Said:
    """Show one sentence in a conversation."""
    return Said(text, (sentence(text),))


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    callback_id: str | None = None,
    notes: str | None = None,
    close: str = "Close",
) -> View:
    """A form or page that opens over everything else."""
    return View(
        type="modal",
        title=plain(title, 24),
        submit=plain(submit, 24) if submit else None,
        close=plain(close, 24),
        callback_id=callback_id,
        private_metadata=notes,
        blocks=within(blocks, VIEW_BLOCKS),
    )


def note_modal(title: str, text: str) -> View:
    """A small page with one sentence."""
    return modal(title, [sentence(text)])


def home(blocks: Sequence[Block], *, notes: str | None = None) -> View:
    """The Home tab."""
    return View(type="home", private_metadata=notes, blocks=within(blocks, VIEW_BLOCKS))


def within(blocks: Sequence[Block], most: int) -> list[Block]:
    """Keep to the number of blocks that Slack takes."""
    return list(blocks[:most])
