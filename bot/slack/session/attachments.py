"""The Attachments tab: what is attached, each with its remove button, and fields to attach more."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from slack_sdk.models.blocks import Block, PlainTextInputElement
from slack_sdk.models.blocks.block_elements import FileInputElement

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, isolated
from bot.slack.session.frame import Fields, Shown, Things, Told, ask
from bot.slack.turns.payloads import Entry

ATTACH: Final = "session_attach"
REMOVE: Final = "session_detach"
PREVIOUS: Final = "session_attached_previous"
NEXT: Final = "session_attached_next"
PAGE_SIZE: Final = 10
KINDS: Final = ("conversation_ids", "document_ids", "external_links", "files")
SLACK_MESSAGE: Final = re.compile(r"https://[\w.-]+\.slack\.com/archives/", re.ASCII)
ASKED: Final = (
    ("conversation_ids", "Interaction", "An interaction’s id, or its address"),
    ("document_ids", "Document", "A document’s id"),
    ("external_links", "Link", "https:// or the link of a Slack message"),
)
FILES_MOST: Final = 10


class Attached(Struct, frozen=True):
    """Something that is attached: its kind, and a short name of its value."""

    kind: str
    key: str


class PageNumber(Struct, frozen=True):
    """A page of what is attached."""

    page: int


def blocks(shown: Shown) -> Iterator[Block]:
    """Show what is attached, and the fields to attach more where that may be done."""
    page = shown.page
    found = list(each_attached(page.typed))
    if not found:
        yield kit.sentence("Nothing is attached yet.")
    pages = coaching.Page(found, len(found), _page_number(shown, len(found)), PAGE_SIZE)
    first = (pages.page_number - 1) * PAGE_SIZE
    for kind, value in found[first : first + PAGE_SIZE]:
        yield kit.paragraph([_line(kind, value)])
        if page.may_attach and page.may_edit:
            remove = kit.button("Remove", REMOVE, pack(Attached(kind, key_of(value))))
            remove.accessibility_label = clip(f"Remove {_words(kind, value)}", 75)
            yield from kit.row([remove])
    yield from kit.pager(PREVIOUS, NEXT, pages, PageNumber)
    if page.may_attach:
        yield kit.divider()
        yield from _fields(shown)


def _page_number(shown: Shown, total: int) -> int:
    return max(1, min(shown.carried.page, -(-total // PAGE_SIZE)))


def each_attached(typed: coaching.Typed) -> Iterator[tuple[str, str | coaching.AttachedFile]]:
    """Go through what is attached, a kind after the other."""
    for kind in KINDS:
        for value in getattr(typed, kind):
            yield kind, value


def key_of(value: str | coaching.AttachedFile) -> str:
    """Give a short name of something attached that is told apart from all others."""
    text = value.file_id if isinstance(value, coaching.AttachedFile) else str(value)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def find(typed: coaching.Typed, attached: Attached) -> str | coaching.AttachedFile | None:
    """Find what a remove button is about; None where it is gone already."""
    found = (
        value
        for kind, value in each_attached(typed)
        if kind == attached.kind and key_of(value) == attached.key
    )
    return next(found, None)


def _words(kind: str, value: str | coaching.AttachedFile) -> str:
    if isinstance(value, coaching.AttachedFile):
        return value.name
    labels = {name: label for name, label, _ in ASKED}
    return f"{labels[kind]} {value}"


def _line(kind: str, value: str | coaching.AttachedFile) -> Sequence[kit.Part]:
    if isinstance(value, coaching.AttachedFile):
        name = clip(isolated(value.name or "File"), 150)
        parts = [kit.words("File: "), kit.words(name)]
        return [*parts, kit.words(" · "), kit.link(value.permalink)] if value.permalink else parts
    text = str(value)
    if kind == "external_links":
        label = "Slack message" if SLACK_MESSAGE.match(text) else "Link"
        return [kit.words(f"{label}: "), kit.link(text, 100, with_path=True)]
    label = "Interaction" if kind == "conversation_ids" else "Document"
    return [kit.words(f"{label}: "), kit.words(clip(isolated(text), 200))]


def _fields(shown: Shown) -> Iterator[Block]:
    offered = ASKED if shown.page.may_edit else ASKED[:1]
    for name, label, placeholder in offered:
        element = PlainTextInputElement(
            action_id=name,
            initial_value=shown.half_typed.get(name) or None,
            placeholder=kit.plain(placeholder, 150),
        )
        yield from ask(shown, name, label, element)
    if shown.page.may_edit:
        files = FileInputElement(action_id="files", max_files=FILES_MOST)
        yield from ask(shown, "files", "Files", files)
    yield from kit.row([kit.button("Attach", ATTACH, ATTACH)])


def read(fields: Fields) -> Told:
    """Read what is to be attached; fields left empty tell nothing."""
    return Told(attached=tuple(_filled(fields)))


def _filled(fields: Fields) -> Iterator[tuple[str, Things]]:
    for name, _, _ in ASKED:
        text = fields.text(name)
        if isinstance(text, str) and text.strip():
            yield name, (text.strip(),)
    files = _uploaded(fields.get("files") or Entry())
    if files:
        yield "files", files


def _uploaded(entry: Entry) -> tuple[coaching.AttachedFile, ...]:
    return tuple(
        coaching.AttachedFile(each.id, each.name or each.id, each.permalink) for each in entry.files
    )
