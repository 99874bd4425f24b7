"""The one hop from the asynchronous shell to synchronous code."""

from collections.abc import Callable
from typing import Protocol, TypeVar, TypeVarTuple

R = TypeVar("R")
Arguments = TypeVarTuple("Arguments")


class Hop(Protocol):
    """Runs a synchronous function in the bounded thread pool and awaits its result."""

    async def __call__(self, function: Callable[[*Arguments], R], /, *args: *Arguments) -> R:
        """Run it."""
        ...
