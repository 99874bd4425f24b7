"""What happens while promises are kept, told to whoever watches: to count it, or as signs of life.

Whoever watches is called from the event loop or from a thread, must be quick and must not fail.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery.outcomes import Finding, Outcome
from storage.records import Delivery


@dataclass(frozen=True, slots=True)
class Looked:
    """The outbox was seen."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The database said that it cannot be used now, or nobody answered at its address.

    Whoever hears that lives, and another start would change nothing.
    """


@dataclass(frozen=True, slots=True)
class Tried:
    """One try to keep a promise ended, and how that is written down."""

    delivery: Delivery
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Retired:
    """Promises were found to be no longer true."""

    count: int
    by_revision: bool
    """Whether a later change to the session alone decided it, at the claim."""


@dataclass(frozen=True, slots=True)
class Exhausted:
    """A promise was tried often enough, and is given up."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Reconciled:
    """It was found out what became of a message whose sender was lost."""

    delivery: Delivery
    finding: Finding


@dataclass(frozen=True, slots=True)
class Refreshed:
    """One try to show a message anew ended."""

    delivery: Delivery
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Doubted:
    """The database may have been set back; so many promises are looked for before they are sent."""

    count: int


Event = Looked | Unanswered | Tried | Retired | Exhausted | Reconciled | Refreshed | Doubted
Watch = Callable[[Event], None]


def unwatched(_event: Event) -> None:
    """Nobody watches."""


def together(*watches: Watch) -> Watch:
    """Tell all of them."""

    def tell(event: Event) -> None:
        for each in watches:
            each(event)

    return tell
