"""The tables of people's accounts: their names, former ones, contested addresses, and syncs."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, PersonId
from storage.types import Standing


class AccountName(Base, kw_only=True):
    """A name by which others know somebody, in lower case; several people may share one."""

    __tablename__ = "account_names"
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(primary_key=True, index=True)


class FurtherAccount(Base, kw_only=True):
    """An account of somebody beside the one to which they are written."""

    __tablename__ = "further_accounts"
    slack_user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(index=True)
    standing: Mapped[Standing]
    slack_team_id: Mapped[str] = mapped_column(
        String(32), primary_key=True, default="", server_default=""
    )


class ClaimedAddress(Base, kw_only=True):
    """The address that Slack gives for somebody, while it is somebody else's here."""

    __tablename__ = "claimed_addresses"
    person_id: Mapped[PersonId] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), index=True)


class Sync(Base, kw_only=True):
    """Something that is read from outside from time to time, page by page, by one process."""

    __tablename__ = "syncs"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime]
    """When somebody last looked whether it is due."""
    cursor: Mapped[str] = mapped_column(Text, default="")
    """Where the next page begins; empty before the first."""
    holder: Mapped[str | None] = mapped_column(String(36), default=None)
    held_until: Mapped[datetime | None] = mapped_column(default=None)
    """Until then nobody else may go on; also how long is waited after a failure."""
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
