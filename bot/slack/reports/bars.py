"""Which bars a report has, whoever draws them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import coaching


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar and what stands beside it."""

    label: str
    tally: coaching.Tally
    is_sum: bool = False
    """Many in one: said in words, since a bar of it would dwarf all others."""


def bars_of(
    report: coaching.Report,
    *,
    most: int,
    name: Callable[[coaching.PersonTally, int], str],
    week: Callable[[coaching.Period], str],
) -> Sequence[Bar]:
    """Choose the bars: people where there are several and one week, else weeks; `most` at most.

    `name` and `week` say what stands beside a bar; the number is the person's line of the table.
    """
    if len(report.weeks) == 1 and len(report.people) > 1:
        people = [Bar(name(each, at), each.tally) for at, each in enumerate(report.people, start=1)]
        kept = people if len(people) <= most else people[: most - 1]
        others = people[len(kept) :]
        return [*kept, *_summed(others, f"{len(others)} others")]
    weeks = [Bar(week(each.period), each.tally) for each in report.weeks]
    early = weeks[: len(weeks) - most + 1] if len(weeks) > most else []
    return [*_summed(early, f"{len(early)} weeks\nbefore"), *weeks[len(early) :]]


def _summed(bars: Sequence[Bar], label: str) -> list[Bar]:
    total = sum((each.tally for each in bars), coaching.Tally())
    return [Bar(label, total, is_sum=True)] if bars else []
