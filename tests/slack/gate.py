"""A hop with a gate: while it is shut, every use case takes as long as the test likes."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from bot.hop import Hop

P = ParamSpec("P")
T = TypeVar("T")


class GatedHop(Hop):
    """A hop that waits while its gate is shut."""

    def __init__(self) -> None:
        super().__init__(threads=4)
        self._gate = asyncio.Event()
        self._gate.set()
        self._waited_at = asyncio.Event()

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self._waited_at.set()
        await self._gate.wait()
        return await super().__call__(function, *args, **kwargs)

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Shut the gate."""
        self._gate.clear()
        self._waited_at.clear()
        try:
            yield
        finally:
            self._gate.set()

    async def reached(self) -> None:
        """Wait until somebody stands before the gate."""
        await self._waited_at.wait()
