"""When each kind of promise is due, said once more and by itself, for the judge to compare with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from tests.chaos.days.chronicle import Chronicle, Span, Wish
from tests.chaos.days.walls import local_day, next_morning, shown
from tests.chaos.days.worlds import Coming, Due, ahead, exactly, no_sooner

MONDAY: Final = 0
DIGEST_AT: Final = time(9)


@dataclass(frozen=True)
class Reminding:
    """A reminder waits for the end of the night, unless the session starts before that."""

    history: Chronicle
    person: str
    starts_at: datetime
    leads: bool
    """Whether the person leads the session."""
    lead: timedelta

    def first(self, wish: Wish, at: Span) -> Iterable[Coming]:
        """Promise it where it is still ahead."""
        due = self._due(wish)
        return [None] if due is None else ahead(due, at, exactly(due))

    def again(self, wish: Wish, at: Span, waiting: Coming) -> Iterable[Coming]:
        """Move it, withdraw it, or promise it if its time was not there yet."""
        due = self._due(wish)
        if due is None:
            return [None]
        if waiting is not None:
            return [no_sooner(due, at)]
        return ahead(self.starts_at - self.lead, at, no_sooner(due, at))

    def _due(self, wish: Wish) -> datetime | None:
        """Give its moment if it is wanted; of those that fall together the last one is."""
        wanted = wish.as_facilitator if self.leads else wish.as_attendee
        own = self._moment(self.lead, wish)
        later = [each for each in wanted if each < self.lead]
        if self.lead not in wanted or any(self._moment(each, wish) == own for each in later):
            return None
        return own

    def _moment(self, lead: timedelta, wish: Wish) -> datetime:
        meant = self.starts_at - lead
        waited = self.history.wait(meant, self.person, wish)
        return waited if waited < self.starts_at else meant


@dataclass(frozen=True)
class Asking:
    """Somebody is asked about an overdue session soon, and then on each of their working days."""

    history: Chronicle
    person: str
    ends_at: datetime
    number: int

    def first(self, wish: Wish, at: Span) -> Iterable[Coming]:
        """Promise it: a session that is planned is not over yet."""
        return [exactly(self._due(wish))]

    def again(self, wish: Wish, at: Span, waiting: Coming) -> Iterable[Coming]:
        """Move it; what falls behind others that are said at once is left out."""
        if waiting is None:
            return [None]
        due = self._due(wish)
        is_behind = self.number > 1 and due <= at.high
        return [no_sooner(due, at), *([None] if is_behind else [])]

    def _due(self, wish: Wish) -> datetime:
        history, person = self.history, self.person
        due = history.wait(self.ends_at + history.overdue_after, person, wish)
        for _ in range(self.number - 1):
            zone, days = history.zones[person], history.workdays[person]
            due = history.wait(next_morning(due, days, history.overdue_at, zone), person, wish)
        return due


@dataclass(frozen=True)
class Escalating:
    """Somebody above hears of it on their next working day after asking did not help."""

    history: Chronicle
    person: str

    def first(self, wish: Wish, at: Span) -> Iterable[Coming]:
        """Promise it for one of the mornings after the last question."""
        history, person = self.history, self.person
        zone, days = history.zones[person], history.workdays[person]
        after = at.low
        found: set[datetime] = set()
        while not found or after < at.high:
            found.add(next_morning(after, days, history.overdue_at, zone))
            after = min(after + timedelta(hours=12), at.high)
        found.add(next_morning(at.high, days, history.overdue_at, zone))
        return [exactly(history.wait(each, person, wish)) for each in sorted(found)]

    def again(self, wish: Wish, at: Span, waiting: Coming) -> Iterable[Coming]:
        """Let it wait longer where it is quiet by now."""
        if waiting is None:
            return [None]
        ends = (waiting.earliest, waiting.latest)
        return [Due(*(self.history.wait(each, self.person, wish) for each in ends))]


@dataclass(frozen=True)
class SummingUp:
    """An agenda at its time of a day, or a digest on a Monday, once the night is over."""

    history: Chronicle
    person: str
    day: date
    is_digest: bool

    def first(self, wish: Wish, at: Span) -> Iterable[Coming]:
        """Promise it where it is wanted and ahead."""
        return self.again(wish, at, None)

    def again(self, wish: Wish, at: Span, waiting: Coming) -> Iterable[Coming]:
        """Promise or move it where it is wanted and ahead; withdraw it where it is not."""
        due = self._due(wish)
        return [None] if due is None else ahead(due, at, exactly(due))

    def _due(self, wish: Wish) -> datetime | None:
        if self.is_digest:
            clock = DIGEST_AT if wish.digest and self.day.weekday() == MONDAY else None
        else:
            clock = wish.agenda_at
        zone = self.history.zones[self.person]
        if clock is None:
            return None
        due = self.history.wait(shown(self.day, clock, zone), self.person, wish)
        return due if self.is_digest or local_day(due, zone) == self.day else None
