"""The messages that people get: the same pieces whether they are sent, pressed or shown anew."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import InteractiveElement

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.cards import (
    details_of,
    headline_of,
    lines_of,
    read_button,
    snooze_menu,
    status_buttons,
)
from bot.slack.blocks.kit import Said
from bot.slack.blocks.targets import Target
from bot.slack.messages import summaries


def render(announcement: coaching.Announcement) -> tuple[str, tuple[Block, ...]]:
    """Write the message for an announcement: its plain words, safe to send, and its blocks."""
    said = said_of(announcement)
    return said.fallback, said.blocks


def said_of(announcement: coaching.Announcement) -> Said:
    """Write the message for an announcement; one that was read says so."""
    if isinstance(announcement, coaching.Summary):
        return summaries.said_of(announcement)
    card = announcement.card
    headline = kit.paragraph([headline_of(announcement.kind, announcement.headline)])
    target = Target(
        card.appointment_id,
        announcement.notification_id,
        delivery_id=announcement.delivery_id,
        mark=announcement.mark,
    )
    lines = [*lines_of(card, announcement.previously), *details_of(card)]
    buttons: list[InteractiveElement] = [*status_buttons(card, target)]
    is_notice = announcement.notification_id is not None
    if is_notice and not announcement.is_read:
        buttons.append(read_button(card, target))
    if announcement.snoozes:
        buttons.append(snooze_menu(announcement.snoozes, target))
    below = [kit.small(each) for each in _below(announcement)]
    return Said(announcement.text, (headline, kit.paragraph(lines), *kit.row(buttons), *below))


def _below(announcement: coaching.Announcement) -> Sequence[str]:
    """Say in small print what became of the message."""
    if announcement.snoozed_until:
        return (f"⏰ You’ll be reminded again {announcement.snoozed_until}.",)
    is_read = announcement.notification_id is not None and announcement.is_read
    return ("✓ Read",) if is_read else ()
