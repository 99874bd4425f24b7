"""What every use case is given: the store, the clock, the policy, and a bell for the sender."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.coaching.ground.errors import Conflict, Invalid, Unavailable
from bot.coaching.policy.book import SHIPPED, PolicyBook
from bot.coaching.policy.policies import Policy
from storage.errors import ContendedError, OverlapError, UnreachableError, UnstorableError
from storage.transaction import Store, Transaction

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def _always() -> bool:
    """Say that the clock is right, where nobody compares it."""
    return True


def _nobody_listens() -> None:
    """Stand in for the sender where there is none."""


class _InForce:
    """The policy of a context: made of the defaults given to it, read as its book has it now."""

    def __get__(self, context: "Context | None", owner: object = None) -> Policy:
        return SHIPPED if context is None else context.book.in_force

    def __set__(self, context: "Context", policy: Policy) -> None:
        # A context made from another by `replace` shares its book, unless the policy is another.
        if policy is not context.book.in_force:
            object.__setattr__(context, "book", PolicyBook(policy))


@dataclass(frozen=True, kw_only=True)
class Context:
    """The surroundings of a use case; built once by the composition root and passed by hand."""

    store: Store
    clock: Clock = system_clock
    is_sure: Callable[[], bool] = _always
    """Whether it can be judged by the clock what is too late: it may have been set just now."""
    book: PolicyBook = field(default_factory=PolicyBook)
    """What the policy is read from; built from the policy that is given."""
    policy: _InForce = _InForce()
    wake: Callable[[], None] = _nobody_listens
    """Called after a commit that gave the sender work, so that it need not wait for its tick."""

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Open the transaction of a use case that writes. Raises Unavailable, Conflict."""
        with _in_our_words():
            with self.store.begin() as tx:
                yield tx
                promised = tx.deliveries.earliest is not None or tx.deliveries.outdated
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
    except UnreachableError as error:
        raise Unavailable(error.failure.code) from error
    except ContendedError as error:
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
