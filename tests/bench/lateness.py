"""How late messages leave: a notice after its writer, a reminder after its moment.

A hundred reminders are due in the same second, to a messenger without limits; beside the same
sender that only looks at every tick of a second, and beside two job queues on PostgreSQL.
"""

import asyncio
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.coaching.ground.values import Announcement
from bot.delivery.bell import Bell
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.outcomes import Outcome
from bot.delivery.sender import Sender
from bot.hop import Hop
from storage.records import Delivery
from tests.bench import peers
from tests.bench.keeping import WAYS
from tests.bench.places import both_databases
from tests.bench.promising import Nobody, Promises, said_without_looking
from tests.conftest import FrozenClock

NOTICES, REMINDERS, LATER, TIMES = 20, 100, 10_000, 3
SOON = timedelta(seconds=2)
AT_EVERY_TICK = "a plain tick of one second"


class Running(FrozenClock):
    """A clock that runs as the system's does."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Stopwatch(Nobody):
    """A messenger that notes when each message left."""

    left: dict[int, datetime] = field(default_factory=dict)

    async def send(self, announcement: Announcement) -> Outcome:
        """Be done at once, and remember when."""
        self.left[announcement.delivery_id] = datetime.now(UTC)
        return await super().send(announcement)


class Deaf(Bell):
    """A bell that rings at every tick of a second and at nothing else."""

    def ring(self) -> None:
        """Be heard at the tick alone."""

    async def heard(self) -> None:
        """Wait for the next tick."""
        await asyncio.sleep(1)


def run() -> None:
    """Measure and print, on SQLite and on PostgreSQL."""
    with both_databases() as databases:
        for name, address in databases:
            promises = Promises(address, Running(datetime.now(UTC)))
            promises.promise_later(LATER)
            promises.settle_statistics()
            print(f"\nLateness, {name}: {REMINDERS} reminders in the same second; notices")
            for title, bell in (("woken", Bell), (AT_EVERY_TICK, Deaf)):
                found = asyncio.run(_measure(promises, bell))
                for what, late in found.items():
                    print(f"  {what + ', ' + title:<46} {_say(late)}")
            promises.close()
            if name == "PostgreSQL":
                for what, late in peers.lateness(address, count=REMINDERS, ahead=SOON).items():
                    print(f"  {what:<46} {_say(late)}")
    print("  (aim: a notice at most 0.1 s at the median, a reminder at most 0.1 s at p99)")


async def _measure(
    promises: Promises, bell_of: Callable[[], Bell]
) -> dict[str, Sequence[timedelta]]:
    watch, bell, hop = Stopwatch(), bell_of(), Hop(threads=4)
    sender = Sender(promises.context, watch, announce=said_without_looking, hop=hop, settings=WAYS)
    heartbeat = Heartbeat(sender, bell)
    await heartbeat.start()
    await asyncio.sleep(0.2)
    reminders = [each for _ in range(TIMES) for each in await _remind(promises, watch, bell)]
    notices = await _notify(promises, watch, bell)
    await heartbeat.stop()
    hop.close()
    return {"a reminder": reminders, "a notice": notices}


async def _remind(promises: Promises, watch: Stopwatch, bell: Bell) -> Sequence[timedelta]:
    moment = datetime.now(UTC) + SOON
    with noted(promises) as made:
        await asyncio.to_thread(promises.promise_at, moment, REMINDERS)
    bell.ring()
    await _all_left(watch, made)
    return [watch.left[each.id] - each.due_at for each in made]


async def _notify(promises: Promises, watch: Stopwatch, bell: Bell) -> Sequence[timedelta]:
    late = []
    for number in range(NOTICES):
        with noted(promises) as made:
            await asyncio.to_thread(promises.promise_at, datetime.now(UTC), 1)
        committed_at = datetime.now(UTC)
        bell.ring()
        await _all_left(watch, made)
        late.append(watch.left[made[0].id] - committed_at)
        # At no moment in particular, so that the ticks are met at any distance.
        await asyncio.sleep(0.01 + 0.017 * (number % 7))
    return late


@contextmanager
def noted(promises: Promises) -> Iterator[list[Delivery]]:
    """Tell afterwards what was promised in the block."""
    made: list[Delivery] = []
    before = promises.latest_id()
    yield made
    made.extend(promises.since(before))


async def _all_left(watch: Stopwatch, made: Sequence[Delivery]) -> None:
    async with asyncio.timeout(60):
        while not all(each.id in watch.left for each in made):  # noqa: ASYNC110
            await asyncio.sleep(0.002)


def _say(late: Sequence[timedelta]) -> str:
    ordered = sorted(max(each.total_seconds(), 0.0) for each in late)
    last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {statistics.median(ordered):6.3f} s   p99 {last:6.3f} s   max {ordered[-1]:6.3f} s"
