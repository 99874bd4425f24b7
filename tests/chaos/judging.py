"""The comparison of what people did with what they got."""

from collections import Counter
from collections.abc import Sequence

from tests.chaos import notices, timed
from tests.chaos.arrivals import Arrival
from tests.chaos.clock import ChaosClock
from tests.chaos.history import History
from tests.chaos.verdict import Case, Terms, Verdict


def judge(
    history: History, arrivals: Sequence[Arrival], terms: Terms, clock: ChaosClock
) -> Verdict:
    """Compare what people did with what they got."""
    verdict = Verdict()
    judge_ids(arrivals, verdict)
    sorted_in: dict[tuple[int, str], list[Arrival]] = {}
    for each in sorted(arrivals, key=lambda one: one.second):
        sorted_in.setdefault((each.number, each.account), []).append(each)
    for session in history.sessions.values():
        for person in sorted(session.related):
            came = sorted_in.pop((session.number, person), [])
            case = Case(session, person, came, terms, clock, verdict)
            notices.judge(case)
            timed.judge(case, history)
    for (number, person), came in sorted_in.items():
        verdict.stale += [f"for nobody’s eyes: {person} {number} {each.words}" for each in came]
    return verdict


def judge_ids(arrivals: Sequence[Arrival], verdict: Verdict) -> None:
    counts = Counter(each.delivery for each in arrivals)
    for delivery, count in counts.items():
        if count > 1:
            came = [each for each in arrivals if each.delivery == delivery]
            seconds = ", ".join(f"{each.second:.3f}" for each in came)
            verdict.doubled.append(
                f"delivery {delivery} came {count} times: {seconds} {came[0].kind} "
                f"{came[0].account} session {came[0].number}: {came[0].words[:90]}"
            )
