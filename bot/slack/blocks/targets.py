"""What a button is about, packed into the little text that Slack hands back when it is pressed."""

from typing import TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T", bound=Struct)


class Listing(Struct, frozen=True, omit_defaults=True):
    """One page of a list of sessions: which ones, and whose."""

    word: str = ""
    page: int = 1
    user_id: str | None = None
    whose: str = ""
    period: str = ""
    """Days in words; in figures once they are understood, so that they stay what they were."""


class InboxPage(Struct, frozen=True, omit_defaults=True):
    """One page of the inbox."""

    page: int = 1


class Target(Struct, frozen=True, omit_defaults=True):
    """The session and the inbox entry that a button is about, and the page on which it stands."""

    appointment_id: str = ""
    notification_id: str | None = None
    listing: Listing | None = None
    inbox: InboxPage | None = None
    delivery_id: int | None = None
    """The message on which it stands."""
    mark: str | None = None
    """The mark of that message: its number may be another's after a restore."""


def pack(thing: Struct) -> str:
    """Write what a button is about."""
    return msgspec.json.encode(thing).decode()


def unpack(value: str, kind: type[T]) -> T:
    """Read what a button is about. Raises MsgspecError for another bot’s."""
    return msgspec.json.decode(value, type=kind)
