"""What people did, as somebody beside them would write it down: the only source of the model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

What = Literal["create", "update", "start", "reset", "complete", "delete", "note"]
NAME = "Review"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that somebody did to a session; it took hold between two seconds of the run."""

    what: What
    by: str
    began: float
    done: float
    version: int
    """Counts the names that the session had; each change of its facts gives it a new one."""
    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass
class Session:
    """One session, with everything that was done to it."""

    number: int
    id: str
    creator: str
    facilitator: str | None
    attendees: tuple[str, ...]
    by_form: bool = False
    """Whether it was scheduled in Slack, so that its creator is told as well."""
    copies: int = 1
    facts: list[Fact] = field(default_factory=list)

    @property
    def participants(self) -> list[str]:
        return [*self.attendees, *([self.facilitator] if self.facilitator else [])]

    @property
    def related(self) -> set[str]:
        return {self.creator, *self.participants}

    @property
    def followers(self) -> set[str]:
        return {self.creator, self.facilitator or self.creator}

    @property
    def last(self) -> Fact:
        return self.facts[-1]

    @property
    def status(self) -> What:
        """The last thing that decided what becomes of the session."""
        deciding = ("create", "start", "reset", "complete", "delete")
        return next(each.what for each in reversed(self.facts) if each.what in deciding)

    @property
    def is_open(self) -> bool:
        return self.status in ("create", "reset")

    def name(self, version: int) -> str:
        return f"{NAME} {self.number}.{version}"


@dataclass(frozen=True)
class Choice:
    """How long before a session somebody wants to be reminded, from some second on."""

    began: float
    done: float
    as_facilitator: frozenset[timedelta]
    as_attendee: frozenset[timedelta]


@dataclass
class History:
    """Everything that people did in a run."""

    usual: frozenset[timedelta]
    """The leads of those who chose nothing."""
    overdue_after: timedelta
    sessions: dict[int, Session] = field(default_factory=dict)
    choices: dict[str, list[Choice]] = field(default_factory=dict)

    def choices_of(self, person: str) -> Sequence[Choice]:
        """List what a person chose, the first being what everybody has."""
        first = Choice(-1.0, -1.0, self.usual, self.usual)
        return [first, *self.choices.get(person, ())]
