"""A pretend network at the edge, and rows to be delivered over it."""

import asyncio
import enum
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import delete, event, update

from bot.coaching.ground.context import Context
from bot.coaching.ground.values import Announcement, Card
from bot.coaching.promises.recognising import describe
from bot.delivery.backoff import BackOff
from bot.delivery.outcomes import (
    Finding,
    GiveUp,
    Missing,
    Outcome,
    Scope,
    Sent,
    TryLater,
    Unreadable,
    Unsure,
)
from bot.delivery.pacing import Pace
from bot.delivery.sender import Sender
from bot.delivery.settings import Settings
from bot.delivery.ticking import ticks
from storage import models, records
from storage.transaction import Store, Transaction
from storage.types import ActionType, DeliveryState, Status
from tests.conftest import FrozenClock

R = TypeVar("R")
Ts = TypeVarTuple("Ts")
UNHURRIED = Pace(per_channel=timedelta(0), per_workspace=timedelta(0))


class Fate(enum.Enum):
    """What becomes of one try."""

    ARRIVES = enum.auto()
    REFUSED = enum.auto()
    CHANNEL_LIMIT = enum.auto()
    WORKSPACE_LIMIT = enum.auto()
    LOST_BEFORE = enum.auto()
    LOST_AFTER = enum.auto()
    BREAKS_BEFORE = enum.auto()
    BREAKS_AFTER = enum.auto()
    HANGS_BEFORE = enum.auto()
    HANGS_AFTER = enum.auto()
    HANGS_REFUSED = enum.auto()
    UNREACHABLE = enum.auto()

    @property
    def arrives(self) -> bool:
        return self in {Fate.ARRIVES, Fate.LOST_AFTER, Fate.BREAKS_AFTER, Fate.HANGS_AFTER}


@dataclass(frozen=True)
class Post:
    """A message that is there."""

    delivery_id: int
    reader_id: str
    revision: int
    ts: str
    mark: str
    promise: str


@dataclass
class Network:
    """What people see; shared by all senders."""

    posts: list[Post] = field(default_factory=list)
    shown: dict[str, Announcement] = field(default_factory=dict)
    """What each message says now."""
    withdrawn: list[str] = field(default_factory=list)
    """The messages that tell nothing more."""
    given_up: set[int] = field(default_factory=set)
    is_readable: bool = True
    breaks_lookups: bool = False
    on_post: Callable[[Post], None] = lambda _: None

    def post(self, announcement: Announcement) -> Post:
        post = Post(
            announcement.delivery_id,
            announcement.reader_id,
            announcement.card.revision,
            f"{len(self.posts)}.0",
            announcement.mark,
            announcement.promise,
        )
        self.on_post(post)
        self.posts.append(post)
        self.shown[post.ts] = announcement
        return post

    def of(self, delivery_id: int) -> list[Post]:
        return [post for post in self.posts if post.delivery_id == delivery_id]

    def carrying(self, announcement: Announcement) -> list[Post]:
        """List the messages that carry the mark, or are about the same promise."""
        mark, promise = announcement.mark, announcement.promise
        return [post for post in self.posts if mark == post.mark or promise == post.promise]

    @property
    def order(self) -> list[int]:
        return [post.delivery_id for post in self.posts]


class Line:
    """One sender's way to the network: a messenger with fates laid out for its tries."""

    def __init__(self, network: Network, fates: Iterable[Fate] = ()) -> None:
        self.network = network
        self.fates = deque(fates)
        self.tries: list[int] = []
        self.updates: list[int] = []
        self.lookups: list[tuple[int, datetime]] = []
        self.stuck = asyncio.Event()
        self.freed = asyncio.Event()

    async def send(self, announcement: Announcement) -> Outcome:
        self.tries.append(announcement.delivery_id)
        fate = self.fates.popleft() if self.fates else Fate.ARRIVES
        await asyncio.sleep(0)
        post = self.network.post(announcement) if fate.arrives else None
        await self._hang(fate)
        if (ended := self._outcome_of(fate, announcement)) is not None:
            return ended
        if post is None:
            raise ConnectionError("broken before")
        return Sent("D1", post.ts)

    def _outcome_of(self, fate: Fate, announcement: Announcement) -> Outcome | None:
        match fate:
            case Fate.REFUSED | Fate.HANGS_REFUSED:
                return TryLater(timedelta(0), "refused")
            case Fate.CHANNEL_LIMIT:
                return TryLater(timedelta(seconds=30), "ratelimited", Scope.CHANNEL)
            case Fate.WORKSPACE_LIMIT:
                return TryLater(timedelta(seconds=30), "ratelimited", Scope.WORKSPACE)
            case Fate.LOST_BEFORE | Fate.LOST_AFTER:
                return Unsure("connection lost")
            case Fate.UNREACHABLE:
                self.network.given_up.add(announcement.delivery_id)
                return GiveUp("account_inactive")
            case Fate.BREAKS_BEFORE | Fate.HANGS_BEFORE:
                raise ConnectionError("broken before")
        return None

    async def update(self, announcement: Announcement, channel: str, message_ts: str) -> Outcome:
        """Put words in the place of a message, with the next of the fates laid out."""
        assert channel == "D1"
        self.updates.append(announcement.delivery_id)
        fate = self.fates.popleft() if self.fates else Fate.ARRIVES
        await asyncio.sleep(0)
        if fate.arrives:
            self.network.shown[message_ts] = announcement
        await self._hang(fate)
        return self._outcome_of(fate, announcement) or Sent(channel, message_ts)

    async def withdraw(self, channel: str, message_ts: str) -> Outcome:
        """Let a message tell nothing more."""
        assert channel == "D1"
        self.network.withdrawn.append(message_ts)
        return Sent(channel, message_ts)

    async def find(self, announcement: Announcement, since: datetime) -> Finding:
        self.lookups.append((announcement.delivery_id, since))
        if self.network.breaks_lookups:
            raise ConnectionError("a secret broken lookup")
        if not self.network.is_readable:
            return Unreadable("missing_scope")
        posts = self.network.carrying(announcement)
        return Sent("D1", posts[0].ts) if posts else Missing()

    async def _hang(self, fate: Fate) -> None:
        if fate.name.startswith("HANGS"):
            self.stuck.set()
            await self.freed.wait()
        if fate is Fate.BREAKS_AFTER:
            raise ConnectionError("broken after")


async def at_once(function: Callable[[*Ts], R], /, *args: *Ts) -> R:
    """Run here and now: what a hop is when there is nothing to be kept waiting."""
    return function(*args)


async def in_a_thread(function: Callable[[*Ts], R], /, *args: *Ts) -> R:
    """Run in a thread, as the bot does."""
    return await asyncio.to_thread(function, *args)


@dataclass
class Office:
    """A store with people and sessions, and what a sender needs there."""

    store: Store
    clock: FrozenClock
    network: Network = field(default_factory=Network)
    people: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.store.begin() as tx:
            division = tx.people.ensure_division("Home")
            for name in ("Ann", "Ben", "Cleo"):
                person = models.Person(name=name, division_id=division)
                tx.people.add(person)
                self.people.append(person.id)

    @property
    def context(self) -> Context:
        return Context(store=self.store, clock=self.clock)

    def schedule(self) -> str:
        """Add a session."""
        now = self.clock()
        appointment = models.Appointment(
            name="Calls",
            description="How they went",
            starts_at=now,
            ends_at=now + timedelta(minutes=30),
            length_minutes=30,
            creator_id=self.people[0],
            created_at=now,
            modified_by=self.people[0],
            modified_at=now,
        )
        with self.store.begin() as tx:
            tx.appointments.add(appointment, [self.people[1]])
        return appointment.id

    def promise(
        self,
        appointment_id: str,
        *,
        person: int = 1,
        after: timedelta = timedelta(0),
        kind: ActionType = ActionType.CREATE,
        occurrence: str = "",
    ) -> int:
        """Owe one person one message."""
        due_at = self.clock() + after
        with self.store.begin() as tx:
            appointment = tx.appointments.the(appointment_id)
            row = models.Delivery(
                kind=kind,
                person_id=self.people[person],
                appointment_id=appointment_id,
                revision=appointment.revision,
                occurrence=occurrence or str(uuid.uuid4()),
                due_at=due_at,
                next_at=due_at,
                created_at=self.clock(),
            )
            tx.deliveries.add([row])
            tx.session.flush()
            return row.id

    def change(self, appointment_id: str, *, still_holds: bool = False) -> None:
        """Raise a session's revision; what was promised is untrue unless it is carried over."""
        with self.store.begin() as tx:
            row = tx.appointments.for_change(appointment_id)
            assert row is not None
            row.revision += 1
            if still_holds:
                before = row.revision - 1
                kept = [e.id for e in tx.deliveries.unsettled(appointment_id, revision=before)]
                tx.deliveries.restamp(kept, revision=row.revision)

    def announce(self, delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
        """Say what is true now, from the rows."""
        with self.store.read() as tx:
            return {each: self._words(tx, each) for each in delivery_ids}

    def sender(self, messenger: Line, **changes: object) -> Sender:
        """Set a sender to work here, unhurried unless told otherwise."""
        parts: dict[str, object] = {"announce": self.announce, "hop": at_once, "ticks": ticks}
        parts["settings"] = settings()
        return Sender(self.context, messenger, **{**parts, **changes})  # type: ignore[arg-type]

    def row(self, delivery_id: int) -> records.Delivery:
        """Read a promise."""
        with self.store.read() as tx:
            found = tx.deliveries.get(delivery_id)
        assert found is not None
        return found

    def lapse(self) -> None:
        """End every lease."""
        self._run(
            update(models.Delivery)
            .where(models.Delivery.state == DeliveryState.SENDING)
            .values(claimed_until=datetime(2020, 1, 1, tzinfo=UTC))
        )

    def end_pauses(self) -> None:
        """Let every pause be over."""
        self._run(delete(models.Pace))

    def _run(self, statement: object) -> None:
        with self.store.begin() as tx:
            tx.session.execute(
                statement,  # type: ignore[call-overload]
                execution_options={"synchronize_session": False},
            )

    def _words(self, tx: Transaction, delivery_id: int) -> Announcement | None:
        row = tx.deliveries.get(delivery_id)
        assert row is not None
        appointment = tx.appointments.the(row.appointment_id or "")
        if appointment.revision != row.revision:
            return None
        return announcement_of(row, appointment)


def settings(**changes: object) -> Settings:
    """The sender's defaults without pacing."""
    return Settings(**{"pace": UNHURRIED, "back_off": BackOff(), **changes})  # type: ignore[arg-type]


def announcement_of(row: records.Delivery, appointment: records.Appointment) -> Announcement:
    """Put a promise into words that are recognised again."""
    card = Card(
        appointment_id=appointment.id,
        revision=appointment.revision,
        name=appointment.name,
        description=appointment.description,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        length_minutes=appointment.length_minutes,
        timezone="UTC",
        when="now",
        status=Status.SCHEDULED,
        status_words="Scheduled",
        is_overdue=False,
        facilitator=None,
        attendees=(),
        organizer="Ann",
        location=None,
        external_links=(),
        conversation_ids=(),
        document_ids=(),
        relationship=None,
        actions=frozenset(),
    )
    return Announcement(
        delivery_id=row.id,
        mark=row.mark,
        promise=describe(row, appointment),
        kind=row.kind,
        slack_user_id="U1",
        slack_channel=None,
        reader_id=row.person_id,
        headline="A secret headline",
        text="A secret text",
        card=card,
        notification_id=None,
        is_read=False,
    )


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Listen to what is asked of the database."""
    heard: list[tuple[str, Any]] = []

    def hear(
        _connection: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        heard.append((statement, parameters))

    event.listen(store.database.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(store.database.engine, "before_cursor_execute", hear)
