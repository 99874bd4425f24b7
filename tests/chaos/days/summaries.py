"""On which days somebody must have got an agenda or a digest, what it may say, and never two."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.chaos.arrivals import TOKEN, Arrival
from tests.chaos.clock import ChaosClock
from tests.chaos.days.chronicle import Chronicle, span
from tests.chaos.days.rules import MONDAY, SummingUp
from tests.chaos.days.walls import DAY, local_day
from tests.chaos.days.worlds import Coming, Due, outcomes
from tests.chaos.history import Fact, Session
from tests.chaos.notices import LIVE
from tests.chaos.phases import Phase, phases_of, spans
from tests.chaos.timed import EARLY_S
from tests.chaos.verdict import Terms, Verdict


@dataclass(frozen=True)
class Reader:
    """One person and what they got of agendas, or of digests."""

    person: str
    kind: str
    came: Sequence[Arrival]
    history: Chronicle
    terms: Terms
    clock: ChaosClock
    verdict: Verdict

    @property
    def zone(self) -> str:
        return self.history.zones[self.person]

    @property
    def is_digest(self) -> bool:
        return self.kind == "Digest"


def judge(reader: Reader) -> None:
    """Hold what came against the days on which it was wanted and there was something to say."""
    left = list(reader.came)
    for day in _days(reader):
        mine = [each for each in reader.came if each.occurrence == day.isoformat()]
        left = [each for each in left if each not in mine]
        _judge_day(reader, day, mine)
    reader.verdict.stale += [f"stale: {each} is of no day — {reader.person}" for each in left]


def _days(reader: Reader) -> Iterator[date]:
    day = local_day(reader.clock.beginning, reader.zone)
    day -= timedelta(days=day.weekday() if reader.is_digest else 1)
    while day <= local_day(reader.clock.moment(reader.terms.cut), reader.zone) + DAY:
        if not reader.is_digest or day.weekday() == MONDAY:
            yield day
        day += DAY


def _judge_day(reader: Reader, day: date, came: Sequence[Arrival]) -> None:
    ways = _ways(reader, day)
    dues = sorted(each for each in ways if each is not None)
    name = f"{reader.kind} {day} — {reader.person} ({reader.zone})"
    if len(came) > 1:
        reader.verdict.doubled.append(f"doubled: {name} {[each.second for each in came]}")
    for each in came:
        ripe = [one for one in dues if _is_ripe(reader, each, one)]
        if not ripe:
            reader.verdict.stale.append(f"stale: {name} was not due at {each.second:.2f} {dues}")
            continue
        latest = max(reader.clock.second(one.latest) for one in ripe)
        reader.verdict.came(reader.kind, each.second - latest)
        _judge_words(reader, day, each)
    if not came and dues and None not in ways and _had_something(reader, day, dues):
        reader.verdict.lost.append(f"lost: {name} {dues}")


def _ways(reader: Reader, day: date) -> frozenset[Coming]:
    history, terms, clock = reader.history, reader.terms, reader.clock
    wishes = [
        (span(each.began, each.done, terms, clock), each)
        for each in history.wishes_of(reader.person)
    ]
    rule = SummingUp(history, reader.person, day, reader.is_digest)
    return outcomes(rule, wishes[0][0], wishes, clock.moment(terms.cut))


def _is_ripe(reader: Reader, came: Arrival, due: Due) -> bool:
    return came.second >= reader.clock.second(due.earliest) - reader.terms.skew - EARLY_S


def _judge_words(reader: Reader, day: date, came: Arrival) -> None:
    """Each session that is named must have belonged there when it was said, or a moment before."""
    for number, version in TOKEN.findall(came.words):
        session = reader.history.sessions.get(int(number))
        phases = phases_of(session) if session else []
        if session is None or not any(
            each.fact.version == int(version) and _could_be_named(reader, session, day, each, came)
            for each in phases
        ):
            said = f"stale: {reader.kind} {day} to {reader.person} names {number}.{version}"
            reader.verdict.stale.append(f"{said}: {came.words[:200]}")


def _could_be_named(
    reader: Reader, session: Session, day: date, phase: Phase, came: Arrival
) -> bool:
    skew, since = reader.terms.skew, came.second - reader.terms.in_hand
    ended = reader.clock.second(phase.fact.ends_at)
    is_timely = ended <= came.second + skew if reader.is_digest else ended >= since - skew
    stood = phase.could_since <= came.second and phase.could_until >= since
    belongs = _belongs(reader, session, day)
    return phase.standing in LIVE and stood and is_timely and belongs(phase.fact)


def _belongs(reader: Reader, session: Session, day: date) -> Callable[[Fact], bool]:
    """A digest is about whatever a leader may see, an agenda about one's own sessions of a day."""
    if reader.is_digest:
        return lambda _: True
    is_own = reader.person in session.related
    return lambda fact: is_own and local_day(fact.starts_at, reader.zone) == day


def _had_something(reader: Reader, day: date, dues: Sequence[Due]) -> bool:
    """Answer whether there was surely something to say when it was decided that there was not.

    What was never decided about at all is missing, whatever there was to say.
    """
    if reader.clock.second(dues[-1].latest) + reader.terms.skew > reader.terms.cut:
        return False
    ends = reader.history.silences.get((reader.person, reader.kind, day.isoformat()))
    if ends is None:
        return True
    if local_day(reader.clock.moment(ends), reader.zone) != day and not reader.is_digest:
        return False
    begins = max(
        reader.clock.second(dues[0].earliest) - reader.terms.skew, ends - reader.terms.in_hand
    )
    for low, high in sorted(_sure_times(reader, day)):
        if low > begins:
            return False
        begins = max(begins, high)
        if begins >= ends:
            return True
    return False


def _sure_times(reader: Reader, day: date) -> Iterator[tuple[float, float]]:
    """List from when to when each session surely belonged there."""
    skew = reader.terms.skew
    for session in reader.history.sessions.values():
        belongs = _belongs(reader, session, day)
        for first, last in spans(phases_of(session), LIVE):
            if not belongs(first.fact):
                continue
            ended = reader.clock.second(first.fact.ends_at)
            low, high = first.since + skew, last.until - skew
            yield (
                (max(low, ended + skew), high)
                if reader.is_digest
                else (
                    low,
                    min(high, ended - skew),
                )
            )
