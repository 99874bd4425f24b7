"""The messages that people get: the same pieces whether they are sent or shown anew."""

from slack_sdk.models.blocks import Block

from bot import coaching
from bot.slack import kit
from bot.slack.cards import details_of, headline_of, lines_of, read_button, status_buttons
from bot.slack.kit import Said
from bot.slack.targets import Target


def render(announcement: coaching.Announcement) -> tuple[str, tuple[Block, ...]]:
    """Write the message for an announcement: its plain words, safe to send, and its blocks."""
    said = said_of(announcement)
    return said.fallback, said.blocks


def said_of(announcement: coaching.Announcement) -> Said:
    """Write the message for an announcement."""
    headline = kit.paragraph([headline_of(announcement.kind, announcement.headline)])
    target = Target(announcement.card.appointment_id, announcement.notification_id)
    is_unread = announcement.notification_id is not None and not announcement.is_read
    return Said(
        announcement.text, (headline, *_body(announcement.card, target, is_unread=is_unread))
    )


def of_notice(notice: coaching.Notice) -> Said:
    """Write the message about an inbox entry as it is now; one that was read says so."""
    headline = kit.paragraph([headline_of(notice.action_type, notice.headline)])
    target = Target(notice.card.appointment_id, notice.notification_id)
    read = (kit.small("✓ Read"),) if notice.is_read else ()
    body = _body(notice.card, target, is_unread=not notice.is_read)
    return Said(notice.headline, (headline, *body, *read))


def of_card(card: coaching.Card, headline: Block, text: str) -> Said:
    """Write the message about a session as it is now, under the headline that it had."""
    target = Target(card.appointment_id)
    return Said(text, (headline, *_body(card, target, is_unread=False)))


def _body(card: coaching.Card, target: Target, *, is_unread: bool) -> tuple[Block, ...]:
    buttons = status_buttons(card, target)
    if is_unread:
        buttons.append(read_button(card, target))
    return (kit.paragraph([*lines_of(card), *details_of(card)]), *kit.row(buttons))
