"""The tables of the outbox: what was promised to whom, and how fast messages may leave."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Number, PersonId, new_id
from storage.types import ActionType, DeliveryState


class Delivery(Base, kw_only=True):
    """The promise to put one message in front of one person."""

    __tablename__ = "deliveries"
    id: Mapped[Number] = mapped_column(init=False)
    kind: Mapped[ActionType]
    person_id: Mapped[PersonId]
    appointment_id: Mapped[str | None] = mapped_column(ForeignKey("appointments.id"))
    """None for what is about a day or a week and not about one session: an agenda, a digest."""
    revision: Mapped[int]
    occurrence: Mapped[str] = mapped_column(String(64))
    """Tells apart promises of one kind about one revision: `24h`, `1h`, `10m` for reminders."""
    due_at: Mapped[datetime]
    """The moment promised."""
    next_at: Mapped[datetime]
    """The moment of the next try; later than promised after a failure."""
    created_at: Mapped[datetime]
    mark: Mapped[str] = mapped_column(String(64), default_factory=new_id)
    """Stands on the message; random, because numbers come again when a database is restored."""
    sought_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the conversation was last searched for the message, and it was not there."""
    notification_id: Mapped[str | None] = mapped_column(
        ForeignKey("notifications.id"), index=True, default=None
    )
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(String(36), default=None)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    claimed_until: Mapped[datetime | None] = mapped_column(default=None)
    channel: Mapped[str | None] = mapped_column(String(32), default=None)
    message_ts: Mapped[str | None] = mapped_column(String(32), default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    told_starts_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the session was to start according to the message as it was first sent."""
    refresh_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the message that was sent is to be shown anew; None: it says what is true."""

    __table_args__ = (
        UniqueConstraint(
            "appointment_id",
            "revision",
            "kind",
            "person_id",
            "occurrence",
            name="uq_deliveries_promise",
        ),
        Index(
            "ix_deliveries_general_promise",
            "kind",
            "person_id",
            "occurrence",
            unique=True,
            sqlite_where=text("appointment_id IS NULL"),
            postgresql_where=text("appointment_id IS NULL"),
        ),
        Index(
            "ix_deliveries_refresh_at",
            "refresh_at",
            sqlite_where=text("refresh_at IS NOT NULL"),
            postgresql_where=text("refresh_at IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_next_at",
            "next_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_deliveries_claimed_until",
            "claimed_until",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
    )


class Timeline(Base, kw_only=True):
    """Which database this is, as it was when something was last claimed; one row.

    What is found otherwise later was set back to an earlier moment, or may have been.
    """

    __tablename__ = "timelines"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    server: Mapped[str] = mapped_column(Text)
    """The server's start and the database in it, or the file."""
    written_in: Mapped[str] = mapped_column(String(32))
    """The number of the transaction that wrote this row; a copied row was written in another."""
    counter: Mapped[int] = mapped_column(BigInteger)
    doubted_until: Mapped[datetime | None] = mapped_column(default=None)
    """What was due by then is searched for in its conversation before it is sent."""


class Pace(Base, kw_only=True):
    """When the next message may leave for a channel or the workspace; shared by all senders."""

    __tablename__ = "paces"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    free_at: Mapped[datetime]
    written_at: Mapped[datetime]
    """When that was written: it lies no further ahead of the clock than it did then."""
