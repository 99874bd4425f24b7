"""A contact centre as plain facts, drawn at random: who is there, what they hold, what took place.

Everything has a name that stands out (`Zperson3z`), so that it is found wherever it is repeated.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from bot.coaching import AccessType, Relationship, Status
from tests.privacy.contract import PERMISSIONS, ROLES

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARK = re.compile(r"Z[a-z]+\d+z")
DIVISIONS = range(3)
ODD = "Odd"
"""A role that somebody made up: any permissions at all."""

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NEAR = (HOUR, 90 * MINUTE, DAY, -20 * MINUTE)
STARTS = (*NEAR, *NEAR, -70 * DAY, -3 * DAY, -2 * HOUR, 20 * DAY, 70 * DAY)
EDGES = (-80 * DAY, -3 * DAY, -HOUR, timedelta(0), HOUR, 95 * MINUTE, DAY, 80 * DAY)


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


@st.composite
def people(draw: st.DrawFn) -> tuple[Someone, ...]:
    """Four or five people in three divisions, each with a role at home and perhaps elsewhere."""
    role, division = st.sampled_from((*ROLES, ODD)), st.sampled_from(DIVISIONS)
    elsewhere = st.lists(st.tuples(role, division), max_size=2)
    found = []
    for number in range(draw(st.integers(4, 5))):
        home = draw(division)
        grants = [(draw(role), home), *draw(elsewhere)]
        found.append(Someone(number, home, frozenset(grants)))
    return tuple(found)


@st.composite
def meetings(draw: st.DrawFn, numbers: range) -> tuple[Meeting, ...]:
    """Two to five sessions between these people, done and to come, deleted and not."""
    someone = st.sampled_from(numbers)
    found = []
    for number in range(draw(st.integers(2, 5))):
        attendees = draw(st.permutations(numbers))[: draw(st.integers(1, 3))]
        others = [None, *(each for each in numbers if each not in attendees)]
        status = draw(st.sampled_from((Status.SCHEDULED, *Status)))
        completed_at = NOW - draw(st.sampled_from((HOUR, 2 * DAY)))
        found.append(
            Meeting(
                number=number,
                creator=draw(someone),
                facilitator=draw(st.sampled_from(others)),
                attendees=tuple(attendees),
                starts_at=NOW + draw(st.sampled_from(STARTS)),
                length=draw(st.sampled_from((15, 30, 60))),
                status=status,
                completed_at=completed_at if status is Status.COMPLETED else None,
                is_deleted=draw(st.sampled_from((False, False, False, True))),
            )
        )
    return tuple(found)


def notes(count: int) -> st.SearchStrategy[tuple[Note, ...]]:
    """One to six notes on so many sessions."""
    one = st.tuples(st.sampled_from(range(count)), st.sampled_from(AccessType), st.booleans())
    return st.lists(one, min_size=1, max_size=6).map(
        lambda drawn: tuple(Note(number, *each) for number, each in enumerate(drawn))
    )


@st.composite
def question(draw: st.DrawFn, numbers: range) -> Question:
    """Any conditions together."""
    spans = st.none() | st.lists(st.sampled_from(EDGES), min_size=2, max_size=2, unique=True).map(
        lambda drawn: (NOW + min(drawn), NOW + max(drawn))
    )
    some = st.none() | st.lists(st.sampled_from(numbers), min_size=1, unique=True).map(tuple)
    users = draw(some)
    return Question(
        users=users,
        relationships=draw(st.none() | _some(Relationship)) if users else None,
        statuses=draw(st.none() | _some(Status)),
        facilitators=draw(some),
        interval=draw(spans),
        overlaps=draw(st.booleans()),
        completion=draw(spans),
        is_overdue=draw(st.sampled_from((None, None, True, False))),
        ascending=draw(st.booleans()),
        page_size=draw(st.sampled_from((100, 2, 1))),
    )


def _some(words: Iterable[T]) -> st.SearchStrategy[frozenset[T]]:
    return st.frozensets(st.sampled_from(list(words)), min_size=1)


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


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Anything at all."""
    found = draw(people())
    numbers = range(len(found))
    took_place = draw(meetings(numbers))
    asked = draw(st.lists(question(numbers), min_size=1, max_size=3))
    return Scene(
        people=found,
        odd=draw(st.frozensets(st.sampled_from(PERMISSIONS))),
        meetings=took_place,
        notes=draw(notes(len(took_place))),
        questions=(EVERYTHING, *asked),
    )
