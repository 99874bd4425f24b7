"""The tables for programs: clients that act for people, their tokens, and the jobs they leave."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id, PersonId, new_id


class Client(Base, kw_only=True):
    """A program that acts as one person; its secret is kept as a hash alone."""

    __tablename__ = "clients"
    id: Mapped[Id] = mapped_column(default_factory=new_id)
    name: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[PersonId]
    secret_hash: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)


class Token(Base, kw_only=True):
    """The right of a client to act until a moment, known by the digest of its secret word."""

    __tablename__ = "tokens"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), ForeignKey("clients.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SlotJob(Base, kw_only=True):
    """A search for the best slots that somebody left, with what was found."""

    __tablename__ = "slot_jobs"
    id: Mapped[Id] = mapped_column(default_factory=new_id)
    creator_id: Mapped[PersonId]
    status: Mapped[str] = mapped_column(String(32))
    request: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
