"""A bell that wakes the sender, rung from any thread."""

import asyncio
from contextlib import suppress


class Bell:
    """Rung by whoever made a promise; made before the event loop that listens to it runs."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self) -> None:
        """Be heard in the event loop that is running."""
        self._loop = asyncio.get_running_loop()

    def detach(self) -> None:
        """Be heard no more."""
        self._loop = None

    def ring(self) -> None:
        """Wake the sender; without one nothing happens. Callable from any thread."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed meanwhile: nobody is there to wake
                loop.call_soon_threadsafe(self._rung.set)

    def hush(self) -> None:
        """Forget what was rung so far."""
        self._rung.clear()

    async def heard(self) -> None:
        """Wait until it is rung."""
        await self._rung.wait()
