"""Use case: what a person can do here, in a few lines."""

from dataclasses import dataclass
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.ground.lookup import access_of, reader_of
from bot.coaching.ground.permissions import Permission
from bot.coaching.ground.values import Caller
from bot.coaching.office.administering import administered


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """One thing to do, and the command for it."""

    command: str
    sentence: str


@dataclass(frozen=True, slots=True)
class HelpPage:
    """What a person can do here."""

    greeting: str
    topics: tuple[HelpTopic, ...]
    closing: str


SCHEDULE: Final = HelpTopic(
    "/coach schedule", "Schedule a coaching session. You can add who, when and what about."
)
ADMIN: Final = HelpTopic("/coach admin", "Look after people, roles, divisions and policies.")
COMMON: Final = (
    HelpTopic("/coach list", "See your sessions. Add today, week, overdue or completed."),
    HelpTopic("/coach inbox", "See what is new, unread first."),
    HelpTopic("/coach edit", "Open a session: its details, attachments, time and notes."),
    HelpTopic("/coach note", "Read or add notes. You can name the session."),
    HelpTopic("/coach status", "See where a session stands, and move it on."),
    HelpTopic("/coach why", "See which messages about a session were sent, and why not."),
    HelpTopic("/coach report", "See the numbers, with a chart and a file. Say of which days."),
    HelpTopic("/coach settings", "Choose your reminders, quiet hours and how times look."),
    HelpTopic("/coach help", "Show this."),
)


def help_for(context: Context, caller: Caller) -> HelpPage:
    """Say what this person can do. Raises Denied, Unavailable."""
    with context.read() as tx:
        reader = reader_of(tx, caller)
        schedules = access_of(tx, caller).holds(Permission.APPOINTMENT_ADD)
        administers = bool(administered(tx, caller))
    first = (SCHEDULE,) if schedules else ()
    topics = (*first, *COMMON[:-1], *((ADMIN,) if administers else ()), COMMON[-1])
    return HelpPage(
        greeting=f"Hello {reader.name.split()[0]}, here is what you can do.",
        topics=topics,
        closing="You get a message when a session is scheduled, changed or about to start.",
    )
