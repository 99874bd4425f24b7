"""What is said about a day or a week and not about one session: an agenda, a digest.

The next one stands in the outbox for everybody who wants it; whoever puts it into words promises
the one after it in the same transaction. A sweep promises what is missing for any other reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.coaching.cards import cards_for
from bot.coaching.context import Context
from bot.coaching.ladder import Habits, habits_of
from bot.coaching.permissions import Access, Permission
from bot.coaching.policy import Policy
from bot.coaching.quiet_hours import on_clocks
from bot.coaching.replanning import WITHDRAWN
from bot.coaching.values import Card, Summary
from bot.coaching.wording import counted, local_time, zone_of
from storage.filters import AppointmentFilter, Interval, Reach
from storage.models import Delivery as DeliveryRow
from storage.records import OPEN_STATUSES, Delivery, Person, Preferences
from storage.transaction import Transaction
from storage.types import ActionType, DeliveryState, Standing

SUMMARIES: Final = frozenset({ActionType.AGENDA, ActionType.DIGEST})
MONDAY: Final = 0
SHOWN: Final = 10
SWEEP: Final = "summaries"
"""What is held while summaries are promised for everybody, so that nobody is promised two."""
LONGEST_SEARCH: Final = 400
"""Days looked ahead for one on which nothing was said yet."""


def plan_general(context: Context) -> int:
    """Promise the agendas and digests that are missing; answers how many. Raises Unavailable."""
    with context.begin() as tx:
        tx.people.hold([SWEEP])
        chosen = tx.preferences.wanting_summaries()
        return plan_summaries(tx, chosen, context.clock(), context.policy)


def plan_summaries(
    tx: Transaction,
    chosen: Mapping[str, Preferences],
    now: datetime,
    policy: Policy,
    *,
    after: datetime | None = None,
) -> int:
    """Bring what these people are promised of agendas and digests in line with their choices.

    What was due between `after` and now, and is still of use, is not passed over.
    """
    waiting: dict[tuple[str, ActionType], list[Delivery]] = {}
    for each in tx.ahead.general(chosen.keys()):
        waiting.setdefault((each.person_id, each.kind), []).append(each)
    added = 0
    for person_id, habits in habits_of(tx, chosen.keys(), policy).items():
        for kind in (ActionType.AGENDA, ActionType.DIGEST):
            clock = _clock_of(kind, chosen[person_id], policy)
            turn = _Turn(person_id, kind, habits, after or now)
            found = _next(tx, turn, clock, now)
            others = waiting.get((person_id, kind), [])
            if isinstance(found, DeliveryRow):
                tx.deliveries.add([found])
                added += 1
            tx.ahead.withdraw(
                [
                    each.id
                    for each in others
                    if each.due_at > now and not (found and each.occurrence == found.occurrence)
                ],
                reason=WITHDRAWN,
            )
    return added


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose summary it is, of which kind."""

    person_id: str
    kind: ActionType
    habits: Habits
    after: datetime


def _next(
    tx: Transaction, turn: _Turn, clock: time | None, now: datetime
) -> DeliveryRow | Delivery | None:
    """Give the next summary: a new promise, or the one that is there, brought to its moment."""
    for day, due_at in _moments(turn, clock, now) if clock else ():
        found = tx.ahead.there(turn.person_id, turn.kind, day.isoformat())
        if found is None:
            return DeliveryRow(
                kind=turn.kind,
                person_id=turn.person_id,
                appointment_id=None,
                revision=0,
                occurrence=day.isoformat(),
                due_at=due_at,
                next_at=due_at,
                created_at=now,
            )
        waits = found.state is DeliveryState.PENDING and found.due_at > now
        if waits or (found.state is DeliveryState.STALE and found.reason == WITHDRAWN):
            if not waits or found.due_at != due_at:
                tx.ahead.move({found.id: due_at})
                tx.deliveries.earliest = min(due_at, tx.deliveries.earliest or due_at)
            return found
    return None


def _moments(turn: _Turn, clock: time, now: datetime) -> Iterator[tuple[date, datetime]]:
    """List the days on which something may be said, each with its moment, the next first."""
    zone = zone_of(turn.habits.zone)
    today = now.astimezone(zone).date()
    first = today - timedelta(days=today.weekday() if turn.kind is ActionType.DIGEST else 0)
    for day in (first + timedelta(days=each) for each in range(LONGEST_SEARCH)):
        due_at = turn.habits.wait(on_clocks(datetime.combine(day, clock, UTC), zone))
        if due_at > turn.after and (turn.kind is ActionType.AGENDA or day.weekday() == MONDAY):
            yield day, due_at


def _clock_of(kind: ActionType, chosen: Preferences, policy: Policy) -> time | None:
    if kind is ActionType.AGENDA:
        return time.fromisoformat(chosen.agenda_at) if chosen.agenda_at else None
    return policy.digest_at if chosen.weekly_digest else None


def sum_up(context: Context, tx: Transaction, delivery: Delivery, now: datetime) -> Summary | None:
    """Write an agenda or a digest from what is true now, and promise the next one.

    None where there is nothing to say, where its day is over, or where it is not wanted any more.
    """
    reader = tx.people.many([delivery.person_id])[delivery.person_id]
    chosen = tx.preferences.of(reader.id)
    after = min(delivery.due_at, now)
    plan_summaries(tx, {reader.id: chosen}, now, context.policy, after=after)
    wanted = _clock_of(delivery.kind, chosen, context.policy) is not None
    if (
        not wanted
        or reader.standing is not Standing.MEMBER
        or not _is_timely(delivery, reader, now)
    ):
        return None
    held = tx.people.permissions([reader.id])[reader.id]
    access = Access(reader.id, {name: frozenset(each) for name, each in held.items()})
    found, total = tx.appointments.page_and_total(_about(delivery.kind, access, reader, now))
    if not found:
        return None
    cards = cards_for(tx, access, reader, found, now)
    headline = _headline(delivery.kind, total)
    return Summary(
        delivery_id=delivery.id,
        kind=delivery.kind,
        slack_user_id=reader.slack_user_id,
        slack_channel=reader.slack_channel,
        reader_id=reader.id,
        headline=headline,
        text=_in_plain_words(headline, cards, total),
        card=cards[0],
        notification_id=None,
        is_read=True,
        cards=cards,
        more=total - len(cards),
    )


def _is_timely(delivery: Delivery, reader: Person, now: datetime) -> bool:
    """An agenda is of use on its day, a digest in its week, on the reader's own calendar."""
    day, today = date.fromisoformat(delivery.occurrence), local_time(now, reader.timezone).date()
    if delivery.kind is ActionType.AGENDA:
        return day == today
    return timedelta(0) <= today - day < timedelta(days=7)


def _about(kind: ActionType, access: Access, reader: Person, now: datetime) -> AppointmentFilter:
    if kind is ActionType.DIGEST:
        led = access.reach(Permission.APPOINTMENT_VIEW)
        reach = Reach(person_id=reader.id, division_ids=led)
        return AppointmentFilter(
            now=now, reach=reach, is_overdue=True, ascending=True, page_size=SHOWN
        )
    return AppointmentFilter(
        now=now,
        reach=Reach(person_id=reader.id, division_ids=frozenset()),
        interval=_today(now, reader),
        statuses=tuple(OPEN_STATUSES),
        is_overdue=False,
        ascending=True,
        page_size=SHOWN,
    )


def _today(now: datetime, reader: Person) -> Interval:
    zone = zone_of(reader.timezone)
    day = now.astimezone(zone).date()
    morning, tonight = (
        on_clocks(datetime.combine(day + timedelta(days=each), time(0), UTC), zone)
        for each in (0, 1)
    )
    return Interval(starts_at=morning, ends_at=tonight)


def _headline(kind: ActionType, total: int) -> str:
    sessions = counted(total, "coaching session")
    if kind is ActionType.AGENDA:
        return f"Your day: {sessions}"
    return f"{sessions} {'is' if total == 1 else 'are'} overdue in your team"


def _in_plain_words(headline: str, cards: Sequence[Card], total: int) -> str:
    """Say all of it without markup: for a lock screen and a screen reader."""
    more = total - len(cards)
    lines = [f"{each.name}: {each.when}. {each.status_words}." for each in cards]
    rest = [f"And {more:,} more."] if more else []
    return " ".join((f"{headline}.", *lines, *rest))
