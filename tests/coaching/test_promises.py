"""Whatever people do, and whenever the sender comes round: every message that is due and still
true is sent exactly once, and nothing else is.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot import coaching
from bot.coaching import AppointmentChanges, Conflict, Source, Status
from storage.records import Delivery
from tests.coaching.ledger import Note
from tests.coaching.sending import claim, finish
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles, opened

WHO = st.sampled_from(["Dana", "Grace", "Alex"])
PARTIES = st.sampled_from([("Priya",), ("Jonas",), ("Jonas", "Priya")])
FACILITATORS = st.sampled_from([None, "Grace", "Dana"])
AHEAD = st.sampled_from([1, 9, 10, 11, 60, 61, 62, 120, 1440, 1441, 1500, 3000, 9000])
MINUTES = st.sampled_from([1, 30, 60])
PAST = st.sampled_from([1, 5, 6, 10, 15, 16, 50, 60, 600, 1440])
YES_OR_NO = st.booleans()
PICK = st.integers(0, 5)


class Days(RuleBasedStateMachine):
    """Days at work, with a ledger kept beside the bot's own."""

    def __init__(self, files: SqliteFiles, folder: Path) -> None:
        super().__init__()
        self._address = files.address(folder)
        self._store = opened(self._address.__enter__())
        clock = FrozenClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
        policy = coaching.Policy(quiet_hours=None, overdue_times=1, escalate=False)
        self.desk = Workplace(self._store.__enter__(), clock, policy)
        self.notes: dict[str, Note] = {}
        self.begun: list[Delivery] = []

    def teardown(self) -> None:
        self.finish_sending()
        self.desk.clock.advance(timedelta(days=60))
        self.begin_sending()
        self.finish_sending()
        assert [each for note in self.notes.values() for each in note.owed] == []
        self._store.__exit__(None, None, None)
        self._address.__exit__(None, None, None)

    @property
    def now(self) -> datetime:
        return self.desk.clock()

    def pick(self, number: int, *statuses: str) -> str | None:
        """One of the sessions that stand so, if there is any."""
        fit = [
            made
            for made, note in self.notes.items()
            if note.status in statuses and not note.is_deleted
        ]
        return fit[number % len(fit)] if fit else None

    def change(self, who: str, made: str, **changes: Any) -> None:
        wanted = AppointmentChanges(**changes)
        coaching.change(self.desk.context, self.desk.caller(who), made, wanted)

    def is_taken(self, people: set[str], start: datetime, minutes: int, but: str = "") -> bool:
        others = (note for made, note in self.notes.items() if made != but)
        return any(note.stands_in_the_way(people, start, minutes) for note in others)

    @rule(
        attendees=PARTIES, facilitator=FACILITATORS, ahead=AHEAD, minutes=MINUTES, slack=YES_OR_NO
    )
    def schedule(
        self,
        attendees: tuple[str, ...],
        facilitator: str | None,
        ahead: int,
        minutes: int,
        slack: bool,
    ) -> None:
        note = Note(
            "Dana", facilitator, attendees, self.now + timedelta(minutes=ahead), minutes, "A"
        )
        request = self.desk.request(
            *attendees,
            facilitator=facilitator,
            name="A",
            starts_at=note.start,
            length_minutes=minutes,
        )
        caller = self.desk.caller("Dana", Source.SLACK if slack else Source.REST)
        if self.is_taken(note.participants, note.start, minutes):
            with pytest.raises(Conflict):
                coaching.schedule(self.desk.context, caller, request)
            return
        self.notes[coaching.schedule(self.desk.context, caller, request).id] = note
        note.created(self.now, confirmed=slack)

    @precondition(lambda self: self.notes)
    @rule(number=PICK, who=WHO, name=st.sampled_from("AB"))
    def rename(self, number: int, who: str, name: str) -> None:
        if made := self.pick(number, "Scheduled", "InvalidSchedule", "InProgress"):
            self.change(who, made, name=name)
            self.notes[made].renamed(who, self.now, name)

    @precondition(lambda self: self.notes)
    @rule(number=PICK, who=WHO, ahead=AHEAD, minutes=MINUTES)
    def move(self, number: int, who: str, ahead: int, minutes: int) -> None:
        if made := self.pick(number, "Scheduled", "InvalidSchedule"):
            self.move_to(made, who, self.now + timedelta(minutes=ahead), minutes)

    @precondition(lambda self: self.notes)
    @rule(number=PICK, who=WHO, minutes=MINUTES)
    def resize(self, number: int, who: str, minutes: int) -> None:
        made = self.pick(number, "Scheduled", "InvalidSchedule")
        if made and self.notes[made].start > self.now:
            self.move_to(made, who, self.notes[made].start, minutes)

    def move_to(self, made: str, who: str, start: datetime, minutes: int) -> None:
        note = self.notes[made]
        same = (start, minutes) == (note.start, note.minutes)
        if not same and self.is_taken(note.participants, start, minutes, but=made):
            with pytest.raises(Conflict):
                self.change(who, made, starts_at=start, length_minutes=minutes)
            return
        self.change(who, made, starts_at=start, length_minutes=minutes)
        note.moved(who, self.now, start, minutes)

    @precondition(lambda self: self.notes)
    @rule(number=PICK, who=WHO)
    def start(self, number: int, who: str) -> None:
        if made := self.pick(number, "Scheduled"):
            self.become(made, who, Status.IN_PROGRESS)
            self.notes[made].started(who, self.now)

    @precondition(lambda self: self.notes)
    @rule(number=PICK, who=WHO)
    def reset(self, number: int, who: str) -> None:
        if made := self.pick(number, "InProgress"):
            self.become(made, who, Status.SCHEDULED)
            self.notes[made].reset(who, self.now)

    @precondition(lambda self: self.notes)
    @rule(number=PICK, who=WHO)
    def complete(self, number: int, who: str) -> None:
        if made := self.pick(number, "Scheduled", "InProgress"):
            self.become(made, who, Status.COMPLETED)
            self.notes[made].completed(who, self.now)

    def become(self, made: str, who: str, status: Status) -> None:
        coaching.change_status(self.desk.context, self.desk.caller(who), made, status)

    @precondition(lambda self: self.notes)
    @rule(number=PICK)
    def invalidate(self, number: int) -> None:
        if made := self.pick(number, "Scheduled"):
            coaching.invalidate(self.desk.context, made)
            self.notes[made].invalidated(self.now)

    @precondition(lambda self: self.notes)
    @rule(number=PICK, who=WHO)
    def delete(self, number: int, who: str) -> None:
        if made := self.pick(number, "Scheduled", "InvalidSchedule"):
            coaching.delete(self.desk.context, self.desk.caller(who), made)
            self.notes[made].deleted(who, self.now)

    @precondition(lambda self: self.notes)
    @rule(minutes=PAST)
    def let_time_pass(self, minutes: int) -> None:
        self.desk.clock.advance(timedelta(minutes=minutes))

    @precondition(lambda self: self.notes and not self.begun)
    @rule()
    def begin_sending(self) -> None:
        self.begun = claim(self.desk)
        taken = sum(note.claimed(self.now) for note in self.notes.values())
        assert len(self.begun) >= taken  # what is over is found out only when it is to be said

    @precondition(lambda self: self.begun)
    @rule()
    def finish_sending(self) -> None:
        said = finish(self.desk, self.begun)
        self.begun = []
        told: dict[str, Counter[tuple[str, str]]] = {made: Counter() for made in self.notes}
        for each, words in said:
            note = self.notes[each.appointment_id or ""]
            assert (words.card.name, words.card.starts_at) == (note.name, note.start)
            assert words.card.status == note.status
            told[each.appointment_id or ""][self.desk.name_of(each.person_id), each.kind.value] += 1
        assert told == {made: note.finished(self.now) for made, note in self.notes.items()}


def test_every_promise_is_kept_once_and_no_other(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    class DaysHere(Days):
        def __init__(self) -> None:
            super().__init__(sqlite_files, tmp_path)

    run_state_machine_as_test(
        DaysHere,
        settings=settings(
            settings.get_profile("coachbot"), max_examples=25, stateful_step_count=25
        ),
    )
