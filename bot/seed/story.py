"""The story that the sandbox starts with: who has which role, and a week of sessions."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


class Ending(enum.Enum):
    """What becomes of a session in the story."""

    COMPLETED = "completed"
    RUNNING = "running"
    FORGOTTEN = "forgotten"
    CANCELLED = "cancelled"
    INVALID = "invalid"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Part:
    """One session of the story.

    Days are working days of the facilitator, counted from today; hours are the facilitator's own.
    Both give way where somebody would not be at work.
    """

    facilitator: str
    attendees: tuple[str, ...]
    name: str
    description: str
    day: int
    hour: float
    minutes: int
    ending: Ending
    organizer: str = ""
    location: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Who takes part: the facilitator, and those who are coached."""
        return (self.facilitator, *self.attendees)


PEOPLE: Sequence[tuple[str, str, str, str]] = (
    ("dana", "Supervisor", "Home", ""),
    ("tomas", "Quality Evaluator", "Home", ""),
    ("grace", "Quality Manager", "Home;Sales", ""),
    ("omar", "Supervisor", "Sales", ""),
    ("alex", "Administrator", "Home;Sales", ""),
    ("priya", "Agent", "Home", "Mon-Fri 13:00-21:00"),
    ("jonas", "Agent", "Home", ""),
    ("mei", "Agent", "Home", "Mon-Fri 06:00-14:00"),
    ("lucia", "Agent", "Home", ""),
    ("sam", "Agent", "Sales", ""),
    ("noor", "Agent", "Sales", ""),
    ("maxi", "Agent", "Sales", "Mon-Fri 14:00-22:00"),
)
"""Handles in the pretend workspace, with roles, divisions and working hours: who is far from the
people that lead them works early or late, so that they meet."""

NOW: Sequence[Part] = tuple(
    Part(
        facilitator,
        (attendee,),
        "Listening back: two calls",
        "What worked in the call about the late parcel.",
        0,
        0,
        45,
        Ending.RUNNING,
    )
    for facilitator, attendee in (
        ("dana", "mei"),
        ("dana", "priya"),
        ("dana", "lucia"),
        ("omar", "sam"),
    )
)
"""What is going on at the moment: the first for which everybody is at work."""

SOON: Sequence[Part] = tuple(
    Part(
        "dana",
        (attendee,),
        "One thing to try this week",
        "Pick one habit from the last review and make a plan.",
        0,
        0,
        30,
        Ending.AHEAD,
    )
    for attendee in ("priya", "lucia")
)
"""What comes next: the one that can begin first."""

EARLIER: Final = Part(
    "dana",
    ("lucia",),
    "Silence on the line",
    "What to say to the customer while a page loads.",
    0,
    10,
    30,
    Ending.COMPLETED,
)
"""What is over already today, or on the last working day."""

STORY: Sequence[Part] = (
    Part(
        "dana",
        ("priya",),
        "Welcome check-in",
        "How the first two weeks went, and what would help most now.",
        -5,
        9,
        30,
        Ending.COMPLETED,
    ),
    Part(
        "omar",
        ("sam", "noor"),
        "Objection handling",
        "Three calls where price came up. Listen together, then try again.",
        -4,
        10,
        45,
        Ending.COMPLETED,
    ),
    Part(
        "tomas",
        ("lucia",),
        "Call opening review",
        "Greeting, verification and setting expectations in the first minute.",
        -3,
        11,
        30,
        Ending.COMPLETED,
        organizer="dana",
    ),
    Part(
        "grace",
        ("maxi",),
        "Quality calibration",
        "Score one call together and compare.",
        -2,
        14,
        60,
        Ending.COMPLETED,
        location="Room Tyne",
    ),
    Part(
        "dana",
        ("jonas",),
        "After-call notes",
        "Shorter notes that the next colleague can use.",
        -1,
        10,
        30,
        Ending.FORGOTTEN,
    ),
    Part(
        "omar",
        ("maxi",),
        "Quarterly goals",
        "Where you stand and what to aim for next.",
        -1,
        15,
        30,
        Ending.CANCELLED,
    ),
    Part(
        "grace",
        ("sam",),
        "Handling a complaint",
        "One call of last week: what went well, and one thing to try.",
        1,
        11,
        30,
        Ending.AHEAD,
        location="Video call",
    ),
    Part(
        "dana",
        ("lucia", "mei"),
        "Knowledge base tour",
        "Finding the right article while the customer is on the line.",
        2,
        9.5,
        45,
        Ending.AHEAD,
    ),
    Part(
        "tomas",
        ("priya",),
        "Empathy statements",
        "Two short role plays.",
        3,
        8,
        30,
        Ending.AHEAD,
        organizer="dana",
    ),
    Part(
        "omar",
        ("noor",),
        "New product line",
        "What changes for existing customers.",
        3,
        16,
        30,
        Ending.INVALID,
    ),
    Part(
        "dana",
        ("priya", "jonas", "lucia"),
        "Team huddle on hold times",
        "Bring one idea each.",
        5,
        9,
        30,
        Ending.AHEAD,
    ),
)
