"""What is asked about an overdue session, brought in line with a policy that is another now.

A step that nobody asks for any more is withdrawn, and then it is the turn of whoever stands above.
What was cut short is taken up again when it is wanted again, unless somebody above was told
meanwhile; what had come to its end by itself stays so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.coaching.ground.lifecycle import BLOCKING
from bot.coaching.policy.policies import Policy
from bot.coaching.promises.escalation import ESCALATION, escalation_rung, leader_of, recipients
from bot.coaching.promises.ladder import Habits, Rung, habits_of, overdue_rungs
from bot.coaching.promises.reminders import followers, promise
from bot.coaching.promises.replanning import Replanned, is_waiting, was_withdrawn
from storage.records import Appointment, Delivery
from storage.transaction import Transaction
from storage.types import ActionType


@dataclass(frozen=True)
class Asking:
    """Goes through the steps about one session within a transaction."""

    tx: Transaction
    session: Appointment
    rows: Sequence[Delivery]
    """What was promised to anybody about the session as it stands."""
    people: Mapping[str, Habits]
    now: datetime
    policy: Policy
    found: Replanned = field(default_factory=Replanned)
    """What is to become of them."""

    def look_over(self) -> None:
        """See to the next step for each who sees that the session gets done."""
        if self.session.status in BLOCKING:
            for person_id in followers(self.session):
                self._look_over(person_id)

    def _look_over(self, person_id: str) -> None:
        steps = [each for each in self._notices() if each.person_id == person_id]
        steps = [each for each in steps if each.occurrence != ESCALATION]
        rungs = list(overdue_rungs(self.session.ends_at, self.people[person_id], self.policy))
        waiting = [each for each in steps if is_waiting(each, self.now)]
        cut = [each for each in waiting if int(each.occurrence) > len(rungs)]
        self.found.unwanted += [each.id for each in cut]
        if waiting and not cut:
            return
        cut = cut or [each for each in steps if was_withdrawn(each)]
        rung = self._taken_up(cut, rungs)
        if rung is not None:
            self._want(rung, person_id)
        if person_id == leader_of(self.session):
            self._look_above(is_asked=rung is not None, is_cut=bool(cut))

    def _taken_up(self, cut: Sequence[Delivery], rungs: Sequence[Rung]) -> Rung | None:
        """Give the next step that is ahead, where the steps were cut short."""
        if not cut or any(self._is_over(each) for each in self._above()):
            return None
        first = min(int(each.occurrence) for each in cut)
        return next((each for each in rungs[first - 1 :] if each.due_at > self.now), None)

    def _look_above(self, *, is_asked: bool, is_cut: bool) -> None:
        above = list(self._above())
        waiting = [each for each in above if is_waiting(each, self.now)]
        if is_asked or not self.policy.escalate:
            self.found.unwanted += [each.id for each in waiting]
        elif all(was_withdrawn(each) for each in above) and (above or is_cut):
            for person_id, rung in self._rungs_above(above):
                self._want(rung, person_id)

    def _rungs_above(self, above: Sequence[Delivery]) -> Iterator[tuple[str, Rung]]:
        found = [each.id for each in recipients(self.tx, self.session)]
        made_at = self.tx.ahead.made_at([each.id for each in above])
        promised_at = {each.person_id: made_at[each.id] for each in above}
        for person_id, habits in habits_of(self.tx, found, self.policy).items():
            since = promised_at.get(person_id, self.now)
            rung = escalation_rung(since, habits, self.policy)
            yield person_id, Rung(rung.occurrence, rung.meant_at, habits.due(rung.due_at, self.now))

    def _want(self, rung: Rung, person_id: str) -> None:
        there = [
            each
            for each in self._notices()
            if (each.person_id, each.occurrence) == (person_id, rung.occurrence)
        ]
        self.found.moved.update({each.id: rung.due_at for each in there if was_withdrawn(each)})
        if not there:
            row = promise(self.session, ActionType.OVERDUE, person_id, rung, now=self.now)
            self.found.new.append(row)

    def _notices(self) -> Iterator[Delivery]:
        return (each for each in self.rows if each.kind is ActionType.OVERDUE)

    def _above(self) -> Iterator[Delivery]:
        return (each for each in self._notices() if each.occurrence == ESCALATION)

    def _is_over(self, found: Delivery) -> bool:
        return not is_waiting(found, self.now) and not was_withdrawn(found)
