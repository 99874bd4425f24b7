"""A record of what the bot called and what it was answered, for tests and for the curious."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.shapes import Json

KEPT = 5_000


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call of the Web API and its answer; no answer where the connection was cut."""

    method: str
    arguments: Mapping[str, object]
    answer: Json | None
    called_at: datetime

    @property
    def is_refused(self) -> bool:
        """Whether Slack said no."""
        return self.answer is not None and not self.answer.get("ok")


class CallLog:
    """The last calls, the oldest first."""

    def __init__(self) -> None:
        self._records: deque[CallRecord] = deque(maxlen=KEPT)

    def add(self, record: CallRecord) -> None:
        """Keep a record."""
        self._records.append(record)

    def to(self, method: str) -> list[CallRecord]:
        """List the calls of one method."""
        return [record for record in self._records if record.method == method]

    def all(self) -> list[CallRecord]:
        """List all calls."""
        return list(self._records)

    def refused(self) -> list[CallRecord]:
        """List the calls that Slack said no to."""
        return [record for record in self._records if record.is_refused]

    def clear(self) -> None:
        """Forget all calls."""
        self._records.clear()
