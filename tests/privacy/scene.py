"""A contact centre as plain facts, drawn at random: who is there, what they hold, what took place.

Everything has a name that stands out (`Zperson3z`), so that it is found wherever it is repeated.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.coaching import AccessType, Relationship, Status
from tests.privacy.contract import ROLES

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARK = re.compile(r"Z[a-z]+\d+z")
DIVISIONS = range(3)
ODD = "Odd"
"""A role that somebody made up: any permissions at all."""

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Someone:
    """A person, the division they belong to, and roles over divisions."""

    number: int
    division: int
    grants: frozenset[tuple[str, int]]

    @property
    def id(self) -> str:
        """Their id."""
        return f"Zpid{self.number}z"

    @property
    def name(self) -> str:
        """Their name."""
        return f"Zperson{self.number}z"

    @property
    def account(self) -> str:
        """Their account in Slack."""
        return f"U0{self.number}"

    @property
    def marks(self) -> set[str]:
        """What gives them away."""
        return {self.id, self.name}


@dataclass(frozen=True)
class Meeting:
    """A session, with people by their number."""

    number: int
    creator: int
    facilitator: int | None
    attendees: tuple[int, ...]
    starts_at: datetime
    length: int
    status: Status
    completed_at: datetime | None
    is_deleted: bool

    @property
    def id(self) -> str:
        """Its id."""
        return f"Zmid{self.number}z"

    @property
    def name(self) -> str:
        """Its name."""
        return f"Zname{self.number}z"

    @property
    def texts(self) -> dict[str, str]:
        """What else was written about it."""
        return {each: f"Z{each}{self.number}z" for each in ("about", "place", "link", "talk")}

    @property
    def marks(self) -> set[str]:
        """What gives it away."""
        return {self.id, self.name, *self.texts.values()}

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.length)

    def ties(self, person: int) -> set[Relationship]:
        """Everything that a person is to it (contract, section 1)."""
        ties = {
            Relationship.CREATOR: person == self.creator,
            Relationship.FACILITATOR: person == self.facilitator,
            Relationship.ATTENDEE: person in self.attendees,
        }
        return {tie for tie, holds in ties.items() if holds}

    @property
    def related(self) -> set[int]:
        """Everybody who is anything to it."""
        led = set() if self.facilitator is None else {self.facilitator}
        return {self.creator, *self.attendees} | led


@dataclass(frozen=True)
class Note:
    """A note that its session's creator wrote."""

    number: int
    meeting: int
    access_type: AccessType
    is_deleted: bool

    @property
    def text(self) -> str:
        """What it says."""
        return f"Znote{self.number}z"


@dataclass(frozen=True)
class Question:
    """What to ask of a list (contract, section 3, list parameters), with people by number."""

    users: tuple[int, ...] | None
    relationships: frozenset[Relationship] | None
    statuses: frozenset[Status] | None
    facilitators: tuple[int, ...] | None
    interval: tuple[datetime, datetime] | None
    overlaps: bool
    completion: tuple[datetime, datetime] | None
    is_overdue: bool | None
    ascending: bool
    page_size: int


@dataclass(frozen=True)
class Scene:
    """Everything that is there."""

    people: tuple[Someone, ...]
    odd: frozenset[str]
    meetings: tuple[Meeting, ...]
    notes: tuple[Note, ...]
    questions: tuple[Question, ...]

    def role(self, name: str) -> frozenset[str]:
        """What a role allows."""
        return self.odd if name == ODD else ROLES[name]

    def division_of(self, person: int) -> int:
        """The division to which somebody belongs."""
        return self.people[person].division


def marks_in(text: str) -> set[str]:
    """Find everything that a text gives away."""
    return set(MARK.findall(text))


EVERYTHING = Question(
    users=None,
    relationships=None,
    statuses=None,
    facilitators=None,
    interval=None,
    overlaps=False,
    completion=None,
    is_overdue=None,
    ascending=True,
    page_size=100,
)
