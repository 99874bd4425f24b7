"""What a run came to, in the words in which it is printed."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.chaos.run import Outcome, Scene
from tests.chaos.verdict import Verdict

MOST_SHOWN = 20
COUNTS = ("done", "refused")


def written(outcome: Outcome) -> str:
    """Write the figures of a run, and what is behind those that should be nothing."""
    return "\n".join(_lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    scene, verdict = outcome.scene, outcome.verdict
    replicas = f"{scene.plan.replicas} replicas"
    yield f"seed {scene.plan.seed}: {outcome.deliveries:,} deliveries by {replicas}"
    yield from _events(scene)
    yield (
        f"  lost {len(verdict.lost)}, doubled {len(verdict.doubled)}, "
        f"stale {len(verdict.stale)}, sent in doubt {outcome.logged('unreadable:')}"
    )
    yield (
        f"  taken over {outcome.logged('event=TakenOver')}: "
        f"found {outcome.logged('found=Sent')}, missing {outcome.logged('found=Missing')}, "
        f"not readable then {outcome.logged('found=Unreadable')}"
    )
    yield (
        f"  overtaken by a change {verdict.overtaken} "
        f"(longest wait {verdict.longest_overtaken:.1f} s), superseded {verdict.superseded}, "
        f"too late {verdict.too_late}, "
        f"on their way during a change {verdict.in_hand} "
        f"(longest {verdict.longest_in_hand:.2f} s)"
    )
    yield from _lateness(verdict)
    calm = "never" if outcome.calm_for is None else f"after {outcome.calm_for:.0f} s"
    yield f"  calm came {calm}, complaints {outcome.complaints[:3] or 'none'}"
    for name in ("lost", "doubled", "stale"):
        for each in getattr(verdict, name)[:MOST_SHOWN]:
            yield f"{name}: {each}"


def _events(scene: Scene) -> Iterator[str]:
    acts, refused = (sum(getattr(each, name) for each in scene.lanes) for name in COUNTS)
    yield (
        f"  acts {acts:,} (and {refused:,} refused), forms {scene.forms.sent:,} "
        f"({sum(each.by_form for each in scene.history.sessions.values()):,} made), "
        f"told twice {scene.sandbox.wire.twice:,}, "
        f"by signed request {scene.sandbox.wire.posted:,}{scene.plan.kind.told(scene.history)}"
    )
    happened = sorted(scene.troubles.happened.items())
    yield "  " + ", ".join(f"{name} {count}" for name, count in happened)
    yield f"  calls refused by settings that forbade them: {scene.troubles.refused}"
    ends: Counter[str] = sum((each.ends for each in scene.pack.members), Counter())
    yield "  ends of replicas: " + ", ".join(f"{name} {n}" for name, n in sorted(ends.items()))
    left = [one for each in scene.pack.members for one in each.left_in]
    yield f"  told to leave and left: {len(left)}, slowest {max(left, default=0):.1f} s"


def _lateness(verdict: Verdict) -> Iterator[str]:
    every = [each for late in verdict.lateness.values() for each in late]
    for kind, late in [*sorted(verdict.lateness.items()), ("all", every)]:
        yield f"  late {kind:16} n {len(late):6,}  {quantiles(late)}"


def quantiles(late: Sequence[float]) -> str:
    """Say how late things were: half, nearly all, all."""
    if not late:
        return "nothing"
    found = sorted(late)
    middle, most = found[len(found) // 2], found[min(len(found) - 1, len(found) * 99 // 100)]
    return f"p50 {middle:.2f} s, p99 {most:.2f} s, max {found[-1]:.2f} s"
