"""Conversations and what was said in them; a message's ts is unique there, and rising."""

import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from bot.sandbox.cast import Person
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.files import File
from bot.sandbox.limits import words_of
from bot.sandbox.people import Directory
from bot.sandbox.shapes import Json

GENERAL = "C0GENERAL"
MICROSECONDS = 1_000_000
EARLIER_MOST = 100
"""How many earlier versions of a message or view are kept, for presses that are on their way."""


Earlier = deque[Sequence[Json]]
"""What something showed before it was shown anew, the oldest first."""


def nothing_earlier() -> Earlier:
    """Begin to remember what something showed."""
    return deque(maxlen=EARLIER_MOST)


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says."""

    text: str = ""
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    files: tuple[File, ...] = ()


@dataclass(slots=True)
class Message:
    """Something said, by whom, and for whose eyes if not for all."""

    ts: str
    user_id: str
    content: Content
    only_for: str | None = None
    thread_ts: str | None = None
    edited_ts: str | None = None
    earlier: Earlier = field(default_factory=nothing_earlier)

    @property
    def text(self) -> str:
        """The words for notifications and screen readers."""
        return self.content.text

    @property
    def blocks(self) -> tuple[Json, ...]:
        """What is shown."""
        return self.content.blocks

    @property
    def files(self) -> tuple[File, ...]:
        """What hangs on it."""
        return self.content.files

    @property
    def metadata(self) -> Json | None:
        """What only programs see."""
        return self.content.metadata

    @property
    def words(self) -> str:
        """Everything a reader could read, the text first."""
        return "\n".join((self.text, *words_of(list(self.blocks))))

    @property
    def sent_at(self) -> datetime:
        """When it was said."""
        seconds, fraction = self.ts.split(".")
        return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(fraction))

    def is_seen_by(self, user_id: str) -> bool:
        """Whether this person sees the message at all."""
        return self.only_for in (None, user_id)


@dataclass(slots=True)
class Conversation:
    """A direct message between a person and the app, or a channel."""

    id: str
    kind: Literal["im", "channel"]
    name: str
    person_id: str | None = None
    is_bot_member: bool = True
    messages: list[Message] = field(default_factory=list)
    last_microsecond: int = 0
    read_ts: dict[str, str] = field(default_factory=dict)

    def get_message(self, ts: str) -> Message | None:
        """Give the message with this ts, if it is still there."""
        return next((message for message in self.messages if message.ts == ts), None)

    def seen_by(self, user_id: str) -> list[Message]:
        """List what this person sees here, oldest first."""
        return [message for message in self.messages if message.is_seen_by(user_id)]

    def unread(self, user_id: str) -> int:
        """Count what others said to this person since they last looked."""
        read = self.read_ts.get(user_id, "")
        return sum(m.ts > read and m.user_id != user_id for m in self.seen_by(user_id))


class Conversations:
    """Every person's direct messages with the app, and the channel #general."""

    def __init__(self, directory: Directory, clock: SandboxClock) -> None:
        self._clock = clock
        self._directory = directory
        general = Conversation(GENERAL, "channel", "general", is_bot_member=False)
        self._by_id = {general.id: general}
        for person in directory.all():
            self.open_for(person)

    def __iter__(self) -> Iterator[Conversation]:
        return iter(self._by_id.values())

    def open_for(self, person: Person) -> None:
        """Make the direct message of a person, if they can have one and it is not there."""
        place = im_id(person.id)
        if not person.is_bot and place not in self._by_id:
            self._by_id[place] = Conversation(place, "im", person.handle, person.id)

    def of_person(self, user_id: str) -> list[Conversation]:
        """List the conversations in which this person is."""
        return [c for c in self._by_id.values() if c.person_id in (None, user_id)]

    def im_of(self, user_id: str) -> Conversation:
        """Give a person's direct message with the app."""
        return self.find(im_id(user_id))

    def get(self, channel_id: str) -> Conversation | None:
        """Give the conversation with this id, if there is one."""
        return self._by_id.get(channel_id)

    def find(self, channel_id: str) -> Conversation:
        """Give the conversation with this id, or refuse as Slack does."""
        conversation = self._by_id.get(channel_id)
        if conversation is None:
            raise SlackRefusal("channel_not_found")
        return conversation

    def find_reachable(self, channel_or_user: str) -> Conversation:
        """Give the conversation with this id, or a person's direct message."""
        if self._directory.get(channel_or_user):
            return self.find(im_id(channel_or_user))
        return self.find(channel_or_user)

    def post(
        self,
        conversation: Conversation,
        user_id: str,
        content: Content,
        *,
        only_for: str | None = None,
        thread_ts: str | None = None,
    ) -> Message:
        """Say something in a conversation, now."""
        ts = self._next_ts(conversation)
        message = Message(ts, user_id, named(content), only_for, thread_ts)
        conversation.messages.append(message)
        return message

    def edit(self, message: Message, content: Content) -> None:
        """Replace what a message says."""
        message.earlier.append(message.blocks)
        message.content = named(content)
        message.edited_ts = f"{int(self._clock.now().timestamp())}.000000"

    def _next_ts(self, conversation: Conversation) -> str:
        now = microseconds(self._clock.now())
        conversation.last_microsecond = max(now, conversation.last_microsecond + 1)
        return ts_of(conversation.last_microsecond)


def im_id(user_id: str) -> str:
    """Name a person's direct message with the app."""
    return f"D{user_id[1:]}"


def microseconds(instant: datetime) -> int:
    """Count microseconds since 1970."""
    since = instant - datetime.fromtimestamp(0, UTC)
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds


def ts_of(count: int) -> str:
    """Write microseconds since 1970 as Slack writes a message's ts."""
    return f"{count // MICROSECONDS}.{count % MICROSECONDS:06d}"


def named(content: Content) -> Content:
    """Give names to the blocks and elements that came without."""
    return replace(content, blocks=tuple(with_ids(list(content.blocks))))


def with_ids(blocks: list[Json]) -> list[Json]:
    """Give each block a block_id and each interactive element an action_id, as Slack does."""
    return [_with_id(block) for block in blocks]


def _with_id(block: Json) -> Json:
    done = {**block, "block_id": block.get("block_id") or _short_id()}
    for place in ("accessory", "element"):
        if isinstance(done.get(place), dict):
            done[place] = _with_action_id(done[place])
    if done.get("type") == "actions":
        done["elements"] = [_with_action_id(element) for element in done["elements"]]
    return done


def _with_action_id(element: Json) -> Json:
    if element.get("type") == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": _short_id()}


def _short_id() -> str:
    return secrets.token_urlsafe(4)
