"""How to measure on a shared machine: figures side by side, in turns, printed with their ratio."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """What one contender did."""

    per_second: float
    p50_ms: float
    p99_ms: float

    def __str__(self) -> str:
        """Say it in a line."""
        return (
            f"{self.per_second:>9,.0f}/s   p50 {self.p50_ms:>8.2f} ms   p99 {self.p99_ms:>8.2f} ms"
        )


def figures(durations: list[float], elapsed: float) -> Figures:
    """Sum up durations in seconds, over so many seconds in all."""
    ordered = sorted(durations)
    last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return Figures(
        per_second=len(ordered) / elapsed,
        p50_ms=statistics.median(ordered) * 1000,
        p99_ms=last * 1000,
    )


def in_turn(work: Callable[[], object], times: int) -> Figures:
    """Do something again and again, one after the other."""
    durations = []
    began = time.perf_counter()
    for _ in range(times):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return figures(durations, time.perf_counter() - began)


async def at_once(work: Callable[[], Awaitable[object]], *, callers: int, times: int) -> Figures:
    """Let so many callers each do something again and again, until it was done so many times."""
    durations: list[float] = []
    left = iter(range(times))

    async def call() -> None:
        for _ in left:
            start = time.perf_counter()
            await work()
            durations.append(time.perf_counter() - start)

    began = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(callers)))
    return figures(durations, time.perf_counter() - began)


def compare(title: str, ours: tuple[str, Figures], other: tuple[str, Figures]) -> None:
    """Print two contenders and how ours stands to the other."""
    ratio = ours[1].per_second / other[1].per_second
    print(f"\n{title}")
    for name, found in (ours, other):
        print(f"  {name:<34} {found}")
    print(f"  ratio of throughput, ours to the other: {ratio:.2f}")
