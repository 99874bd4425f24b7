"""What was promised follows the policies, people's clocks and their hours of work.

Whatever makes a plan another writes that down in its own transaction. The work is done afterwards
in small steps, each of which commits how far it came: none is lost by a crash, and any process may
do the next. What a replica planned before it had heard of another policy is found by looking
everything over once more, a little later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.coaching.ground.context import Context
from bot.coaching.policy.decisions import DECISIONS, decided_on, typed_value
from bot.coaching.policy.policies import Policy
from bot.coaching.promises.ladder import habits_of
from bot.coaching.promises.replanning import (
    LOOKED_BACK,
    Moment,
    Replanned,
    about,
    align,
    lock,
    made_at,
    replan,
    replan_beside,
)
from bot.coaching.promises.summaries import SWEEP, plan_summaries
from bot.coaching.sessions.asking_again import Asking
from bot.coaching.sessions.misfits import Hours, invalidate_misfits
from storage.records import Appointment, Person
from storage.transaction import Transaction

PLANS: Final = "plans"
"""What is held first by whoever notes or does what is to be planned anew."""
TIMING: Final = frozenset(
    {
        *("reminder_leads", "quiet_hours", "overdue_after_minutes"),
        *("overdue_times", "overdue_at", "escalate"),
    }
)
"""The decisions on which it depends when somebody is told of something."""
AT_ONCE: Final = 50
"""Sessions in one step."""
ONCE_MORE_AFTER: Final = timedelta(seconds=30)
"""By then every process follows what was decided, and has finished what it had in hand."""


def follow_policy(context: Context) -> None:
    """See to it that what was promised follows the policy of this process. Raises Unavailable.

    For one that begins to keep promises: its settings may be others than those of before.
    """
    with context.begin() as tx:
        tx.people.hold([PLANS])
        note_policy(tx, decided_on(context.book.defaults, tx.policies.all()))


def note_policy(tx: Transaction, policy: Policy) -> None:
    """Write down by which policy everything is to be planned; PLANS is held."""
    timing = {each.name: typed_value(each, policy) for each in DECISIONS if each.name in TIMING}
    known = tx.plans.of_policy()
    if known is None or known["timing"] != timing:
        tx.plans.keep_policy(_Sweep(timing).kept)


def note_person(tx: Transaction, before: Person, *, hours_decided: bool, now: datetime) -> None:
    """Write down that somebody's clocks or hours of work are others now; PLANS is held.

    Hours that were decided for them are compared with those of before, whichever came first.
    """
    waiting = tx.plans.of_person(before.id) or {}
    hours = Hours.of(before, now) if hours_decided else None
    tx.plans.keep_person(
        before.id, {"after": "", "hours": waiting.get("hours") or (hours and hours.kept)}
    )


def plan_anew(context: Context, *, once_more_after: timedelta = ONCE_MORE_AFTER) -> bool:
    """Do the next step of what is to be planned anew; answers whether there was one.

    Raises Unavailable.
    """
    with context.read() as tx:
        if not _is_any(tx, once_more_after):
            return False
    with context.begin() as tx:
        tx.people.hold([PLANS])
        person_id = tx.plans.next_person()
        if person_id is not None:
            _plan_for_person(context, tx, person_id)
        elif (sweep := _Sweep.open(tx, once_more_after)) is not None:
            _plan_for_all(context, tx, sweep)
    return True


def _is_any(tx: Transaction, once_more_after: timedelta) -> bool:
    return tx.plans.next_person() is not None or _Sweep.open(tx, once_more_after) is not None


def _plan_for_person(context: Context, tx: Transaction, person_id: str) -> None:
    now, policy = context.clock(), context.policy
    to_do = tx.plans.of_person(person_id) or {}
    sessions = lock(tx, person_id, now, after=to_do["after"], limit=AT_ONCE)
    last = next(reversed(sessions), None)
    person = tx.people.many([person_id])[person_id]
    if to_do["hours"]:
        hours = Hours(**to_do["hours"])
        sessions = invalidate_misfits(context, tx, sessions, person, hours, now)
    habits = habits_of(tx, [person_id], policy)[person_id]
    replan(tx, person_id, sessions, habits, now=now, policy=policy)
    if last is not None:
        tx.plans.keep_person(person_id, {**to_do, "after": last})
    else:
        replan_beside(tx, person_id, habits, now=now, policy=policy)
        plan_summaries(tx, {person_id: tx.preferences.of(person_id)}, now, policy)
        tx.plans.drop_person(person_id)


@dataclass(frozen=True, slots=True)
class _Sweep:
    """How far everything is planned by a policy."""

    timing: Mapping[str, str]
    after: str | None = ""
    """The last session that was looked at; None: all of them were."""
    ended_at: str | None = None
    """When all had been looked at for the first time, on the database's clock."""
    is_done: bool = False

    @property
    def kept(self) -> Mapping[str, Any]:
        """As it is written down."""
        return {
            "timing": dict(self.timing),
            "after": self.after,
            "ended_at": self.ended_at,
            "is_done": self.is_done,
        }

    @classmethod
    def open(cls, tx: Transaction, once_more_after: timedelta) -> "_Sweep | None":
        """Read what is to be done now, if anything is."""
        found = tx.plans.of_policy()
        if found is None or found["is_done"]:
            return None
        sweep = cls(**found)
        if sweep.after is not None:
            return sweep
        ended_at = datetime.fromisoformat(sweep.ended_at or "")
        is_time = tx.deliveries.read_clock() >= ended_at + once_more_after
        return cls(sweep.timing, "", sweep.ended_at) if is_time else None

    def went_on(self, last: str) -> "_Sweep":
        """Give how far it is after a step."""
        return _Sweep(self.timing, last, self.ended_at)

    def ended(self, now: datetime) -> "_Sweep":
        """Give what is left when all sessions were looked at: once more, or nothing."""
        is_first = self.ended_at is None
        return _Sweep(self.timing, None, now.isoformat(), is_done=not is_first)


def _plan_for_all(context: Context, tx: Transaction, sweep: _Sweep) -> None:
    now, policy = context.clock(), decided_on(context.policy, sweep.timing)
    since = now - LOOKED_BACK
    found = tx.ahead.lock_all_sessions(since=since, after=sweep.after or "", limit=AT_ONCE)
    if found:
        _replan_all(tx, tx.appointments.many(found), now, policy)
        tx.plans.keep_policy(sweep.went_on(found[-1]).kept)
    else:
        tx.people.hold([SWEEP])
        plan_summaries(tx, tx.preferences.wanting_summaries(), now, policy)
        tx.plans.keep_policy(sweep.ended(tx.deliveries.read_clock()).kept)


def _replan_all(
    tx: Transaction, sessions: Mapping[str, Appointment], now: datetime, policy: Policy
) -> None:
    """Bring what was promised to anybody about these sessions in line with a policy."""
    rows = tx.ahead.timed(sessions)
    everybody = {each.person_id for each in rows}
    everybody.update(*(each.related_ids for each in sessions.values()))
    people = habits_of(tx, everybody, policy)
    moment = Moment(now, policy, made_at(tx, rows))
    found = Replanned()
    for session, its in about(sessions, rows):
        for person_id in session.related_ids.union(each.person_id for each in its):
            mine = [each for each in its if each.person_id == person_id]
            align(found, session, person_id, mine, people[person_id], moment)
        Asking(tx, session, its, people, now, policy, found).look_over()
    found.write(tx)
