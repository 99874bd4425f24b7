"""What a person can ask for, and what can come of it, in words that belong to no front end."""

from dataclasses import dataclass
from datetime import timedelta

from bot.coaching import AccessType, CoachingError, Status

TOMORROW = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Schedule a session; people are named by their names."""

    attendees: tuple[str, ...] = ("Priya",)
    facilitator: str | None = None
    name: str = "Call review"
    description: str = "Two calls from last week"
    starts_in: timedelta = TOMORROW
    length: int = 30
    location: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class Become:
    """Start or complete the session of this name."""

    about: str
    status: Status


@dataclass(frozen=True)
class MarkAsRead:
    """Mark what somebody was told of a session as read."""

    about: str
    whose: str


@dataclass(frozen=True)
class ListOwn:
    """List the sessions that one takes part in, the latest first."""


@dataclass(frozen=True)
class Find:
    """Look at one session."""

    about: str


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Change what is named of a session; what is None stays."""

    about: str = "Weekly"
    name: str | None = None
    description: str | None = None
    location: str | None = None
    starts_in: timedelta | None = None
    length: int | None = None
    link: str | None = None
    conversation: str | None = None
    document: str | None = None


@dataclass(frozen=True)
class Delete:
    """Delete a session."""

    about: str


@dataclass(frozen=True)
class ListOf:
    """List the sessions of somebody, the latest first."""

    whose: str


@dataclass(frozen=True)
class Count:
    """Count the sessions of somebody that start in the next ten days."""

    whose: str


@dataclass(frozen=True)
class AddNote:
    """Write a note on a session."""

    about: str
    text: str
    access_type: AccessType


@dataclass(frozen=True)
class EditNote:
    """Write the first note of a session anew."""

    about: str
    text: str


@dataclass(frozen=True)
class RemoveNote:
    """Remove the first note of a session."""

    about: str


@dataclass(frozen=True)
class History:
    """Read every status that a session has had, the oldest first."""

    about: str


@dataclass(frozen=True)
class FreeTime:
    """Find the first times of this week at which somebody is free."""

    whose: str


@dataclass(frozen=True)
class Undo:
    """Take back the completion of a session."""

    about: str


Request = (
    Schedule
    | Become
    | MarkAsRead
    | ListOwn
    | ListOf
    | Count
    | Find
    | Edit
    | Delete
    | AddNote
    | EditNote
    | RemoveNote
    | History
    | FreeTime
    | Undo
)
LOOKS = ListOwn | ListOf | Count | Find | History | FreeTime


@dataclass(frozen=True)
class Done:
    """It was done, or shown: the names of sessions, in order."""

    shows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """It was refused, in this sentence, and nothing was changed."""

    kind: type[CoachingError]
    code: str
    field: str | None
    sentence: str
    concealed: str | None = None
    """What is said in Slack instead, where the person must not learn that the thing exists."""


@dataclass(frozen=True)
class Nowhere:
    """A front end does not have it, and why."""

    because: str


Outcome = Done | Refused


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session that is there before the request is made."""

    name: str
    by: str
    attendees: tuple[str, ...] = ("Priya",)
    facilitator: str | None = None
    starts_in: timedelta = TOMORROW
    length: int = 30
    status: Status = Status.SCHEDULED
    is_deleted: bool = False
    note: str | None = None
    note_type: AccessType = AccessType.PUBLIC


@dataclass(frozen=True)
class Line:
    """One line of the table: who asks for what, with what there, and what comes of it."""

    says: str
    by: str
    request: Request
    outcome: Outcome
    given: tuple[Session, ...] = ()
    in_slack: Outcome | Nowhere | None = None
    """What comes of it in Slack, where that is something else; None for the same."""

    @property
    def name(self) -> str:
        """What the line is called in a report."""
        return f"{type(self.request).__name__}: {self.says}"

    @property
    def writes(self) -> bool:
        """Whether rows must change."""
        return isinstance(self.outcome, Done) and not isinstance(self.request, LOOKS)
