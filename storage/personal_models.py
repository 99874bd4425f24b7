"""The tables of what people and administrators decide for themselves, and of half-written forms."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, PersonId


class Preferences(Base, kw_only=True):
    """What one person chose; None: as the policy has it."""

    __tablename__ = "preferences"
    person_id: Mapped[PersonId] = mapped_column(primary_key=True)
    hours: Mapped[int | None] = mapped_column(default=None)
    """The hours on the clock in which times are said: 12 or 24."""
    facilitator_leads: Mapped[list[str] | None] = mapped_column(default=None)
    """How long before a session that one facilitates reminders come: `24h`, `1h`, `10m`."""
    attendee_leads: Mapped[list[str] | None] = mapped_column(default=None)
    quiet_hours: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    """`{"from": "20:00", "to": "07:00"}` on one's own clocks; `{}`: never quiet."""
    agenda_at: Mapped[str | None] = mapped_column(String(5), default=None)
    """When the agenda of the day comes, `08:00` on one's own clocks; None: it does not."""
    weekly_digest: Mapped[bool | None] = mapped_column(default=None)
    """Whether the week's overdue sessions are summed up for somebody who leads others."""


class Draft(Base, kw_only=True):
    """A form that somebody began and has not sent."""

    __tablename__ = "drafts"
    person_id: Mapped[PersonId] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(36), primary_key=True)
    """The appointment's id; `new` for one that is not scheduled yet."""
    typed: Mapped[dict[str, Any]]
    began_with: Mapped[dict[str, Any]]
    """What the form held when it was begun: what differs from it was typed."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class PolicyValue(Base, kw_only=True):
    """A decision that an administrator made differently from the installation's settings."""

    __tablename__ = "policies"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]]
    """`{"value": …}`, so that any kind of value can be kept."""


class Plan(Base, kw_only=True):
    """What is still to be planned anew: for one person, or for everybody by another policy."""

    __tablename__ = "plans"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]]
    """How far it is done, and by what."""
