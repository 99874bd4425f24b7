"""What people do through the use cases: tried until it is certain that it took hold, or did not."""

import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot import coaching
from bot.coaching import (
    AccessType,
    AppointmentChanges,
    Conflict,
    Context,
    NewAppointment,
    NotFound,
    SettingsChanges,
    Status,
    Unavailable,
)
from tests.chaos.clock import ChaosClock
from tests.chaos.crowd import Crowd
from tests.chaos.history import Choice, Fact, History, Session, What

Result = TypeVar("Result")
PAUSE_S = 0.25
LEADS = {f"{n}m": timedelta(minutes=n) for n in range(1, 31)}
STATUSES = {
    "start": Status.IN_PROGRESS,
    "reset": Status.SCHEDULED,
    "complete": Status.COMPLETED,
}


@dataclass
class Deeds:
    """Does things as people of the crowd, and writes down what took hold and when."""

    context: Context
    clock: ChaosClock
    crowd: Crowd
    history: History

    def schedule(self, made: Session, starts_at: datetime, minutes: int) -> bool:
        """Schedule a session; answers no where somebody's time is taken."""
        ids = self.crowd.ids
        request = NewAppointment(
            name=made.name(1),
            description="Two calls from last week",
            starts_at=starts_at,
            length_minutes=minutes,
            attendee_ids=[ids[each] for each in made.attendees],
            facilitator_id=ids[made.facilitator] if made.facilitator else None,
            submission=f"chaos-{made.number}",
        )
        caller = self.crowd.caller(made.creator)
        began = self.clock.now()
        try:
            found = self.insist(lambda: coaching.schedule(self.context, caller, request))
        except Conflict:
            return False
        made.id = found.id
        self.note_creation(made, began, (1, starts_at, minutes))
        return True

    def note_creation(self, made: Session, began: float, facts: tuple[int, datetime, int]) -> None:
        """Write down that a session is there."""
        self._write(made, "create", made.creator, began, facts)
        self.history.sessions[made.number] = made

    def change(
        self, made: Session, who: str, *, starts_at: datetime | None = None, minutes: int = 0
    ) -> None:
        """Give a session a new name, and a new time where one is given."""
        version, last = made.last.version + 1, made.last
        changes = AppointmentChanges(name=made.name(version))
        facts = (version, last.starts_at, last.minutes)
        if starts_at is not None:
            changes = AppointmentChanges(
                name=made.name(version), starts_at=starts_at, length_minutes=minutes
            )
            facts = (version, starts_at, minutes)
        caller, began = self.crowd.caller(who), self.clock.now()
        try:
            self.insist(lambda: coaching.change(self.context, caller, made.id, changes))
        except Conflict:
            return
        self._write(made, "update", who, began, facts)

    def become(self, made: Session, who: str, what: What, *, began: float | None = None) -> None:
        """Start, reset or complete a session; done already counts as done."""
        caller, since = self.crowd.caller(who), began or self.clock.now()
        wanted = STATUSES[what]
        try:
            self.insist(lambda: coaching.change_status(self.context, caller, made.id, wanted))
        except Conflict:
            found = self.insist(lambda: coaching.find(self.context, caller, made.id))
            if found.status is not wanted:
                raise
        self._write(made, what, who, since)

    def delete(self, made: Session, who: str) -> None:
        """Delete a session; gone already counts as deleted."""
        caller, began = self.crowd.caller(who), self.clock.now()
        with suppress(NotFound):
            self.insist(lambda: coaching.delete(self.context, caller, made.id))
        self._write(made, "delete", who, began)

    def note(self, made: Session, who: str) -> None:
        """Add a note that everybody related may read."""
        caller, began, mark = self.crowd.caller(who), self.clock.now(), str(uuid.uuid4())
        self.insist(
            lambda: coaching.add_annotation(
                self.context,
                caller,
                made.id,
                text="Well listened",
                access_type=AccessType.PUBLIC,
                submission=mark,
            )
        )
        self._write(made, "note", who, began)

    def choose(self, who: str, names: tuple[str, ...] | None) -> None:
        """Choose other lead times, as facilitator and as attendee."""
        changes = SettingsChanges(facilitator_leads=names, attendee_leads=names)
        caller, began = self.crowd.caller(who), self.clock.now()
        self.insist(lambda: coaching.change_settings(self.context, caller, changes))
        leads = frozenset(LEADS[each] for each in names) if names else self.history.usual
        choice = Choice(began, self.clock.now(), leads, leads)
        self.history.choices.setdefault(who, []).append(choice)

    def read_all(self, who: str) -> None:
        """Mark everything as read."""
        caller = self.crowd.caller(who)
        self.insist(lambda: coaching.mark_all_as_read(self.context, caller))

    def is_completed(self, made: Session, who: str) -> bool:
        """Look whether a session is completed by now."""
        caller = self.crowd.caller(who)
        found = self.insist(lambda: coaching.find(self.context, caller, made.id))
        return found.status is Status.COMPLETED

    def _write(
        self,
        made: Session,
        what: What,
        who: str,
        began: float,
        facts: tuple[int, datetime, int] | None = None,
    ) -> None:
        version, starts_at, minutes = facts or (
            made.last.version,
            made.last.starts_at,
            made.last.minutes,
        )
        fact = Fact(
            what=what,
            by=who,
            began=began,
            done=self.clock.now(),
            version=version,
            starts_at=starts_at,
            minutes=minutes,
        )
        made.facts.append(fact)

    def insist(self, doing: Callable[[], Result]) -> Result:
        """Try until the database is there."""
        while True:
            try:
                return doing()
            except Unavailable:
                time.sleep(PAUSE_S)
