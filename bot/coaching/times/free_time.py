"""Arithmetic of time as half-open spans of whole minutes: pure functions of sorted lists.

A list of spans is sorted, and its spans neither overlap nor touch.
"""

from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]
STEP = 15
"""Minutes between the moments at which a slot may begin."""


def merged(spans: Iterable[Span]) -> list[Span]:
    """Put spans in order and join those that overlap or touch; empty ones are dropped."""
    found: list[Span] = []
    for start, end in sorted(each for each in spans if each[0] < each[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """Keep the time that lies in both lists."""
    found: list[Span] = []
    here, there = 0, 0
    while here < len(first) and there < len(second):
        start = max(first[here][0], second[there][0])
        end = min(first[here][1], second[there][1])
        if start < end:
            found.append((start, end))
        if first[here][1] < second[there][1]:
            here += 1
        else:
            there += 1
    return found


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """Take time away."""
    if not spans:
        return []
    first, last = spans[0][0], spans[-1][1]
    edges = [first, *(edge for span in taken for edge in span), last]
    gaps = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return common(spans, [each for each in gaps if each[0] < each[1]])


def on_steps(spans: Iterable[Span], step: int = STEP) -> list[Span]:
    """Shrink each span to whole steps; what does not hold one is dropped."""
    found = ((-(-start // step) * step, end // step * step) for start, end in spans)
    return [each for each in found if each[0] < each[1]]


def starts(spans: Iterable[Span], minutes: int, step: int = STEP) -> Iterator[int]:
    """Name the moments on a step at which that many minutes fit into one of the spans."""
    for start, end in on_steps(spans, step):
        yield from range(start, end - minutes + 1, step)
