"""What people wished for and when, as somebody beside them would write it down."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from tests.chaos.clock import ChaosClock
from tests.chaos.days.walls import Night, loud
from tests.chaos.history import History
from tests.chaos.verdict import Terms

USUAL_NIGHT: Final = Night(time(20), time(7))


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How somebody wants to be told; it took hold between two seconds of the run."""

    began: float = -1.0
    done: float = -1.0
    as_facilitator: frozenset[timedelta]
    as_attendee: frozenset[timedelta]
    night: Night | None = USUAL_NIGHT
    agenda_at: time | None = None
    digest: bool = False


@dataclass(frozen=True, kw_only=True)
class Snoozed:
    """Somebody wants to hear of a session again, at a moment between two."""

    number: int
    account: str
    began: float
    done: float
    earliest: datetime
    latest: datetime
    surely: bool
    """Whether it is certain that it took hold."""


@dataclass(frozen=True)
class Record:
    """What the outbox itself says of a reminder that it did not send."""

    session_id: str
    account: str
    occurrence: str
    reason: str


@dataclass
class Chronicle(History):
    """Everything that people did in a run of whole days."""

    zones: Mapping[str, str] = field(default_factory=dict)
    workdays: Mapping[str, Set[int]] = field(default_factory=dict)
    managers: Mapping[str, str | None] = field(default_factory=dict)
    leaders: Sequence[str] = ()
    """Everybody who may see every session; each has a line among the managers."""
    overdue_times: int = 5
    overdue_at: time = time(9)
    late: timedelta = timedelta(minutes=60)
    """How long after the start a reminder is still of use."""
    wishes: dict[str, list[Wish]] = field(default_factory=dict)
    snoozes: list[Snoozed] = field(default_factory=list)
    records: frozenset[Record] = frozenset()
    silences: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    """When an agenda or a digest was decided to have nothing to say: by person, kind and day."""

    def wishes_of(self, person: str) -> list[Wish]:
        """List what somebody wished, the first being what everybody has."""
        first = Wish(as_facilitator=self.usual, as_attendee=self.usual)
        return [first, *self.wishes.get(person, ())]

    def wait(self, moment: datetime, person: str, wish: Wish) -> datetime:
        """Give the moment at which somebody may be told what is due now."""
        return loud(moment, wish.night, self.zones[person])


@dataclass(frozen=True)
class Span:
    """A stretch of the run's time in which something happened, or one moment of it."""

    low: datetime
    high: datetime


def span(began: float, done: float, terms: Terms, clock: ChaosClock) -> Span:
    """Say between which moments something happened, on any replica's clock."""
    return Span(clock.moment(began - terms.skew), clock.moment(done + terms.skew))
