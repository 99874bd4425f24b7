"""What every use case is given: the store, the clock, the policy, and a bell for the sender."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.coaching.errors import Conflict, Invalid, Unavailable
from bot.coaching.policy import Policy
from storage.errors import ContendedError, OverlapError, UnreachableError, UnstorableError
from storage.transaction import Store, Transaction

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def _nobody_listens() -> None:
    """Stand in for the sender where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The surroundings of a use case; built once by the composition root and passed by hand."""

    store: Store
    clock: Clock = system_clock
    policy: Policy = field(default_factory=Policy)
    wake: Callable[[], None] = _nobody_listens
    """Called after a commit that made promises, so that the sender need not wait for its tick."""

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Open the transaction of a use case that writes. Raises Unavailable, Conflict."""
        with _in_our_words():
            with self.store.begin() as tx:
                yield tx
                promised = tx.deliveries.earliest is not None
            if promised:
                self.wake()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open the transaction of a use case that only reads. Raises Unavailable."""
        with _in_our_words(), self.store.read() as tx:
            yield tx


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (UnreachableError, ContendedError) as error:
        raise Unavailable from error
    except UnstorableError as error:
        raise Invalid(
            "Something in this has a character that can’t be read. Please type it again.",
            code="invalid.value",
        ) from error
    except OverlapError as error:
        raise Conflict(
            "Somebody else just took that time. Please pick another.",
            code="appointment.conflict",
            field="starts_at",
        ) from error
