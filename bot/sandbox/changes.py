"""What each person sees has a version; whoever watches is woken when it rises."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Watch:
    """One watcher's alarm; it may be rung from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the watcher."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float) -> bool:
        """Wait for a change this long; say whether there was one."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Changes:
    """Versions of what people see, and those who watch."""

    def __init__(self) -> None:
        self._version = 1
        self._seen: dict[str, int] = {}
        self._for_all = 1
        self._watches: dict[str, set[Watch]] = {}
        self.is_closed = False

    def version(self, user_id: str) -> int:
        """Give the version of what this person sees."""
        return max(self._for_all, self._seen.get(user_id, 1))

    def touch(self, user_ids: Iterable[str]) -> None:
        """Note that these people see something new."""
        self._version += 1
        for user_id in user_ids:
            self._seen[user_id] = self._version
            self._ring(user_id)

    def touch_all(self) -> None:
        """Note that everybody sees something new."""
        self._version += 1
        self._for_all = self._version
        for user_id in tuple(self._watches):
            self._ring(user_id)

    def close(self) -> None:
        """Send all watchers home."""
        self.is_closed = True
        self.touch_all()

    @contextmanager
    def watching(self, user_id: str) -> Iterator[Watch]:
        """Watch what this person sees."""
        watch = Watch()
        self._watches.setdefault(user_id, set()).add(watch)
        try:
            yield watch
        finally:
            self._watches[user_id].discard(watch)

    def _ring(self, user_id: str) -> None:
        for watch in tuple(self._watches.get(user_id, ())):
            watch.ring()
