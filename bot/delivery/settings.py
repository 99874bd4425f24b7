"""How the sender goes about its work, with defaults that suit Slack."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.delivery.backoff import BackOff
from bot.delivery.events import Watch, unwatched
from bot.delivery.pacing import Pace


def _fifty_a_minute() -> Pace:
    return Pace(per_channel=timedelta(0), per_workspace=timedelta(seconds=1.2), burst=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Lengths of time and numbers that only the sender needs."""

    lease: timedelta = timedelta(seconds=60)
    """A promise that was claimed and not settled for so long may be taken over."""
    send_timeout: timedelta = timedelta(seconds=10)
    """After so long without an answer nobody knows whether the message is there."""
    margin: timedelta = timedelta(seconds=10)
    """What must be left of a lease after a try that takes as long as it may."""
    longest_wait: timedelta = timedelta(seconds=3)
    """A promise that has to wait longer for its pace is handed back instead of held."""
    unsure_pause: timedelta = timedelta(seconds=5)
    """What a lost request is given to arrive before the person's history is searched for it."""
    unreadable_for: timedelta = timedelta(minutes=10)
    """For so long a history that cannot be read is tried again; then the message is sent once."""
    trusted_for: timedelta = timedelta(milliseconds=500)
    """What was put into words longer ago is looked at once more before it leaves."""
    doubts_start: bool = False
    """Whether what was due before the start is looked for first: where nothing tells a copy."""
    batch: int = 100
    settle_within: timedelta = timedelta(milliseconds=20)
    """For so long it is waited for other tries to end, so that they are written down together."""
    at_once: int = 8
    """So many people are written to at the same time."""
    pace: Pace = field(default_factory=Pace)
    updates: Pace = field(default_factory=_fifty_a_minute)
    """How fast messages that were sent may be shown anew."""
    updates_at_once: int = 5
    """Few, so that showing anew takes no connection from what is due."""
    back_off: BackOff = field(default_factory=BackOff)
    watch: Watch = field(default=unwatched, repr=False, compare=False)
    """Told of everything that happens."""

    def __post_init__(self) -> None:
        """Leave a short lease room to begin: a try and what is left after it are short as well."""
        for name in ("send_timeout", "margin"):
            object.__setattr__(self, name, min(getattr(self, name), self.lease / 4))

    @property
    def latest_start(self) -> timedelta:
        """The age of a claim from which no send may begin any more."""
        return self.lease - self.send_timeout - self.margin
