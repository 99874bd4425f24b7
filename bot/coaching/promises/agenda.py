"""What a person sees on coming in: plain frozen values."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.coaching.ground.values import Card, Notice, Page
from storage.teams import Kind as SessionKind


class TeamPeriod(enum.StrEnum):
    """Which sessions of a team are counted, by their start."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    THIS_MONTH = "this_month"
    NEXT_MONTH = "next_month"
    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"
    LAST_90_DAYS = "last_90_days"


PERIOD_WORDS: Mapping[TeamPeriod, str] = MappingProxyType(
    {each: each.value.replace("_", " ").capitalize() for each in TeamPeriod}
)
KIND_WORDS: Mapping[SessionKind, str] = MappingProxyType(
    {each: each.value.replace("_", " ").capitalize() for each in SessionKind}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamQuery:
    """Which part of a team is looked at; None asks nothing.

    With a person, that person's own sessions are shown, and the page is one of theirs.
    """

    person_id: str | None = None
    kind: SessionKind | None = None
    period: TeamPeriod = TeamPeriod.THIS_WEEK
    division_id: str | None = None
    page_number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """One person of a team, and what of theirs starts in the period."""

    person_id: str
    slack_user_id: str | None
    name: str
    next_words: str
    """The next session as people say it: `Next session tomorrow at 3:05 pm`."""
    planned: int
    in_progress: int
    overdue: int
    completed: int

    @property
    def counts_words(self) -> str:
        """Say the counts in a line; only what there is, and each session once where that is known.

        An overdue session is planned or in progress as well, and the counts do not tell which.
        """
        rest = self.planned + self.in_progress - self.overdue
        is_mixed = bool(self.overdue and self.planned and self.in_progress and rest)
        planned, running = self.planned, self.in_progress
        if self.overdue and not is_mixed:
            planned, running = (rest if each else 0 for each in (planned, running))
        counts = {
            "overdue": 0 if is_mixed else self.overdue,
            "in progress": running,
            "planned": planned,
            "completed": self.completed,
        }
        said = [f"{count:,} {word}" for word, count in counts.items() if count]
        if is_mixed:
            said.insert(2, f"{self.overdue:,} of them overdue")
        return " · ".join(said) or "Nothing in this time"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage:
    """A page of the people whom a viewer leads."""

    query: TeamQuery
    """What is shown: as it was asked, as far as it exists."""
    members: Page[TeamMember]
    divisions: Mapping[str, str]
    """The divisions that the viewer may look at, by id."""
    sessions: Page[Card] | None = None
    """The sessions of the one person who was chosen."""
    empty: str | None = None
    """What to say where there is nothing to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What a person should see on coming in."""

    reader_name: str
    unread: int
    notices: tuple[Notice, ...]
    overdue: tuple[Card, ...]
    today: tuple[Card, ...]
    upcoming: tuple[Card, ...]
    more_upcoming: int = 0
    may_schedule: bool = False
    team: TeamPage | None = None
    """For those who lead others."""
    changes_at: datetime | None = None
    """When time alone will make it another, at the earliest."""
