"""The sandbox's time: the real time moved by an offset that people and tests may change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """Give the real time, in UTC."""
    return datetime.now(UTC)


class SandboxClock:
    """Tell and move the sandbox's time; whoever asked is told of each move."""

    def __init__(self, *, real: Callable[[], datetime] = real_now) -> None:
        self._real = real
        self._offset = timedelta()
        self._listeners: list[Callable[[], None]] = []

    @property
    def offset(self) -> timedelta:
        """How far the sandbox is ahead of the real time."""
        return self._offset

    def now(self) -> datetime:
        """Give the sandbox's time, in UTC."""
        return self._real() + self._offset

    def advance(self, by: timedelta) -> None:
        """Move the time by this much."""
        self._set(self._offset + by)

    def move_to(self, instant: datetime) -> None:
        """Move the time to this instant, which must carry a zone."""
        if instant.tzinfo is None:
            msg = "An instant needs a zone"
            raise ValueError(msg)
        self._set(instant.astimezone(UTC) - self._real())

    def reset(self) -> None:
        """Return to the real time."""
        self._set(timedelta())

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after each move; the answer ends the subscription."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def _set(self, offset: timedelta) -> None:
        self._offset = offset
        for listener in tuple(self._listeners):
            listener()
