"""How a session looks wherever it is shown: its name, when, who and where, and what can be done."""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, Option, StaticSelectElement

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.kit import Part
from bot.slack.blocks.targets import Target, pack
from bot.slack.blocks.words import clip, isolated, joined

START: Final = "start"
COMPLETE: Final = "complete"
UNDO: Final = "undo_completion"
OPEN: Final = "open_session"
MARK_AS_READ: Final = "mark_as_read"
SNOOZE: Final = "snooze"
STEPS: Final = {
    coaching.Action.START: (START, "Start"),
    coaching.Action.COMPLETE: (COMPLETE, "Complete"),
    coaching.Action.UNDO_COMPLETION: (UNDO, "Undo"),
}
SEPARATOR: Final = " · "
SIGNS: Final = {
    coaching.ActionType.CREATE: "📅",
    coaching.ActionType.UPDATE: "✏️",
    coaching.ActionType.DELETE: "🗑️",
    coaching.ActionType.STATUS_CHANGE: "🔄",
    coaching.ActionType.ANNOTATION_ADDED: "💬",
    coaching.ActionType.ANNOTATION_EDITED: "💬",
    coaching.ActionType.ANNOTATION_DELETED: "💬",
    coaching.ActionType.REMINDER: "⏰",
    coaching.ActionType.OVERDUE: "⏳",
    coaching.ActionType.AGENDA: "☀️",
    coaching.ActionType.DIGEST: "📋",
    coaching.ActionType.UNREACHABLE: "📵",
}


def card_blocks(card: coaching.Card, target: Target) -> tuple[Block, ...]:
    """Show a session in a list, with the buttons that its reader may use."""
    return (kit.paragraph(lines_of(card)), *kit.row(status_buttons(card, target)))


def notice_blocks(notice: coaching.Notice, target: Target) -> tuple[Block, ...]:
    """Show an inbox entry: what happened, the session, and what can be done."""
    headline = headline_of(notice.action_type, notice.headline)
    buttons = status_buttons(notice.card, target)
    if not notice.is_read:
        buttons.append(read_button(notice.card, target))
    return (kit.paragraph([headline, *lines_of(notice.card)]), *kit.row(buttons))


def headline_of(kind: coaching.ActionType, text: str) -> Sequence[Part]:
    """Say what happened, with a sign that is known at a glance."""
    return (kit.words(f"{SIGNS.get(kind, '📅')} "), kit.bold(text, 500))


def lines_of(card: coaching.Card, previously: str | None = None) -> list[Sequence[Part]]:
    """Say a session in four short lines: name, status and when, who, where.

    The time that its reader was told before, if any, is struck through beside the one that holds.
    """
    before = (kit.struck(previously), kit.words("  ")) if previously else ()
    status = (kit.bold if card.is_overdue else kit.words)(card.status_words)
    return [
        (kit.bold(isolated(clip(card.name, 150))),),
        (status, kit.words(SEPARATOR), *before, kit.when(card)),
        (kit.words(who(card)),),
        where(card),
    ]


def who(card: coaching.Card) -> str:
    """Say who takes part."""
    coached = f"With {joined(card.attendees)}" if card.attendees else ""
    led = f"Facilitator: {isolated(clip(card.facilitator, 60))}" if card.facilitator else ""
    return SEPARATOR.join(part for part in (coached, led) if part)


def where(card: coaching.Card) -> list[Part]:
    """Say where a session takes place: its location, then its links."""
    parts: list[Part] = []
    if card.location:
        parts.append(kit.words(isolated(clip(card.location, 120))))
    parts += [kit.link(address) for address in card.external_links[:3]]
    return [piece for part in parts for piece in (kit.words(SEPARATOR), part)][1:]


def details_of(card: coaching.Card) -> list[Sequence[Part]]:
    """Say what a session is about, and who organized it where that is somebody else."""
    lines: list[Sequence[Part]] = []
    if card.description:
        lines.append((kit.words(isolated(clip(card.description, 600))),))
    if card.organizer != card.facilitator:
        lines.append((kit.faint(f"Organized by {isolated(clip(card.organizer, 60))}"),))
    return lines


def status_buttons(card: coaching.Card, target: Target) -> list[ButtonElement]:
    """Give the buttons for the steps that the reader may take now; the likely one stands out."""
    steps = [coaching.Action.START, coaching.Action.COMPLETE, coaching.Action.UNDO_COMPLETION]
    if card.is_overdue:
        steps.insert(0, steps.pop(1))
    offered = [STEPS[each] for each in steps if each in card.actions]
    buttons = [
        kit.button(
            label,
            action_id,
            pack(target),
            primary=(action_id, label) == offered[0] and action_id != UNDO,
            spoken=f"{label} {card.name}",
        )
        for action_id, label in offered
    ]
    return [*buttons, *open_button(card)]


def open_button(card: coaching.Card) -> list[ButtonElement]:
    """Give the button that opens the form of a session, where its reader may look at it."""
    if coaching.Action.OPEN not in card.actions:
        return []
    value = pack(Target(card.appointment_id))
    return [kit.button("Open", OPEN, value, spoken=f"Open {card.name}")]


def read_button(card: coaching.Card, target: Target) -> ButtonElement:
    """Give the button that takes an entry off the unread ones."""
    return kit.button(
        "Mark as read", MARK_AS_READ, pack(target), spoken=f"Mark as read: {card.name}"
    )


class Wish(Target, frozen=True, omit_defaults=True):
    """How long somebody does not want to hear of a session; packed small, for an option."""

    choice: str = ""


def snooze_menu(choices: Sequence[str], target: Target) -> StaticSelectElement:
    """Give the menu that puts a reminder off."""
    options = [
        Option(
            text=kit.plain(coaching.SNOOZE_WORDS[coaching.Snooze(each)], 75),
            value=pack(Wish(delivery_id=target.delivery_id, mark=target.mark, choice=each)),
        )
        for each in choices
    ]
    return StaticSelectElement(
        action_id=SNOOZE, placeholder=kit.plain("Remind me again", 150), options=options
    )
