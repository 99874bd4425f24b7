"""What people do on whole days beside the rest: wish otherwise, and put reminders off."""

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import Final

from bot import coaching
from bot.coaching import Conflict, NotFound, Quiet, SettingsChanges, Snooze, Unavailable
from tests.chaos.days.chronicle import USUAL_NIGHT, Chronicle, Snoozed, Wish
from tests.chaos.days.reminders import NAMES
from tests.chaos.days.walls import DAY, local_day, shown
from tests.chaos.deeds import PAUSE_S, Deeds
from tests.chaos.history import Session

MORNING: Final = time_of_day(9)
AHEAD: Final = {Snooze.TEN_MINUTES: timedelta(minutes=10), Snooze.AN_HOUR: timedelta(hours=1)}


@dataclass
class DayDeeds(Deeds):
    """Does things as people of the crowd, and writes down what took hold and when."""

    history: Chronicle

    def wish(self, who: str, wished: Wish) -> None:
        """Choose how to be told; what is the same as before stays."""
        caller, began = self.crowd.caller(who), self.clock.now()
        changes = changes_for(wished, leads=who in self.crowd.leaders)
        self.insist(lambda: coaching.change_settings(self.context, caller, changes))
        made = replace(wished, began=began, done=self.clock.now())
        self.history.wishes.setdefault(who, []).append(made)

    def snooze(self, made: Session, who: str, delivery_id: int, choice: Snooze) -> None:
        """Put a reminder off; one that was refused after a lost answer may have taken hold."""
        caller, began = self.crowd.caller(who), self.clock.now()
        was_lost = False
        while True:
            try:
                coaching.snooze(self.context, caller, delivery_id, choice)
            except Unavailable:
                was_lost = True
                time.sleep(PAUSE_S)
                continue
            except (Conflict, NotFound):
                if not was_lost:
                    raise
                self._note_snooze(made, who, choice, began, surely=False)
                return
            self._note_snooze(made, who, choice, began, surely=True)
            return

    def _note_snooze(
        self, made: Session, who: str, choice: Snooze, began: float, *, surely: bool
    ) -> None:
        done, zone = self.clock.now(), self.history.zones[who]
        ends = (self.clock.moment(began), self.clock.moment(done))
        earliest, latest = (again_at(choice, each, zone) for each in ends)
        snoozed = Snoozed(
            number=made.number,
            account=who,
            began=began,
            done=done,
            earliest=earliest,
            latest=latest,
            surely=surely,
        )
        self.history.snoozes.append(snoozed)


def again_at(choice: Snooze, moment: datetime, zone: str) -> datetime:
    """Say when somebody who puts a reminder off at a moment wants to hear of it again."""
    if choice is Snooze.TOMORROW:
        return shown(local_day(moment, zone) + DAY, MORNING, zone)
    return (moment + AHEAD[choice]).replace(second=0, microsecond=0)


def changes_for(wished: Wish, *, leads: bool) -> SettingsChanges:
    """Say a wish in the words of the form; only who leads others can have the digest."""
    night = wished.night
    kind = Quiet.USUAL if night == USUAL_NIGHT else Quiet.OWN if night else Quiet.NEVER
    own = night if kind is Quiet.OWN else None
    asked = SettingsChanges(
        facilitator_leads=tuple(NAMES[each] for each in wished.as_facilitator),
        attendee_leads=tuple(NAMES[each] for each in wished.as_attendee),
        quiet=kind,
        quiet_from=own.begins if own else None,
        quiet_to=own.ends if own else None,
        agenda_at=wished.agenda_at,
    )
    return replace(asked, weekly_digest=wished.digest) if leads else asked
