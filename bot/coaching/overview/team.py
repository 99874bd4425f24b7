"""The team of somebody who leads others: whom they may view, and how each of them stands.

What the viewer may not see is neither counted nor named, and costs no more to leave out.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from bot.coaching.ground.context import Context
from bot.coaching.ground.lookup import access_of
from bot.coaching.ground.permissions import Access, Permission
from bot.coaching.ground.values import Caller, Card, Page
from bot.coaching.promises.agenda import (
    KIND_WORDS,
    PERIOD_WORDS,
    TeamMember,
    TeamPage,
    TeamPeriod,
    TeamQuery,
)
from bot.coaching.reading.cards import cards_for
from bot.coaching.times.periods import read_period
from bot.coaching.times.when import NotUnderstood
from bot.coaching.times.wording import clocks_of, say_when
from storage.filters import AppointmentFilter, Interval, Reach
from storage.records import Person
from storage.teams import STATUSES, Kind, TeamFilter, TeamRow
from storage.transaction import Transaction
from storage.types import Relationship

PEOPLE_SHOWN = 10
SESSIONS_SHOWN = 5
MOST_DIVISIONS = 100
LONGEST_SEARCH = 100
AN_INSTANT = timedelta(microseconds=1)
"""A session is overdue only after its end."""


def team_for(
    tx: Transaction, access: Access, reader: Person, query: TeamQuery, now: datetime
) -> tuple[TeamPage | None, datetime | None]:
    """Show a page of the people whom the reader leads; None for who leads nobody.

    Gives also when time alone will change one of the counts.
    """
    reach = access.reach(Permission.APPOINTMENT_VIEW)
    if not reach:
        return None, None
    names = _named(tx, reach)
    asked = query if query.division_id in names else replace(query, division_id=None)
    team = _Team(tx, access, reader, asked, now)
    rows, total = team.rows(frozenset(names))
    sessions = team.sessions() if asked.person_id and rows else None
    page = TeamPage(
        query=team.query,
        members=Page([team.member(each) for each in rows], total, team.people_page, PEOPLE_SHOWN),
        divisions=names,
        sessions=sessions,
        empty=None if rows else _nothing(asked),
    )
    ends = [each.next_end + AN_INSTANT for each in rows if each.next_end]
    return page, min(ends, default=None)


def team_divisions(
    context: Context, caller: Caller, *, words: str = "", most: int = MOST_DIVISIONS
) -> dict[str, str]:
    """Find divisions that the caller may look at, by the words of their names: names by id.

    Raises Denied, Unavailable.
    """
    with context.read() as tx:
        reach = access_of(tx, caller).reach(Permission.APPOINTMENT_VIEW)
        named = _named(tx, reach)
    wanted = words[:LONGEST_SEARCH].casefold().split()
    found = (key for key, name in named.items() if all(each in name.casefold() for each in wanted))
    return {key: named[key] for key in islice(found, most)}


def _named(tx: Transaction, reach: frozenset[str]) -> dict[str, str]:
    names = {key: name for key, name in tx.people.divisions().items() if key in reach}
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))


def interval_of(period: TeamPeriod, zone: str, now: datetime) -> Interval:
    """Give the whole days of a period on the clocks of a zone; weeks begin on Monday."""
    found = read_period(PERIOD_WORDS[period], zone=zone, now=now)
    if isinstance(found, NotUnderstood):
        raise ValueError(found)
    return found.interval


def _nothing(query: TeamQuery) -> str:
    if query.person_id is not None:
        return "That isn’t somebody you lead. Pick one of your own people, or look at everybody."
    if query.kind is not None:
        words, when = KIND_WORDS[query.kind].lower(), PERIOD_WORDS[query.period].lower()
        return f"Nobody has a session that is {words} here, {when}."
    return "Nobody else is here yet. Your team appears as soon as people join."


class _Team:
    """The people whom a reader leads, asked for within one transaction."""

    def __init__(
        self, tx: Transaction, access: Access, reader: Person, query: TeamQuery, now: datetime
    ) -> None:
        self._tx, self._access, self._reader, self._now = tx, access, reader, now
        self.query = query
        self.people_page = 1 if query.person_id is not None else max(query.page_number, 1)
        divisions = access.reach(Permission.APPOINTMENT_VIEW)
        self._reach = Reach(person_id=reader.id, division_ids=divisions)
        self._interval = interval_of(query.period, reader.timezone, now)

    def rows(self, divisions: frozenset[str]) -> tuple[list[TeamRow], int]:
        """Count for one page of people; for the first where the wanted one no longer exists."""
        query = self.query
        wanted = TeamFilter(
            now=self._now,
            reach=self._reach,
            interval=self._interval,
            division_ids=sorted({query.division_id} if query.division_id else divisions),
            person_id=query.person_id,
            kind=None if query.person_id else query.kind,
            page_number=self.people_page,
            page_size=PEOPLE_SHOWN,
        )
        rows, total = self._tx.teams.page(wanted)
        if not rows and self.people_page > 1:
            self.people_page, self.query = 1, replace(query, page_number=1)
            return self._tx.teams.page(replace(wanted, page_number=1))
        return rows, total

    def member(self, row: TeamRow) -> TeamMember:
        """Say how somebody stands."""
        said = say_when(row.next_at, clocks_of(self._reader), self._now) if row.next_at else ""
        return TeamMember(
            person_id=row.person_id,
            slack_user_id=row.slack_user_id,
            name=row.name,
            next_words=f"Next session {said}" if said else "No session planned",
            planned=row.planned,
            in_progress=row.in_progress,
            overdue=row.overdue,
            completed=row.completed,
        )

    def sessions(self) -> Page[Card]:
        """Show a page of the sessions of the person who was chosen."""
        number = max(self.query.page_number, 1)
        found, total = self._tx.appointments.page_and_total(self._wanted(number))
        if not found and number > 1:
            number, self.query = 1, replace(self.query, page_number=1)
            found, total = self._tx.appointments.page_and_total(self._wanted(number))
        cards = cards_for(self._tx, self._access, self._reader, found, self._now)
        return Page(cards, total, number, SESSIONS_SHOWN)

    def _wanted(self, number: int) -> AppointmentFilter:
        kind = self.query.kind
        return AppointmentFilter(
            now=self._now,
            reach=self._reach,
            user_ids=[self.query.person_id or ""],
            relationships=[Relationship.ATTENDEE],
            interval=self._interval,
            statuses=[STATUSES[kind]] if kind and kind in STATUSES else None,
            is_overdue=True if kind is Kind.OVERDUE else None,
            ascending=True,
            page_number=number,
            page_size=SESSIONS_SHOWN,
        )
