"""How far long work has come: one line on standard error, while a person is looking."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

EVERY: Final = 20
"""So many steps are done between two looks."""


@contextmanager
def counted(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """Give what is told how many steps are done; nothing is left of the line at the end."""
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield lambda _: None
        return

    def tell(done: int) -> None:
        if done % EVERY == 0 or done == total:
            stream.write(f"\r{done:,} of {total:,} {what}")
            stream.flush()

    try:
        tell(0)
        yield tell
    finally:
        stream.write("\r" + " " * (len(f"{total:,}") * 2 + len(what) + 5) + "\r")
        stream.flush()
