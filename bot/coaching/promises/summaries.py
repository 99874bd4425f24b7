"""What is said about a day or a week and not about one session: an agenda, a digest.

The next one stands in the outbox for everybody who wants it; whoever puts it into words promises
the one after it in the same transaction. A sweep promises what is missing for any other reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.ground.permissions import Access, Permission
from bot.coaching.ground.values import Card, Summary
from bot.coaching.policy.policies import Policy
from bot.coaching.policy.quiet_hours import on_clocks
from bot.coaching.promises.ladder import Habits, habits_of
from bot.coaching.promises.recognising import recognition
from bot.coaching.promises.replanning import WITHDRAWN, is_waiting, was_withdrawn
from bot.coaching.reading.cards import cards_for
from bot.coaching.times.wording import counted, local_time, zone_of
from storage.filters import AppointmentFilter, Interval, Reach
from storage.models import Delivery as DeliveryRow
from storage.records import OPEN_STATUSES, Delivery, Person, Preferences
from storage.transaction import Transaction
from storage.types import ActionType, Standing

SUMMARIES: Final = frozenset({ActionType.AGENDA, ActionType.DIGEST})
MONDAY: Final = 0
SHOWN: Final = 10
SWEEP: Final = "summaries"
"""What is held while summaries are promised for everybody, so that nobody is promised two."""
AT_ONCE: Final = 100
"""So many people in one transaction."""
LOOKED_BACK: Final = timedelta(days=8)
"""The week of a digest has begun by then, on whatever calendar."""
LONGEST_SEARCH: Final = 400
"""Days looked ahead for one on which nothing was said yet."""


def plan_general(context: Context) -> int:
    """Promise the agendas and digests that are missing; answers how many. Raises Unavailable.

    A few people at a time, so that others who write get their turn.
    """
    with context.read() as tx:
        wanting = sorted(tx.preferences.wanting_summaries())
    added = 0
    for first in range(0, len(wanting), AT_ONCE):
        with context.begin() as tx:
            tx.people.hold([SWEEP])
            chosen = tx.preferences.many(wanting[first : first + AT_ONCE])
            added += plan_summaries(tx, chosen, context.clock(), context.policy)
    return added


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
    there = tx.ahead.summaries(chosen.keys(), since=(now - LOOKED_BACK).date())
    moved: dict[int, datetime] = {}
    unwanted: list[int] = []
    added = 0
    for person_id, habits in sorted(habits_of(tx, chosen.keys(), policy).items()):
        for kind in (ActionType.AGENDA, ActionType.DIGEST):
            mine = there.get((person_id, kind), {})
            turn = _Turn(person_id, kind, habits, after or now, mine)
            found, due_at = _next(turn, _clock_of(kind, chosen[person_id], policy), now)
            if isinstance(found, DeliveryRow):
                # Whoever sends the one before it may be promising the very same at this moment.
                tx.deliveries.add_once(found)
                added += 1
            elif found and (was_withdrawn(found) or found.due_at != due_at):
                moved[found.id] = due_at
            unwanted += [
                each.id
                for each in mine.values()
                if is_waiting(each, now) and not (found and each.occurrence == found.occurrence)
            ]
    tx.ahead.move(moved)
    tx.ahead.withdraw(unwanted, reason=WITHDRAWN)
    if moved:
        first = min(moved.values())
        tx.deliveries.earliest = min(first, tx.deliveries.earliest or first)
    return added


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose summary it is, of which kind, and which are there, by day."""

    person_id: str
    kind: ActionType
    habits: Habits
    after: datetime
    there: Mapping[str, Delivery]


def _next(
    turn: _Turn, clock: time | None, now: datetime
) -> tuple[DeliveryRow | Delivery | None, datetime]:
    """Give the next summary with its moment: a new promise, or the one that is there."""
    for day, due_at in _moments(turn, clock, now) if clock else ():
        found = turn.there.get(day.isoformat())
        if found is None:
            row = DeliveryRow(
                kind=turn.kind,
                person_id=turn.person_id,
                appointment_id=None,
                revision=0,
                occurrence=day.isoformat(),
                due_at=due_at,
                next_at=due_at,
                created_at=now,
            )
            return row, due_at
        if is_waiting(found, now) or was_withdrawn(found):
            return found, due_at
    return None, now


def _moments(turn: _Turn, clock: time, now: datetime) -> Iterator[tuple[date, datetime]]:
    """List the days on which something may be said, each with its moment, the next first."""
    zone = zone_of(turn.habits.zone)
    today = now.astimezone(zone).date()
    first = today - timedelta(days=today.weekday() if turn.kind is ActionType.DIGEST else 0)
    for day in (first + timedelta(days=each) for each in range(LONGEST_SEARCH)):
        moment = on_clocks(datetime.combine(day, clock, UTC), zone)
        loud = turn.habits.wait(moment)
        # Like a reminder, it does not wait until it is of no use any more.
        due_at = loud if _is_of_use(turn.kind, day, loud.astimezone(zone).date()) else moment
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
    if delivery.kind is ActionType.DIGEST and not access.holds(Permission.APPOINTMENT_VIEW):
        return None
    found, total = tx.appointments.page_and_total(_about(delivery.kind, access, reader, now))
    if not found:
        return None
    cards = cards_for(tx, access, reader, found, now)
    headline = _headline(delivery.kind, total)
    return Summary(
        delivery_id=delivery.id,
        **recognition(delivery),
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
    today = local_time(now, reader.timezone).date()
    return _is_of_use(delivery.kind, date.fromisoformat(delivery.occurrence), today)


def _is_of_use(kind: ActionType, day: date, today: date) -> bool:
    """An agenda is of use on its day, a digest in its week, on the reader's own calendar."""
    if kind is ActionType.AGENDA:
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
