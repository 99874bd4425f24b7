"""When somebody is reminded of a session, and how often they are asked about one that is overdue.

Everything here is worked out anew from the session and from what the person chose, so that it
comes out the same after a change, after a restart, and on every replica.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from bot.coaching.policy.policies import Lead, Policy
from bot.coaching.policy.quiet_hours import QuietHours, first_loud, on_clocks
from bot.coaching.times.shifts import shift_of
from bot.coaching.times.wording import zone_of
from storage.records import Appointment, Person, Preferences
from storage.transaction import Transaction

UNITS: Final[Mapping[str, timedelta]] = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
OFFERED: Final = ("3d", "24h", "4h", "1h", "30m", "15m", "10m", "5m")
WEEKDAYS: Final = frozenset(range(5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What decides when a person is told of something: their clocks, days of work and choices."""

    zone: str
    working_days: frozenset[int] = WEEKDAYS
    facilitator_leads: tuple[Lead, ...]
    attendee_leads: tuple[Lead, ...]
    quiet: QuietHours | None

    def leads_for(self, appointment: Appointment, person_id: str) -> tuple[Lead, ...]:
        """Say how long before a session this person is reminded of it."""
        leads = person_id == appointment.facilitator_id
        return self.facilitator_leads if leads else self.attendee_leads

    def wait(self, moment: datetime) -> datetime:
        """Give the moment itself, or the end of the quiet hours in which it lies."""
        return first_loud(moment, self.quiet, self.zone)

    def due(self, moment: datetime, now: datetime) -> datetime:
        """Give a moment that is still ahead; for one that is over, as soon as it is not quiet."""
        return moment if moment > now else self.wait(now)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: its name in the outbox, when it was meant, and when it is due."""

    occurrence: str
    meant_at: datetime
    due_at: datetime


def habits_of(tx: Transaction, person_ids: Collection[str], policy: Policy) -> dict[str, Habits]:
    """Look up what decides when these people are told of something."""
    people = tx.people.many(person_ids)
    chosen = tx.preferences.many(people)
    return {each.id: habits(each, chosen[each.id], policy) for each in people.values()}


def habits(person: Person, chosen: Preferences, policy: Policy) -> Habits:
    """Put a person's choices beside what holds for those who made none."""
    return Habits(
        zone=person.timezone,
        working_days=shift_of(person.working_hours, person.timezone).days or WEEKDAYS,
        facilitator_leads=leads_named(chosen.facilitator_leads, policy),
        attendee_leads=leads_named(chosen.attendee_leads, policy),
        quiet=quiet_of(chosen.quiet_hours, policy),
    )


def lead_named(name: str) -> Lead | None:
    """Read the name of a lead: `24h`, `10m`; None for what is none."""
    if not re.fullmatch(r"[1-9]\d{0,3}[dhm]", name):
        return None
    return Lead(name=name, before=UNITS[name[-1]] * int(name[:-1]))


def leads_named(names: Sequence[str] | None, policy: Policy) -> tuple[Lead, ...]:
    """Give the leads that somebody chose; as the policy has it for those who chose nothing."""
    if names is None:
        return policy.leads
    own = {each.name: each for each in policy.leads}
    found = (own.get(each) or lead_named(each) for each in names)
    return tuple(each for each in found if each is not None)


def offered_leads(policy: Policy) -> tuple[Lead, ...]:
    """List the leads to choose from, the longest first: the usual ones and the policy's own."""
    usual = [lead for lead in map(lead_named, OFFERED) if lead is not None]
    found = {each.before: each for each in (*usual, *policy.leads)}
    return tuple(found[each] for each in sorted(found, reverse=True))


def quiet_of(chosen: Mapping[str, Any] | None, policy: Policy) -> QuietHours | None:
    """Read the quiet hours that somebody chose: `{}` is never, None is as the policy has it."""
    if chosen is None:
        return policy.quiet_hours
    if not chosen:
        return None
    return QuietHours(time.fromisoformat(chosen["from"]), time.fromisoformat(chosen["to"]))


def reminders_for(starts_at: datetime, leads: Sequence[Lead], habits: Habits) -> Iterator[Rung]:
    """List the reminders of a session, the first first; of those that fall together, the latest.

    One that falls into quiet hours waits for their end, unless the session starts before.
    """
    rungs: dict[datetime, Rung] = {}
    for lead in sorted(leads, key=lambda each: each.before, reverse=True):
        moment = starts_at - lead.before
        loud = habits.wait(moment)
        due_at = loud if loud < starts_at else moment
        rungs[due_at] = Rung(lead.name, moment, due_at)
    yield from rungs.values()


def overdue_rungs(ends_at: datetime, habits: Habits, policy: Policy) -> Iterator[Rung]:
    """List when one person is asked about an overdue session: soon, then on each working day."""
    moment = ends_at + policy.overdue_after
    for number in range(1, policy.overdue_times + 1):
        due_at = habits.wait(moment)
        yield Rung(str(number), moment, due_at)
        moment = next_working_morning(due_at, habits, policy.overdue_at)


def next_working_morning(after: datetime, habits: Habits, clock: time) -> datetime:
    """Give this time of day on the person's next day of work."""
    zone = zone_of(habits.zone)
    day: date = after.astimezone(zone).date() + timedelta(days=1)
    while day.weekday() not in habits.working_days:
        day += timedelta(days=1)
    return on_clocks(datetime.combine(day, clock, UTC), zone)
