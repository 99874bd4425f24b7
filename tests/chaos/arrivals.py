"""What reached people: every message with a delivery's mark, as it stood when it came."""

import asyncio
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import select

from bot.sandbox import Message, Sandbox
from storage import models
from storage.records import Delivery
from storage.transaction import Store, Transaction
from tests.chaos.clock import ChaosClock
from tests.chaos.history import NAME

LOOK_S = 0.01
TOKEN = re.compile(rf"{NAME} (\d+)\.(\d+)\b")
MARK = "coachbot_delivery"
ASKED_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One message that somebody got."""

    second: float
    account: str
    delivery: str
    """The mark of its promise."""
    number: int
    """The session that the words name."""
    version: int | None
    """The name that the words give the session; None where they were changed before we looked."""
    words: str
    kind: str = ""
    occurrence: str = ""

    def __str__(self) -> str:
        name = f"{self.kind or 'unknown'} {self.occurrence} v{self.version}"
        return f"{name} delivery {self.delivery}: {self.words[:90]}"


@dataclass
class Watcher:
    """Looks at everybody's messages so often that none is changed before it was seen."""

    sandbox: Sandbox
    clock: ChaosClock
    people: tuple[str, ...]
    seen: list[Arrival] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    _next: dict[str, int] = field(default_factory=dict)

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Take in what is new."""
        for person in self.people:
            messages = self.sandbox.world.conversations.im_of(person).messages
            for said in messages[self._next.get(person, 0) :]:
                if found := self._read(person, said):
                    self.seen.append(found)
            self._next[person] = len(messages)

    def _read(self, person: str, said: Message) -> Arrival | None:
        metadata = said.metadata or {}
        if metadata.get("event_type") != MARK:
            return None
        named = TOKEN.search(said.words)
        if named is None:
            self.unmarked.append(said.words)
            return None
        return Arrival(
            second=self._second(said.sent_at),
            account=person,
            delivery=metadata["event_payload"]["mark"],
            number=int(named[1]),
            version=int(named[2]) if said.edited_ts is None else None,
            words=said.text,
        )

    def _second(self, sent_at: datetime) -> float:
        ago = (datetime.now(UTC) - sent_at).total_seconds()
        return time.monotonic() - ago - self.clock.origin


def labelled(store: Store, seen: Iterable[Arrival], accounts: Mapping[str, str]) -> list[Arrival]:
    """Say of which kind each message is, as its promise is called; nothing else is believed.

    A message in the wrong hands keeps no label, so that nothing accounts for it.
    """
    seen = list(seen)
    wanted = sorted({each.delivery for each in seen})
    found = {}
    with store.read() as tx:
        for first in range(0, len(wanted), ASKED_AT_ONCE):
            for row in marked(tx, wanted[first : first + ASKED_AT_ONCE]):
                found[row.mark] = row
    return [_labelled(each, found.get(each.delivery), accounts) for each in seen]


def marked(tx: Transaction, marks: Sequence[str]) -> list[Delivery]:
    """Look up the promises whose messages carry these marks."""
    query = select(models.Delivery.id).where(models.Delivery.mark.in_(marks))
    return tx.deliveries.many(list(tx.session.scalars(query)))


def _labelled(seen: Arrival, row: Delivery | None, accounts: Mapping[str, str]) -> Arrival:
    if row is None or accounts.get(row.person_id) != seen.account:
        return seen
    return replace(seen, kind=row.kind.value, occurrence=row.occurrence)
