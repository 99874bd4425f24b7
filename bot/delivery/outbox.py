"""The sender's transactions: each method opens one, and none is open while a message is sent."""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.coaching.ground.context import Context
from bot.coaching.ground.values import Announcement
from bot.coaching.promises.held_up import held_up
from bot.coaching.promises.truth import Untrue, may_still_hear
from bot.coaching.promises.unreachable import give_up
from bot.coaching.sessions.showing import shown_anew
from bot.delivery.doubts import IN_DOUBT, Doubts, is_in_doubt
from bot.delivery.events import Exhausted, Retired, Tried
from bot.delivery.lease_clock import LeaseClock
from bot.delivery.outcomes import GiveUp, Scope, Sent, TryLater, Unsure
from bot.delivery.pacing import WORKSPACE, Wanted
from bot.delivery.settings import Settings
from bot.delivery.ticking import ticks
from storage.claims import Arrival
from storage.deliveries import Deliveries, Settlement
from storage.records import Delivery
from storage.transaction import Transaction
from storage.types import ActionType, DeliveryState

REASONS: Collection[str] = frozenset(Untrue)
AT_ONCE = timedelta(milliseconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
"""For no longer a message of which nobody knows is left alone before it is looked for again."""
PACED = "waiting for its turn"
QUIET = "waiting for the end of quiet hours"
UNTIL_NO_LONGER_TRUE = frozenset({ActionType.REMINDER, ActionType.OVERDUE})
"""Promises that are tried until the rules say that they no longer hold, and not by age."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether there is work for the sender, and when there will be."""

    is_due: bool
    has_lapsed: bool
    next_in: timedelta | None
    """How long until another promise is due or a lease ends; None: nothing is ahead."""
    refresh_in: timedelta | None = None
    """How long until a message that was sent is to be shown anew; None: all of them are true."""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A promise taken over from a sender that did not settle it in its lease."""

    delivery: Delivery
    since: datetime
    """When it may have been sent at the earliest."""
    age: timedelta
    """How long ago it was claimed for the try whose end is unknown."""
    is_in_doubt: bool = False
    """Whether the database may have been set back since it was sent."""


class Outbox:
    """The promises as the sender handles them."""

    def __init__(
        self, context: Context, settings: Settings, ticks: Callable[[], float] = ticks
    ) -> None:
        self._context = context
        self._leases = LeaseClock(settings.lease, ticks)
        self._settings = settings
        self._doubts = Doubts(context, settings)

    def look(self) -> Outlook:
        """Tell in one cheap read whether there is anything to do."""
        self._doubts.begin()
        asked_at = self._context.clock()
        with self._leases.asking() as see, self._context.read() as tx:
            outlook = tx.deliveries.outlook(asked_at)
            see(outlook.now)
        if self._leases.is_to_shorten:
            self._shorten_leases()
        # The answer may have been long in coming, and an alarm is set by it.
        now = self._context.clock()
        # What became due in the meantime is due at once: it must not wait for the next tick.
        ahead_in = None if outlook.ahead_at is None else max(outlook.ahead_at - now, AT_ONCE)
        spans = [span for span in (ahead_in, outlook.lapses_in) if span is not None]
        return Outlook(
            is_due=outlook.next_at is not None and outlook.next_at <= now,
            has_lapsed=outlook.lapses_in is not None and outlook.lapses_in <= timedelta(0),
            next_in=min(spans, default=None),
            refresh_in=None if outlook.refresh_at is None else outlook.refresh_at - now,
        )

    def _shorten_leases(self) -> None:
        lease = self._settings.lease
        with self._context.begin() as tx:
            tx.deliveries.shorten_leases(lease, beyond=max(lease, LONGEST_PAUSE))
        self._leases.is_to_shorten = False

    def claim(self) -> list[Delivery]:
        """Take what is due, as much of it as the workspace's pace lets through soon.

        What is about a day or a week takes the places that nobody else wants, and few at a time.
        What has to wait for the end of a night is handed back, and makes room for what has not.
        Nothing is taken while it is in doubt what time it is: it could seem to be too late.
        """
        while self._context.is_sure() and (claimed := self._claim_batch()):
            if said := self._without_held_up(claimed):
                return said
        return []

    def _claim_batch(self) -> list[Delivery]:
        with self._context.begin() as tx:
            past = self._doubts.look(tx)
            claimed = self._claim_in(tx, past.doubted_until)
        self._doubts.keep(past)
        if tx.deliveries.superseded:
            self._settings.watch(Retired(tx.deliveries.superseded, by_revision=True))
        return claimed

    def _claim_in(self, tx: Transaction, doubted_until: datetime | None) -> list[Delivery]:
        pace, most = self._settings.pace, self._settings.batch
        behind = tx.deliveries.waits([WORKSPACE])[WORKSPACE]
        limit = pace.places_from(behind, self._settings.longest_wait, most)
        if not limit:
            return []
        claimed = tx.deliveries.claim(
            now=self._context.clock(),
            limit=limit,
            lease=self._settings.lease,
            claim=str(uuid.uuid4()),
            general=pace.general_places_from(behind, self._settings.at_once),
        )
        return _without_doubtful(tx.deliveries, claimed, doubted_until)

    def _without_held_up(self, claimed: list[Delivery]) -> list[Delivery]:
        """Hand back what came out of an outage into its reader's quiet hours, until they end."""
        waits = held_up(self._context, claimed)
        if not waits:
            return claimed
        held = [each for each in claimed if each.id in waits]
        with self._context.begin() as tx:
            tx.deliveries.lock([each.id for each in held])
            for each in held:
                until = waits[each.id]
                tx.deliveries.release(each.id, _claim_of(each), next_at=until, reason=QUIET)
        return [each for each in claimed if each.id not in waits]

    def take_over(self) -> list[Lapsed]:
        """Take what other senders began and left; each may or may not have been sent."""
        if not self._context.is_sure():
            return []
        with self._context.begin() as tx:
            past = self._doubts.look(tx)
            with self._leases.asking() as see:
                now = tx.deliveries.read_clock()
                see(now)
            taken = self._reclaim(tx, now) if self._leases.may_take_over else []
        self._doubts.keep(past)
        return [
            self._lapsed(each, each.claimed_at, now, past.doubted_until)
            for each in taken
            if each.claimed_at is not None
        ]

    def _reclaim(self, tx: Transaction, now: datetime) -> list[Delivery]:
        lease, claim = self._settings.lease, str(uuid.uuid4())
        return tx.deliveries.reclaim(now=now, limit=self._settings.batch, lease=lease, claim=claim)

    def _lapsed(
        self,
        delivery: Delivery,
        claimed_at: datetime,
        now: datetime,
        doubted_until: datetime | None,
    ) -> Lapsed:
        doubtful = is_in_doubt(delivery, doubted_until)
        promised = [delivery.created_at, delivery.due_at] if doubtful else []
        # Whichever clock was ahead when it was claimed: the message has the right time.
        since = min(claimed_at, now, self._context.clock(), *promised)
        return Lapsed(delivery, since, now - claimed_at, doubtful)

    def reserve(self, deliveries: Sequence[Delivery], at_most: timedelta) -> dict[int, timedelta]:
        """Take places in the pace; answers how long each has to wait for its own.

        Those whose place is too far off are handed back, in their order.
        """
        wanted = [Wanted(each.person_id, each.appointment_id is None) for each in deliveries]
        with self._context.begin() as tx:
            plan = self._settings.pace.plan(tx.deliveries, wanted, at_most=at_most)
            turns = list(zip(deliveries, plan.waits, strict=True))
            self._hand_back(tx.deliveries, [(e, wait) for e, wait in turns if wait > at_most])
            late = self._settings.pace.take(tx.deliveries, plan)
        return {each.id: wait + late for each, wait in turns if wait <= at_most}

    def _hand_back(
        self, deliveries: Deliveries, turns: Sequence[tuple[Delivery, timedelta]]
    ) -> None:
        deliveries.lock([each.id for each, _ in turns])
        now, moments = self._context.clock(), dict[str, datetime]()
        for each, wait in turns:
            before = moments.get(each.person_id)
            moment = now + wait if before is None else max(now + wait, before + self._step)
            deliveries.release(each.id, _claim_of(each), next_at=moment, reason=PACED)
            moments[each.person_id] = moment

    def still_holds(self, delivery: Delivery) -> bool:
        """Answer whether what was claimed is ours, and nothing it tells has changed since."""
        with self._context.read() as tx:
            return tx.deliveries.still_holds(delivery) and may_still_hear(tx, delivery)

    def release(self, delivery: Delivery, wait: timedelta) -> datetime:
        """Hand back what was claimed and not tried; answers when it will be due again."""
        return self._release(delivery, self._context.clock() + wait)

    def release_after(self, delivery: Delivery, moment: datetime) -> datetime:
        """Hand back what must not overtake another message to the same person."""
        return self._release(delivery, moment + self._step)

    def retire(self, deliveries: Sequence[Delivery]) -> None:
        """Settle promises that no longer hold."""
        with self._context.begin() as tx:
            tx.deliveries.lock([each.id for each in deliveries])
            rows = {each.id: each.reason for each in tx.deliveries.many([e.id for e in deliveries])}
            for each in deliveries:
                said = rows.get(each.id) or ""
                reason = said if said in REASONS else Untrue.CHANGED
                settlement = Settlement(state=DeliveryState.STALE, reason=reason)
                tx.deliveries.settle(each.id, _claim_of(each), settlement)

    def words_of_then(self, delivery_ids: Sequence[int]) -> Mapping[int, Announcement | None]:
        """Give words for messages that may be there though they are no longer true."""
        return shown_anew(self._context, delivery_ids)

    def put_back(self, delivery: Delivery, reason: str) -> None:
        """Return a promise whose message was looked for in vain, to be sent in its order."""
        now = self._context.clock()
        with self._context.begin() as tx:
            tx.deliveries.put_back(
                delivery.id,
                _claim_of(delivery),
                next_at=delivery.next_at,
                reason=reason,
                sought_at=now,
            )

    def show_anew(self, delivery: Delivery) -> None:
        """Have a message shown as it is now: it may tell of what the database does not know."""
        with self._context.begin() as tx:
            tx.deliveries.outdate_again(delivery.id, at=self._context.clock())

    def postpone(self, deliveries: Sequence[Delivery], reasons: Mapping[int, str]) -> None:
        """Return those promises that could not be tried, each with why, after a growing while."""
        with self._context.begin() as tx:
            tx.deliveries.lock(list(reasons))
            for each in deliveries:
                if reason := reasons.get(each.id):
                    self._try_later(tx.deliveries, each, TryLater(timedelta(0), reason))

    def leave_unsure(self, delivery: Delivery, pause: timedelta, reason: str) -> None:
        """Keep a promise in hand for a while, then look again whether its message is there."""
        pause = min(pause, LONGEST_PAUSE)
        with self._context.begin() as tx:
            tx.deliveries.leave_unsure(delivery.id, _claim_of(delivery), pause=pause, reason=reason)

    def record(self, tries: Sequence[Tried]) -> dict[int, datetime]:
        """Write how tries ended, in one transaction but for those that are given up.

        Answers until when the next messages to the same person have to wait, where they have to.
        """
        others = [each for each in tries if not isinstance(each.outcome, GiveUp)]
        with self._context.begin() as tx:
            tx.deliveries.lock([each.delivery.id for each in others])
            tx.deliveries.settle_sent([*_arrivals(others)])
            held_up = {each.delivery.id: self._retry(tx.deliveries, each) for each in others}
        for each in tries:
            if isinstance(each.outcome, GiveUp):
                self._give_up(each.delivery, each.outcome)
        return {each: until for each, until in held_up.items() if until is not None}

    def _retry(self, deliveries: Deliveries, tried: Tried) -> datetime | None:
        match tried.outcome:
            case Unsure(reason):
                claim, pause = _claim_of(tried.delivery), self._settings.unsure_pause
                deliveries.leave_unsure(tried.delivery.id, claim, pause=pause, reason=reason)
            case TryLater() as outcome:
                return self._try_later(deliveries, tried.delivery, outcome)
            case Sent() | GiveUp():
                pass
            case _:
                assert_never(tried.outcome)
        return None

    def _give_up(self, delivery: Delivery, outcome: GiveUp) -> None:
        give_up(
            self._context,
            delivery.id,
            claim=_claim_of(delivery),
            reason=outcome.reason,
            unreached=outcome.unreached,
        )

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
            self._settings.watch(Exhausted(delivery))
        else:
            deliveries.put_back(delivery.id, claim, next_at=now + delay, reason=outcome.reason)
        return now + delay if held_up else None

    def _is_enough(self, delivery: Delivery, age: timedelta) -> bool:
        if delivery.kind in UNTIL_NO_LONGER_TRUE:
            return False
        return self._settings.back_off.is_enough(delivery.attempts, age)

    @property
    def _step(self) -> timedelta:
        return max(self._settings.pace.per_channel, timedelta(milliseconds=1))

    def _release(self, delivery: Delivery, next_at: datetime) -> datetime:
        with self._context.begin() as tx:
            tx.deliveries.release(delivery.id, _claim_of(delivery), next_at=next_at, reason=PACED)
        return next_at


def _arrivals(tries: Iterable[Tried]) -> Iterator[Arrival]:
    for each in tries:
        if isinstance(each.outcome, Sent):
            yield Arrival(
                delivery_id=each.delivery.id,
                claim=_claim_of(each.delivery),
                channel=each.outcome.channel,
                message_ts=each.outcome.message_ts,
            )


def _without_doubtful(
    deliveries: Deliveries, claimed: list[Delivery], doubted_until: datetime | None
) -> list[Delivery]:
    """Have those looked for first that may have been sent before the database was set back."""
    doubtful = [each for each in claimed if is_in_doubt(each, doubted_until)]
    for each in doubtful:
        deliveries.leave_unsure(each.id, _claim_of(each), pause=timedelta(0), reason=IN_DOUBT)
    return [each for each in claimed if each not in doubtful] if doubtful else claimed


def _claim_of(delivery: Delivery) -> str:
    if delivery.claim is None:
        raise ValueError("only what was claimed can be settled")
    return delivery.claim
