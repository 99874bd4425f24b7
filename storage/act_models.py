"""The table of what was heard from Slack, which may bring the same thing to several replicas."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Act(Base, kw_only=True):
    """Something that somebody did in Slack, or that happened there; known by Slack's own word."""

    __tablename__ = "acts"
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)
    held_until: Mapped[datetime | None] = mapped_column(default=None)
    """Until when whoever took it in hand has time for it; None: it is done."""
