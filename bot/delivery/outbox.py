"""The sender's transactions: each method opens one, and none is open while a message is sent."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.coaching.context import Context
from bot.delivery.outcomes import GiveUp, Outcome, Scope, Sent, TryLater, Unsure
from bot.delivery.settings import Settings
from storage.deliveries import Deliveries, Settlement
from storage.records import Delivery
from storage.types import ActionType, DeliveryState

NO_LONGER_TRUE = "no longer true"
PACED = "waiting for its turn"
UNTIL_NO_LONGER_TRUE = frozenset({ActionType.REMINDER, ActionType.OVERDUE})
"""Promises that are tried until the rules say that they no longer hold, and not by age."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether there is work for the sender, and when there will be."""

    is_due: bool
    has_lapsed: bool
    next_in: timedelta | None
    """How long until a promise is due or a lease ends; None: nothing is owed."""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A promise taken over from a sender that did not settle it in its lease."""

    delivery: Delivery
    since: datetime
    """When it was claimed for the try whose end is unknown, on the database's clock."""
    age: timedelta


class Outbox:
    """The promises as the sender handles them."""

    def __init__(self, context: Context, settings: Settings) -> None:
        self._context = context
        self._settings = settings

    def look(self) -> Outlook:
        """Tell in one cheap read whether there is anything to do."""
        with self._context.read() as tx:
            outlook = tx.deliveries.outlook()
        due_in = None if outlook.next_at is None else outlook.next_at - self._context.clock()
        spans = [span for span in (due_in, outlook.lapses_in) if span is not None]
        return Outlook(
            is_due=due_in is not None and due_in <= timedelta(0),
            has_lapsed=outlook.lapses_in is not None and outlook.lapses_in <= timedelta(0),
            next_in=min(spans, default=None),
        )

    def claim(self) -> list[Delivery]:
        """Take what is due, as much of it as the workspace's pace lets through soon."""
        pace, at_most = self._settings.pace, self._settings.longest_wait
        with self._context.begin() as tx:
            limit = pace.places(tx.deliveries, at_most=at_most, most=self._settings.batch)
            if not limit:
                return []
            return tx.deliveries.claim(
                now=self._context.clock(),
                limit=limit,
                lease=self._settings.lease,
                claim=str(uuid.uuid4()),
            )

    def take_over(self) -> list[Lapsed]:
        """Take what other senders began and left; each may or may not have been sent."""
        with self._context.begin() as tx:
            taken = tx.deliveries.reclaim(
                limit=self._settings.batch,
                lease=self._settings.lease,
                claim=str(uuid.uuid4()),
            )
            now = tx.deliveries.read_clock() if taken else None
        return [
            Lapsed(each, each.claimed_at, now - each.claimed_at)
            for each in taken
            if each.claimed_at is not None and now is not None
        ]

    def reserve(self, delivery: Delivery, at_most: timedelta) -> timedelta:
        """Take a place in the pace unless it is too far off; answers how long to wait for it."""
        pace = self._settings.pace
        with self._context.begin() as tx:
            return pace.reserve(tx.deliveries, delivery.person_id, at_most=at_most)

    def release(self, delivery: Delivery, wait: timedelta) -> datetime:
        """Hand back what was claimed and not tried; answers when it will be due again."""
        return self._release(delivery, self._context.clock() + wait)

    def release_after(self, delivery: Delivery, moment: datetime) -> datetime:
        """Hand back what must not overtake another message to the same person."""
        step = max(self._settings.pace.per_channel, timedelta(milliseconds=1))
        return self._release(delivery, moment + step)

    def retire(self, deliveries: Sequence[Delivery]) -> None:
        """Settle promises that no longer hold."""
        settlement = Settlement(state=DeliveryState.STALE, reason=NO_LONGER_TRUE)
        with self._context.begin() as tx:
            for each in deliveries:
                tx.deliveries.settle(each.id, _claim_of(each), settlement)

    def put_back(self, delivery: Delivery, reason: str) -> None:
        """Return a promise whose message certainly did not leave, to be sent in its order."""
        with self._context.begin() as tx:
            tx.deliveries.put_back(
                delivery.id, _claim_of(delivery), next_at=delivery.next_at, reason=reason
            )

    def postpone(self, deliveries: Sequence[Delivery], reason: str) -> None:
        """Return promises that could not be tried, after a while that grows with every time."""
        with self._context.begin() as tx:
            for each in deliveries:
                self._try_later(tx.deliveries, each, TryLater(timedelta(0), reason))

    def leave_unsure(self, delivery: Delivery, pause: timedelta, reason: str) -> None:
        """Keep a promise in hand for a while, then look again whether its message is there."""
        with self._context.begin() as tx:
            tx.deliveries.leave_unsure(delivery.id, _claim_of(delivery), pause=pause, reason=reason)

    def record(self, delivery: Delivery, outcome: Outcome) -> datetime | None:
        """Write how a try ended; answers until when the person's next messages have to wait."""
        with self._context.begin() as tx:
            match outcome:
                case Sent() | GiveUp():
                    settlement = _settlement(outcome)
                    tx.deliveries.settle(delivery.id, _claim_of(delivery), settlement)
                case Unsure(reason):
                    tx.deliveries.leave_unsure(
                        delivery.id,
                        _claim_of(delivery),
                        pause=self._settings.unsure_pause,
                        reason=reason,
                    )
                case TryLater():
                    return self._try_later(tx.deliveries, delivery, outcome)
                case _:
                    assert_never(outcome)
        return None

    def _try_later(
        self, deliveries: Deliveries, delivery: Delivery, outcome: TryLater
    ) -> datetime | None:
        delay = self._settings.back_off.delay(delivery.attempts, asked=outcome.after)
        held_up = outcome.scope is not Scope.NONE
        if held_up:
            self._settings.pace.pause(
                deliveries, delivery.person_id, scope=outcome.scope, span=delay
            )
        now, claim = self._context.clock(), _claim_of(delivery)
        if self._is_enough(delivery, now - delivery.due_at):
            settlement = Settlement(state=DeliveryState.FAILED, reason=outcome.reason)
            deliveries.settle(delivery.id, claim, settlement)
        else:
            deliveries.put_back(delivery.id, claim, next_at=now + delay, reason=outcome.reason)
        return now + delay if held_up else None

    def _is_enough(self, delivery: Delivery, age: timedelta) -> bool:
        if delivery.kind in UNTIL_NO_LONGER_TRUE:
            return False
        return self._settings.back_off.is_enough(delivery.attempts, age)

    def _release(self, delivery: Delivery, next_at: datetime) -> datetime:
        with self._context.begin() as tx:
            tx.deliveries.release(delivery.id, _claim_of(delivery), next_at=next_at, reason=PACED)
        return next_at


def _settlement(outcome: Sent | GiveUp) -> Settlement:
    match outcome:
        case Sent(channel, message_ts):
            return Settlement(state=DeliveryState.SENT, channel=channel, message_ts=message_ts)
        case GiveUp(reason):
            return Settlement(state=DeliveryState.FAILED, reason=reason)


def _claim_of(delivery: Delivery) -> str:
    if delivery.claim is None:
        raise ValueError("only what was claimed can be settled")
    return delivery.claim
