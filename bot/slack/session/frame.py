"""What all tabs of the session form share: what it carries with it, its fields, and what was told.

The name of a block is the name of the field in errors; behind a dash stands a number that changes
when a field must start anew. Nothing that was typed is carried: that is kept in the draft.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

import msgspec
from msgspec import Struct, structs
from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot import coaching
from bot.coaching import UNSET, FormTab, Unset
from bot.slack.blocks import kit
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, size
from bot.slack.turns.payloads import Entry, SeenView

NEW: Final = "new"
TYPED: Final = "session_typed"
"""The action id of every field whose contents are kept while they are typed."""
TYPED_MOST: Final = 3000
DASH: Final = "-"


Things = Sequence[str] | Sequence[coaching.AttachedFile]
"""What is attached, of one kind."""


class Choice(Struct, frozen=True):
    """A moment that may be meant, and how it is said."""

    starts_at: int
    words: str


class Question(Struct, frozen=True):
    """What must be settled before there is a time, and the moments that may be meant."""

    question: str
    choices: tuple[Choice, ...]


class Carried(Struct, frozen=True, omit_defaults=True):
    """What the form carries with it from one view to the next."""

    subject: str = NEW
    tab: FormTab = FormTab.DETAILS
    page: int = 1
    """The page of the notes or of what is attached."""
    is_checked: bool = False
    """Whether the free times stand on the Schedule tab."""
    shown: int = 0
    """The time that the fields started with, to tell which of them was touched."""
    turns: dict[str, int] = {}
    """How often a field was made to start anew."""
    question: Question | None = None
    told: str = ""
    """How the time that was typed is understood, or that it is not."""
    submission: str = ""
    """The form’s own token: what is typed in it is kept for it alone, and sent once."""
    may_note: bool = True
    """Whether a note may be seen by everybody; else it is private without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything that the form shows at one moment."""

    page: coaching.FormPage
    carried: Carried
    board: coaching.SlotBoard | None = None
    notes: coaching.NotesPage | None = None
    problem: str | None = None
    at: str | None = None
    """The field beneath which the problem is said; at the top where there is none."""
    half_typed: Mapping[str, str] = field(default_factory=dict)
    """What stands in fields that the draft does not know, because it was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a tab tells, in Slack's terms: accounts, not yet people."""

    changes: coaching.TypedChanges = field(default_factory=coaching.TypedChanges)
    facilitator: str | Unset | None = UNSET
    attendees: tuple[str, ...] | Unset = UNSET
    attached: tuple[tuple[str, Things], ...] = ()
    """What is to be attached: the field and its values."""

    @property
    def accounts(self) -> tuple[str, ...]:
        """Everybody who is named, once."""
        attendees = () if isinstance(self.attendees, Unset) else self.attendees
        leader = (self.facilitator,) if isinstance(self.facilitator, str) else ()
        return tuple(dict.fromkeys((*attendees, *leader)))

    @property
    def is_nothing(self) -> bool:
        """Whether the tab tells nothing that belongs into the draft."""
        told = (self.facilitator, self.attendees, *_values(self.changes))
        return all(isinstance(each, Unset) for each in told)


def _values(changes: coaching.TypedChanges) -> Iterable[object]:
    return (getattr(changes, each.name) for each in fields(changes))


class Fields:
    """What the fields of a form hold, found by their names."""

    def __init__(self, view: SeenView) -> None:
        values = view.state.values if view.state else {}
        self._entries = {
            name_of(block_id): entry
            for block_id, actions in values.items()
            for entry in actions.values()
        }

    def get(self, name: str) -> Entry | None:
        """Give what a field holds; None where the form has no such field."""
        return self._entries.get(name)

    def text(self, name: str) -> str | Unset:
        """Give what was typed in a field; UNSET where the form has no such field."""
        entry = self._entries.get(name)
        return UNSET if entry is None else entry.value or ""


def carried_by(view: SeenView) -> Carried:
    """Read what a form carries. Raises MsgspecError for a form of another bot."""
    return msgspec.json.decode(view.private_metadata, type=Carried)


def carry(carried: Carried) -> str:
    """Write what a form carries."""
    return pack(carried)


def anew(carried: Carried, *names: str) -> Carried:
    """Make fields start with what the draft holds, whatever stands in them now."""
    turns = carried.turns | {name: carried.turns.get(name, 0) + 1 for name in names}
    return structs.replace(carried, turns=turns)


def block_id(carried: Carried, name: str) -> str:
    """Name the block of a field."""
    return f"{name}{DASH}{carried.turns.get(name, 0)}"


def name_of(block: str) -> str:
    """Give the name of the field of a block."""
    return block.partition(DASH)[0]


def ask(
    shown: Shown,
    name: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str = "",
    optional: bool = True,
) -> tuple[Block, ...]:
    """Show a field, with what is wrong with it directly beneath."""
    asked = InputBlock(
        block_id=block_id(shown.carried, name),
        label=kit.plain(label),
        element=element,
        hint=kit.plain(hint) if hint else None,
        optional=optional,
        dispatch_action=True if element.action_id != name else None,
    )
    is_wrong = shown.problem is not None and shown.at == name
    return (asked, trouble(shown)) if is_wrong else (asked,)


def trouble(shown: Shown) -> Block:
    """Say what is wrong; the block bears the name of the field that it is about."""
    block = kit.small(f"⚠️ {shown.problem}")
    block.block_id = f"problem{DASH}{shown.at or ''}"
    return block


def text_field(
    value: str, *, most: int = TYPED_MOST, multiline: bool = False, placeholder: str = ""
) -> PlainTextInputElement:
    """A field for words, whose contents are kept while they are typed."""
    return PlainTextInputElement(
        action_id=TYPED,
        initial_value=value or None,
        max_length=min(most, TYPED_MOST),
        multiline=multiline,
        placeholder=kit.plain(placeholder, 150) if placeholder else None,
        dispatch_action_config=DispatchActionConfig(trigger_actions_on=["on_character_entered"]),
    )


def fits(value: str, most: int = TYPED_MOST) -> bool:
    """Answer whether a text can stand in a field whole."""
    return size(value) <= min(most, TYPED_MOST)


def labelled(label: str, text: str) -> Block:
    """Show something that cannot be changed here: its name, then what it is."""
    return kit.paragraph([(kit.bold(label),), (kit.words(clip(text, 2800)),)])
