"""A message about a session in its reader's words, whether it leaves now or is shown anew."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.coaching.ground.context import Context
from bot.coaching.ground.lifecycle import undo_ends_at
from bot.coaching.ground.lookup import accesses_of, subject_of
from bot.coaching.ground.permissions import Access, may_hear_of
from bot.coaching.ground.values import Action, Announcement, Card, Unreached
from bot.coaching.promises.escalation import ESCALATION
from bot.coaching.promises.headlines import confirmation, escalation, headline_of
from bot.coaching.promises.notices import moved_from
from bot.coaching.promises.recognising import recognition
from bot.coaching.promises.snoozing import snoozed_until, snoozes_for
from bot.coaching.promises.unreachable import known_unreached, read_missed, request
from bot.coaching.reading.cards import cards_among, name_of
from bot.coaching.times.wording import Clocks, local_time, say_date, say_time
from storage.records import Appointment, Delivery, Notification, Person
from storage.transaction import Transaction
from storage.types import ActionType, Status


class Composer:
    """Writes messages for their readers within one transaction."""

    def __init__(
        self,
        context: Context,
        tx: Transaction,
        appointments: Mapping[str, Appointment],
        now: datetime,
    ) -> None:
        self._tx = tx
        self._appointments = appointments
        self._now = now
        self._undo_within = context.policy.undo_within
        self._people: dict[str, Person] = {}
        self._asked: set[str] = set()
        self._access: dict[str, Access] = {}

    def prepare(
        self, deliveries: Iterable[Delivery], entries: Iterable[Notification | None]
    ) -> None:
        """Look up at once for whom messages are, and whom they name."""
        readers = {each.person_id for each in deliveries}
        causers = {each.caused_by for each in entries if each and each.caused_by}
        related = (each.related_ids for each in self._appointments.values())
        self._known(readers.union(causers, *related))
        self._look_access_up(readers)

    def compose(self, delivery: Delivery, entry: Notification | None) -> Announcement:
        """Write one message; without an inbox entry it confirms what its reader did."""
        appointment = self._appointments[delivery.appointment_id or ""]
        causer = {entry.caused_by} if entry and entry.caused_by else set()
        people = self._known(appointment.related_ids | {delivery.person_id} | causer)
        reader = people[delivery.person_id]
        card = self._card_for(reader, appointment)
        headline = self._headline(delivery, entry, people, reader)
        previously = self._previously(delivery, entry, card)
        return Announcement(
            delivery_id=delivery.id,
            **recognition(delivery, appointment),
            kind=delivery.kind,
            slack_user_id=reader.slack_user_id,
            slack_channel=reader.slack_channel,
            reader_id=reader.id,
            headline=headline,
            text=in_plain_words(headline, card, previously),
            card=card,
            notification_id=entry.id if entry else None,
            is_read=entry.marked_as_read if entry else True,
            previously=previously,
            true_until=self._true_until(appointment, card),
            **self._snoozing(delivery, entry, appointment, card),
            unreached=known_unreached(reader),
        )

    def _headline(
        self,
        delivery: Delivery,
        entry: Notification | None,
        people: Mapping[str, Person],
        reader: Person,
    ) -> str:
        appointment = self._appointments[delivery.appointment_id or ""]
        if delivery.kind is ActionType.UNREACHABLE:
            _, missed_id = read_missed(delivery)
            return request(appointment, name_of(people, missed_id), delivery)
        if delivery.occurrence == ESCALATION:
            return escalation(appointment, people, reader, self._now)
        if entry is None:
            return confirmation(appointment, people)
        return headline_of(entry, appointment, people, self._now)

    def may_still_see(self, delivery: Delivery, entry: Notification | None) -> bool:
        """Answer whether the reader of a message may know what it tells, and what became of it.

        Whoever is of another organisation by now, or a guest, may not.
        """
        reader = self._known({delivery.person_id})[delivery.person_id]
        if known_unreached(reader) is Unreached.NO_MEMBER:
            return False
        subject = subject_of(self._tx, self._appointments[delivery.appointment_id or ""])
        note = entry.note if entry else None
        return may_hear_of(self._access_of(delivery.person_id), subject, note)

    def _card_for(self, reader: Person, appointment: Appointment) -> Card:
        access = self._access_of(reader.id)
        within = self._undo_within
        people = self._known(appointment.related_ids)
        [card] = cards_among(people, access, reader, [appointment], self._now, undo_within=within)
        return card

    def _known(self, person_ids: Iterable[str]) -> Mapping[str, Person]:
        missing = set(person_ids) - self._asked
        self._people |= self._tx.people.many(missing)
        self._asked |= missing
        return self._people

    def _access_of(self, person_id: str) -> Access:
        if person_id not in self._access:
            self._look_access_up([person_id])
        return self._access[person_id]

    def _look_access_up(self, person_ids: Collection[str]) -> None:
        self._access |= accesses_of(self._tx, person_ids)

    def _previously(self, delivery: Delivery, entry: Notification | None, card: Card) -> str | None:
        """Say the time that no longer holds: the one first told, or the one before the move."""
        told = delivery.told_starts_at
        if told is None or told == card.starts_at:
            told = moved_from(entry) if entry is not None else None
        if told is None or told == card.starts_at:
            return None
        zone = Clocks(card.timezone, card.hours)
        return f"{say_date(told, zone, self._now)} at {say_time(told, zone)}"

    def _snoozing(
        self,
        delivery: Delivery,
        entry: Notification | None,
        appointment: Appointment,
        card: Card,
    ) -> dict[str, Any]:
        """Say how a reminder can be put off, or until when it was; a move undoes both."""
        if delivery.kind is not ActionType.REMINDER:
            return {}
        until = snoozed_until(delivery)
        stands = appointment.status is Status.SCHEDULED and appointment.deleted_at is None
        if delivery.told_starts_at not in {None, appointment.starts_at}:
            stands = False
        if stands and until and until > self._now:
            clocks = Clocks(card.timezone, card.hours)
            return {"snoozed_until": _say_until(until, clocks, self._now)}
        if entry is None or entry.marked_as_read:
            return {}
        return {"snoozes": snoozes_for(appointment, self._now, card.timezone)}

    def _true_until(self, appointment: Appointment, card: Card) -> datetime | None:
        if Action.UNDO_COMPLETION not in card.actions:
            return None
        return undo_ends_at(appointment, self._undo_within)


def _say_until(until: datetime, clocks: Clocks, now: datetime) -> str:
    """Say a moment in words that stand: a message that said “tomorrow” would be wrong tomorrow."""
    is_today = local_time(until, clocks).date() == local_time(now, clocks).date()
    day = "" if is_today else f"{say_date(until, clocks, now)} "
    return f"{day}at {say_time(until, clocks)}"


def in_plain_words(headline: str, card: Card, previously: str | None = None) -> str:
    """Say a whole message without markup: for a lock screen and a screen reader."""
    before = f", was {previously}" if previously else ""
    where = f", {card.location}" if card.location else ""
    return f"{headline}. {card.name}: {card.when}{before}{where}. {card.status_words}."
