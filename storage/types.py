"""The column types and the enumerations: what a stored word or instant may be."""

import enum
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Interval, String, TypeDecorator
from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Status(enum.StrEnum):
    """Where an appointment stands (contract, section 6)."""

    SCHEDULED = "Scheduled"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    INVALID_SCHEDULE = "InvalidSchedule"


class AccessType(enum.StrEnum):
    """Who may read a note (contract, section 2)."""

    PUBLIC = "Public"
    PRIVATE = "Private"


class ActionType(enum.StrEnum):
    """What happened to an appointment (contract, sections 2 and 7)."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"
    STATUS_CHANGE = "StatusChange"
    ANNOTATION_ADDED = "AnnotationAdded"
    ANNOTATION_EDITED = "AnnotationEdited"
    ANNOTATION_DELETED = "AnnotationDeleted"
    REMINDER = "Reminder"
    OVERDUE = "Overdue"
    AGENDA = "Agenda"
    """A person's sessions of a day; about no single one, so never an inbox entry."""
    DIGEST = "Digest"
    """What is overdue among those whom a person leads; never an inbox entry either."""
    UNREACHABLE = "Unreachable"
    """Somebody else could not be reached, and is to be told by this one; never an entry either."""


ABOUT_NOTES = frozenset(
    {ActionType.ANNOTATION_ADDED, ActionType.ANNOTATION_EDITED, ActionType.ANNOTATION_DELETED}
)
"""What tells of a note, and so is only for those who may read it."""


class Relationship(enum.StrEnum):
    """What a person is to an appointment."""

    FACILITATOR = "Facilitator"
    ATTENDEE = "Attendee"
    CREATOR = "Creator"


class Standing(enum.StrEnum):
    """Whether an account in the workspace is somebody who can be coached."""

    MEMBER = "Member"
    BOT = "Bot"
    EXTERNAL = "External"
    GUEST = "Guest"
    """A guest of the workspace, where guests take no part in coaching."""
    DEACTIVATED = "Deactivated"


class DeliveryState(enum.StrEnum):
    """How far a promise to put a message in front of a person has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    STALE = "stale"
    FAILED = "failed"


class Source(enum.StrEnum):
    """The front end through which somebody acted."""

    SLACK = "slack"
    REST = "rest"
    COMMAND_LINE = "cli"
    SYSTEM = "system"


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz` on PostgreSQL, whole microseconds since 1970 on SQLite.

    Raises ValueError for a datetime without a zone.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(DateTime(timezone=True) if postgres else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an aware datetime into what the database holds."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a stored instant needs a zone")
        return value if dialect.name == "postgresql" else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn what the database holds into an aware datetime in UTC."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            moment: datetime = value.astimezone(UTC)
            return moment
        return EPOCH + timedelta(microseconds=value)


class Span(TypeDecorator[timedelta]):
    """A length of time: `interval` on PostgreSQL, whole microseconds on SQLite."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(Interval() if postgres else BigInteger())

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> Any:
        """Turn a length of time into what the database counts in."""
        if value is None or dialect.name == "postgresql":
            return value
        return value // MICROSECOND


class Word(TypeDecorator[Any]):
    """A member of a string enumeration, stored as its value."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[enum.StrEnum]) -> None:
        super().__init__(32)
        self.words = words
        # Looked up for each row that is read: the class itself takes its time over it.
        self._members = {each.value: each for each in words}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Store the value; refuse (ValueError) a word outside the enumeration."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read the member back."""
        return None if value is None else self._members[value]


def microseconds(moment: datetime) -> int:
    """Count the microseconds from 1970 to an aware moment."""
    return (moment - EPOCH) // MICROSECOND
