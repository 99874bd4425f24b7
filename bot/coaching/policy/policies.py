"""The decisions that an organisation may make differently, with their defaults."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final

from bot.coaching.policy.quiet_hours import QuietHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """How long before the start a reminder is due, and what it is called in the outbox."""

    name: str
    before: timedelta


NIGHT: Final = QuietHours(time(20), time(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is decided (contract, sections 5 to 7)."""

    max_length_minutes: int = 60
    horizon_days: int = 42
    max_name_length: int = 200
    max_description_length: int = 3000
    max_location_length: int = 500
    max_note_length: int = 4000
    max_attendees: int = 100
    max_attachments: int = 50
    inbox_days: int = 60
    undo_seconds: int = 30
    token_seconds: int = 86_400
    """How long a program's token opens the door."""
    slot_job_days: int = 7
    """How long the answer to a search for slots is kept."""
    attendees_may_note: bool = True
    guests_take_part: bool = False
    """Whether guests of the workspace are members like everybody else."""
    overdue_after: timedelta = timedelta(minutes=15)
    overdue_times: int = 5
    """How often one person is asked about an overdue session, in all."""
    overdue_at: time = time(9)
    """When they are asked again, on their own clocks and days of work."""
    escalate: bool = True
    """Whether somebody above the facilitator is told when asking did not help."""
    digest_at: time = time(9)
    """When the week's overdue sessions are summed up, on Mondays and on one's own clocks."""
    quiet_hours: QuietHours | None = NIGHT
    """When what can wait is not said to those who chose nothing else; None: never quiet."""
    late_reminder: timedelta = timedelta(minutes=5)
    home_division: str = "Home"
    leads: tuple[Lead, ...] = (
        Lead(name="24h", before=timedelta(hours=24)),
        Lead(name="1h", before=timedelta(hours=1)),
        Lead(name="10m", before=timedelta(minutes=10)),
    )

    @property
    def undo_within(self) -> timedelta:
        """For how long a completion can be taken back."""
        return timedelta(seconds=self.undo_seconds)
