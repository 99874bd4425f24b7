"""Use case of whoever installs Coachbot: a message on trial, to somebody who looks after it."""

import uuid
from datetime import datetime
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Conflict, NotFound
from bot.coaching.ground.permissions import ADMINISTRATOR
from bot.coaching.ground.values import Card, Summary
from bot.coaching.office.administering import NOBODY_YET
from bot.coaching.times.wording import clocks_of, say_when
from storage.records import Person
from storage.transaction import Transaction
from storage.types import ActionType, Standing, Status

HEADLINE: Final = "This is a trial: Coachbot can write to you"


def trial(context: Context, *, email: str | None = None) -> Summary:
    """Compose a message on trial, to an administrator or to somebody named by address.

    It is no promise: nothing is written down. Raises NotFound, Conflict, Unavailable.
    """
    now = context.clock()
    with context.read() as tx:
        reader = _named(tx, email) if email else _administrator(tx)
    when = say_when(now, clocks_of(reader), now)
    said = f"{HEADLINE}. Nothing is to be done. It was sent {when}."
    return Summary(
        # Below zero, where no promise is ever numbered.
        delivery_id=-round(now.timestamp() * 1000),
        mark=str(uuid.uuid4()),
        promise="",
        kind=ActionType.AGENDA,
        slack_user_id=reader.slack_user_id,
        slack_channel=reader.slack_channel,
        reader_id=reader.id,
        headline=HEADLINE,
        text=said,
        card=_nothing(reader, now),
        notification_id=None,
        is_read=True,
        cards=(),
        more=0,
    )


def _named(tx: Transaction, email: str) -> Person:
    found = tx.people.by_email(email)
    if found is None or not _can_be_written_to(found):
        raise NotFound(f"Nobody at work here has the address {email} and a Slack account.")
    return found


def _administrator(tx: Transaction) -> Person:
    held = {person_id for person_id, _ in tx.members.holders(ADMINISTRATOR)}
    found = [each for each in tx.people.many(held).values() if _can_be_written_to(each)]
    if not found:
        raise Conflict(NOBODY_YET, code="administrator.none")
    return min(found, key=lambda each: (each.name, each.id))


def _can_be_written_to(person: Person) -> bool:
    return person.standing is Standing.MEMBER and person.slack_user_id is not None


def _nothing(reader: Person, now: datetime) -> Card:
    """Stand in for the session that a message on trial is not about."""
    return Card(
        appointment_id="",
        revision=0,
        name="",
        description="",
        starts_at=now,
        ends_at=now,
        length_minutes=0,
        timezone=reader.timezone,
        hours=reader.hours,
        when="",
        status=Status.SCHEDULED,
        status_words="",
        is_overdue=False,
        facilitator=None,
        attendees=(),
        organizer="",
        location=None,
        external_links=(),
        conversation_ids=(),
        document_ids=(),
        relationship=None,
        actions=frozenset(),
    )
