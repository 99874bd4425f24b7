"""What a careful person would note on paper: which messages are owed, for how long, to whom."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LEADS = (timedelta(hours=24), timedelta(hours=1), timedelta(minutes=10))
OVERDUE_AFTER = timedelta(minutes=15)
LATE = timedelta(minutes=5)
UNTOLD = {"Create", "Update"}


@dataclass(eq=False)
class Owed:
    """One message that somebody is still to get."""

    person: str
    kind: str
    due: datetime
    is_confirmation: bool = False
    is_claimed: bool = False


@dataclass(eq=False)
class Note:
    """One session, with what is still owed about it."""

    creator: str
    facilitator: str | None
    attendees: tuple[str, ...]
    start: datetime
    minutes: int
    name: str
    status: str = "Scheduled"
    is_deleted: bool = False
    owed: list[Owed] = field(default_factory=list)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)

    @property
    def participants(self) -> set[str]:
        return {*self.attendees, self.facilitator or self.attendees[0]}

    @property
    def related(self) -> set[str]:
        return {self.creator, *self.participants}

    def stands_in_the_way(self, people: set[str], start: datetime, minutes: int) -> bool:
        blocks = self.status in {"Scheduled", "InProgress"} and not self.is_deleted
        meets = self.start < start + timedelta(minutes=minutes) and start < self.end
        return blocks and meets and bool(people & self.participants)

    def created(self, now: datetime, *, confirmed: bool) -> None:
        self._tell("Create", self.creator, now)
        if confirmed:
            self.owed.append(Owed(self.creator, "Create", now, is_confirmation=True))
        self._plan(now)
        self._plan_overdue(now)

    def renamed(self, who: str, now: datetime, name: str) -> None:
        if name != self.name:
            self.name = name
            self._tell_of_an_update(who, now)

    def moved(self, who: str, now: datetime, start: datetime, minutes: int) -> None:
        if (start, minutes) == (self.start, self.minutes):
            return
        self.start, self.minutes = start, minutes
        self._forget("Reminder", "Overdue")
        if self.status == "InvalidSchedule":
            self.status = "Scheduled"
            self._forget("StatusChange")
        self._tell_of_an_update(who, now)
        self._plan(now)
        self._plan_overdue(now)

    def started(self, who: str, now: datetime) -> None:
        self.status = "InProgress"
        self._forget("Reminder", "StatusChange")
        self._tell("StatusChange", who, now)

    def reset(self, who: str, now: datetime) -> None:
        self.status = "Scheduled"
        self._forget("StatusChange")
        self._tell("StatusChange", who, now)
        self._plan(now)

    def completed(self, who: str, now: datetime) -> None:
        self.status = "Completed"
        self.owed.clear()
        self._tell("StatusChange", who, now)

    def invalidated(self, now: datetime) -> None:
        self.status = "InvalidSchedule"
        self._forget("Reminder", "Overdue", "StatusChange")
        self._tell("StatusChange", "", now)

    def deleted(self, who: str, now: datetime) -> None:
        self.is_deleted = True
        unaware = {each.person for each in self._unsent() if each.kind == "Create"}
        self.owed.clear()
        self._tell("Delete", who, now, but=unaware)

    def claimed(self, now: datetime) -> int:
        """Somebody begins to send whatever is due; answers how many messages that are."""
        taken = [each for each in self.owed if each.due <= now and not each.is_claimed]
        for each in taken:
            each.is_claimed = True
        return len(taken)

    def finished(self, now: datetime) -> Counter[tuple[str, str]]:
        """What was begun is sent, unless it is too late to be of use."""
        begun = [each for each in self.owed if each.is_claimed]
        self.owed = [each for each in self.owed if not each.is_claimed]
        return Counter(
            (each.person, each.kind) for each in begun if self._is_of_use(each, begun, now)
        )

    def _is_of_use(self, owed: Owed, begun: list[Owed], now: datetime) -> bool:
        """Answer whether a message still says something: the latest reminder says it for all."""
        if owed.kind != "Reminder":
            return True
        later = [
            each
            for each in (*self.owed, *begun)
            if (each.kind, each.person) == (owed.kind, owed.person) and owed.due < each.due <= now
        ]
        return now <= self.start + LATE and not later

    def _unsent(self) -> list[Owed]:
        return [each for each in self.owed if not (each.is_claimed or each.is_confirmation)]

    def _tell(self, kind: str, who: str, now: datetime, but: set[str] | None = None) -> None:
        for person in self.related - {who} - (but or set()):
            self.owed.append(Owed(person, kind, now))

    def _tell_of_an_update(self, who: str, now: datetime) -> None:
        # One who is still to be told will be told of the latest state anyway.
        waiting = {each.person for each in self._unsent() if each.kind in UNTOLD}
        self._tell("Update", who, now, but=waiting)

    def _forget(self, *kinds: str) -> None:
        self.owed = [each for each in self.owed if each.kind not in kinds]

    def _plan(self, now: datetime) -> None:
        for lead in LEADS:
            if self.start - lead > now:
                for person in self.participants:
                    self.owed.append(Owed(person, "Reminder", self.start - lead))

    def _plan_overdue(self, now: datetime) -> None:
        for person in {self.creator, self.facilitator or self.creator}:
            self.owed.append(Owed(person, "Overdue", self.end + OVERDUE_AFTER))
