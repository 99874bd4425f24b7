"""One hop from the asynchronous shell to the synchronous core: a bounded pool of threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class TooManyWaiting(Exception):
    """So many functions wait for a thread already that no more are taken."""


class Hop:
    """Runs synchronous functions in a few threads; what finds none free waits its turn.

    A function that has begun runs to its end, even when nobody waits for it any more.
    """

    def __init__(self, *, threads: int = 8, most_in_hand: int | None = None) -> None:
        self._most_in_hand = most_in_hand
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="hop")
        self._in_hand: set[Future[Any]] = set()

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the function in a thread and give what it returns. Raises TooManyWaiting."""
        if self._most_in_hand is not None and len(self._in_hand) >= self._most_in_hand:
            raise TooManyWaiting
        call = partial(copy_context().run, function, *args, **kwargs)
        future: Future[T] = self._pool.submit(call)
        self._in_hand.add(future)
        future.add_done_callback(self._in_hand.discard)
        return await asyncio.wrap_future(future)

    async def drain(self) -> None:
        """Wait until everything that was handed over has run."""
        while waiting := [asyncio.wrap_future(each) for each in tuple(self._in_hand)]:
            done, _ = await asyncio.wait(waiting)
            for each in done:
                each.cancelled() or each.exception()  # whoever asked for it hears of it

    def close(self) -> None:
        """Take nothing more; what runs, ends; what has not begun is dropped."""
        self._pool.shutdown(cancel_futures=True)
