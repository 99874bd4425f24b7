"""What a run comes to: what was lost, doubled or no longer true when it came, and how late."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.chaos.arrivals import Arrival
from tests.chaos.clock import ChaosClock
from tests.chaos.history import Fact, Session


@dataclass(frozen=True)
class Terms:
    """How sure one can be of what happened when, in seconds of a run."""

    skew: float
    """The most by which a replica's clock was wrong."""
    in_hand: float
    """So long after it was decided on, a message may still be on its way."""
    cut: float
    """What was due by then must have arrived."""
    patience: float = 30.0
    """What comes later than that is no more excused by what happened meanwhile."""


@dataclass
class Verdict:
    """The figures, and what is behind those that should be nothing."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    overtaken: int = 0
    """What was due and did not arrive before it no longer held."""
    longest_overtaken: float = 0.0
    superseded: int = 0
    """Reminders in whose place a later one came."""
    too_late: int = 0
    """Reminders that are on record as held up until they were of no use any more."""
    in_hand: int = 0
    """What was changed while the message that tells the old was on its way."""
    longest_in_hand: float = 0.0
    lateness: dict[str, list[float]] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.stale)

    def came(self, kind: str, late: float) -> None:
        """Note how late something came that was owed."""
        self.lateness.setdefault(kind, []).append(max(late, 0.0))

    def was_overtaken(self, waited: float) -> None:
        """Note that something changed before it was told."""
        self.overtaken += 1
        self.longest_overtaken = max(self.longest_overtaken, waited)


@dataclass(frozen=True)
class Case:
    """One person and one session: everything that was done, and everything that came."""

    session: Session
    person: str
    arrivals: Sequence[Arrival]
    terms: Terms
    clock: ChaosClock
    verdict: Verdict

    def of_kind(self, kind: str) -> list[Arrival]:
        """List what came of a kind, in its order; one that came twice is counted elsewhere."""
        found = {each.delivery: each for each in reversed(self.arrivals) if each.kind == kind}
        return sorted(found.values(), key=lambda each: each.second)

    def tell(self, said: str) -> str:
        """Write the whole history of the case under what is wrong with it."""
        lines = [f"{said} — {self.person}, session {self.session.number}"]
        for second, words in sorted(self._happened()):
            lines.append(f"    {second:9.3f}  {words}")
        return "\n".join(lines)

    def _happened(self) -> list[tuple[float, str]]:
        facts = [(each.done, self._told(each)) for each in self.session.facts]
        return facts + [(each.second, f"  → {each}") for each in self.arrivals]

    def _told(self, fact: Fact) -> str:
        starts = self.clock.second(fact.starts_at)
        return (
            f"{fact.what} by {fact.by} (began {fact.began:.3f}) v{fact.version}, "
            f"starts {starts:.1f}, {fact.minutes} min"
        )
