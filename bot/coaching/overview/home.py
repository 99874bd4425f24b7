"""Use case: what a person should see on coming in."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.coaching.ground.context import Context
from bot.coaching.ground.lookup import access_of, reader_of
from bot.coaching.ground.permissions import Access, Permission
from bot.coaching.ground.values import Caller, Card
from bot.coaching.overview.inbox import notices_for, wanted_entries
from bot.coaching.overview.team import AN_INSTANT, team_for
from bot.coaching.promises.agenda import Agenda, TeamPage, TeamQuery
from bot.coaching.reading.cards import START_OFFERED, cards_for
from bot.coaching.times.wording import zone_of
from storage.filters import AppointmentFilter, Interval, IntervalCondition, Reach
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Status

NOTICES_SHOWN = 5
SHOWN = 10
UNFINISHED = (Status.SCHEDULED, Status.IN_PROGRESS, Status.INVALID_SCHEDULE)


def home(context: Context, caller: Caller, *, team: TeamQuery | None = None) -> Agenda:
    """Show one's own overdue sessions, today's and the next, with what is unread; and one's team.

    `team` says which part of it is looked at. Raises Denied, Unavailable.
    """
    now = context.clock()
    with context.read() as tx:
        reader = reader_of(tx, caller)
        access = access_of(tx, caller)
        wanted = wanted_entries(context, access, now, page_size=NOTICES_SHOWN)
        entries, _ = tx.notifications.page(wanted)
        unread = [each for each in entries if not each.marked_as_read]
        desk = _Desk(tx, access, reader, now)
        tonight = midnight_after(now, reader.timezone)
        later = desk.wanted(
            interval=Interval(starts_at=tonight, ends_at=datetime.max.replace(tzinfo=now.tzinfo)),
            statuses=UNFINISHED,
        )
        today = desk.wanted(
            interval=_today(now, tonight, reader),
            condition=IntervalCondition.OVERLAPS,
            is_overdue=False,
        )
        overdue = desk.cards(desk.wanted(is_overdue=True))
        ahead, upcoming = desk.cards(today), desk.cards(later)
        people, counts_change_at = team_for(tx, access, reader, team or TeamQuery(), now)
        moments = (tonight, counts_change_at, *_moments((*ahead, *upcoming, *_shown(people))))
        return Agenda(
            reader_name=reader.name.split()[0],
            unread=tx.notifications.unread(wanted),
            notices=notices_for(tx, access, reader, unread, now),
            overdue=overdue,
            today=ahead,
            upcoming=upcoming,
            more_upcoming=tx.appointments.count(later) - len(upcoming),
            may_schedule=access.holds(Permission.APPOINTMENT_ADD),
            team=people,
            changes_at=min(each for each in moments if each is not None and each > now),
        )


def _shown(team: TeamPage | None) -> Sequence[Card]:
    return team.sessions.entities if team and team.sessions else ()


def _moments(cards: Sequence[Card]) -> list[datetime]:
    """List when time alone changes a card: what it offers before and at its start, and its end."""
    return [
        moment
        for card in cards
        for moment in (card.starts_at - START_OFFERED, card.starts_at, card.ends_at + AN_INSTANT)
    ]


def midnight_after(now: datetime, zone: str) -> datetime:
    """Give the moment when a person's today is over."""
    where = zone_of(zone)
    tomorrow = now.astimezone(where).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), where).astimezone(now.tzinfo)


def _today(now: datetime, tonight: datetime, reader: Person) -> Interval:
    where = zone_of(reader.timezone)
    morning = datetime.combine(now.astimezone(where).date(), time(0), where)
    return Interval(starts_at=morning.astimezone(now.tzinfo), ends_at=tonight)


class _Desk:
    """The reader's own sessions, asked for in several ways within one transaction."""

    def __init__(self, tx: Transaction, access: Access, reader: Person, now: datetime) -> None:
        self._tx, self._access, self._reader, self._now = tx, access, reader, now

    def wanted(
        self,
        *,
        interval: Interval | None = None,
        condition: IntervalCondition = IntervalCondition.STARTS_IN,
        is_overdue: bool | None = None,
        statuses: Sequence[Status] | None = None,
    ) -> AppointmentFilter:
        return AppointmentFilter(
            now=self._now,
            reach=Reach(person_id=self._reader.id, division_ids=frozenset()),
            interval=interval,
            interval_condition=condition,
            is_overdue=is_overdue,
            statuses=statuses,
            ascending=True,
            page_size=SHOWN,
        )

    def cards(self, wanted: AppointmentFilter) -> tuple[Card, ...]:
        found = self._tx.appointments.page(wanted)
        return cards_for(self._tx, self._access, self._reader, found, self._now)
