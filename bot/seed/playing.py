"""Playing the story: everything is done by the use cases, event by event, at its moment."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from bot import coaching
from bot.coaching import Caller, Context, NewAppointment, Source, Status
from bot.seed.story import PEOPLE, STORY, Ending, Part

LAST_TO_BE_READ = timedelta(hours=36)


class MovableClock(Protocol):
    """A clock that can be put to any moment, and back to the real time."""

    def now(self) -> datetime:
        """Tell the time."""
        ...

    def move_to(self, instant: datetime) -> None:
        """Move to a moment."""
        ...

    def reset(self) -> None:
        """Return to the real time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the story is played on."""

    context: Context
    clock: MovableClock
    deliver: Callable[[], Awaitable[object]]
    """Keeps every promise that is due now."""
    next_due_at: Callable[[], datetime | None]


@dataclass(frozen=True, slots=True, order=True)
class _Event:
    at: datetime
    number: int
    verb: str


def assign_roles(context: Context, domain: str) -> None:
    """Give the people of the pretend workspace their roles and divisions."""
    known = {each.person.email: each.person for each in coaching.members(context)}
    rows = [
        {
            "email": f"{handle}@{domain}",
            "name": known[f"{handle}@{domain}"].name,
            "roles": f"Agent;{roles}" if roles != "Agent" else roles,
            "divisions": divisions,
        }
        for handle, roles, divisions in PEOPLE
    ]
    coaching.import_people(context, Caller("", Source.SYSTEM), rows)


async def play(stage: Stage, domain: str) -> None:
    """Play the week up to now, delivering every message at its moment."""
    cast = {
        (each.person.email or "").removesuffix(f"@{domain}"): each.person
        for each in coaching.members(stage.context)
    }
    now = stage.clock.now()
    story = _Story(stage.context, cast, now)
    try:
        for event in story.events():
            await _pass_time(stage, event.at)
            story.do(event)
            await stage.deliver()
        await _pass_time(stage, now)
    finally:
        stage.clock.reset()
    for person in cast.values():
        _read_old_mail(stage.context, Caller(person.id, Source.SYSTEM), now)


async def _pass_time(stage: Stage, until: datetime) -> None:
    while (due := stage.next_due_at()) is not None and due <= until:
        stage.clock.move_to(due + timedelta(seconds=1))
        if not await stage.deliver():
            break
    stage.clock.move_to(until)


class _Story:
    """The parts with their moments, and the deeds that make them up."""

    def __init__(self, context: Context, cast: dict[str, coaching.Person], now: datetime) -> None:
        self._context = context
        self._cast = cast
        self._now = now
        self._made: dict[int, str] = {}
        self._parts = [*STORY, *self._around_now()]
        self._starts = [self._start(each) for each in self._parts]

    def _around_now(self) -> list[Part]:
        local = self._now.astimezone(coaching.zone_of(self._cast["dana"].timezone))
        hour = local.hour + (local.minute // 15) / 4
        running = Part(
            "dana",
            ("mei",),
            "Listening back: two calls",
            "What worked in the call about the late parcel.",
            0,
            hour - 0.25,
            45,
            Ending.RUNNING,
        )
        soon = Part(
            "dana",
            ("lucia",),
            "One thing to try this week",
            "Pick one habit from the last review and make a plan.",
            0,
            hour + 2,
            30,
            Ending.AHEAD,
        )
        return [running, soon]

    def _start(self, part: Part) -> datetime:
        zone = coaching.zone_of(self._cast[part.facilitator].timezone)
        midnight = datetime.combine(self._now.astimezone(zone).date(), time(0), zone)
        day = midnight + timedelta(days=part.day)
        return (day + timedelta(hours=part.hour)).astimezone(self._now.tzinfo)

    def events(self) -> list[_Event]:
        """List what happens up to now, in order."""
        found: list[_Event] = []
        for number, part in enumerate(self._parts):
            start = self._starts[number]
            end = start + timedelta(minutes=part.minutes)
            found.append(_Event(min(start, self._now) - timedelta(days=2), number, "schedule"))
            if part.ending in {Ending.COMPLETED, Ending.RUNNING}:
                found.append(_Event(start + timedelta(minutes=1), number, "start"))
            if part.ending is Ending.COMPLETED:
                found.append(_Event(end - timedelta(minutes=2), number, "complete"))
            if part.ending is Ending.CANCELLED:
                found.append(_Event(start - timedelta(hours=20), number, "cancel"))
            if part.ending is Ending.INVALID:
                found.append(_Event(self._now - timedelta(hours=3), number, "invalidate"))
        return sorted(each for each in found if each.at <= self._now)

    def do(self, event: _Event) -> None:
        """Let one thing happen, done by whoever would do it."""
        part = self._parts[event.number]
        if event.verb == "schedule":
            self._made[event.number] = self._schedule(part, self._starts[event.number])
            return
        made = self._made[event.number]
        lead = self._caller(part.facilitator)
        match event.verb:
            case "start":
                coaching.change_status(self._context, lead, made, Status.IN_PROGRESS)
            case "complete":
                coaching.change_status(self._context, lead, made, Status.COMPLETED)
            case "cancel":
                coaching.delete(
                    self._context, self._caller(part.organizer or part.facilitator), made
                )
            case _:
                coaching.invalidate(self._context, made)

    def _schedule(self, part: Part, start: datetime) -> str:
        request = NewAppointment(
            name=part.name,
            description=part.description,
            starts_at=start,
            length_minutes=part.minutes,
            attendee_ids=[self._cast[each].id for each in part.attendees],
            facilitator_id=self._cast[part.facilitator].id,
            location=part.location or None,
        )
        organizer = self._caller(part.organizer or part.facilitator)
        return coaching.schedule(self._context, organizer, request).id

    def _caller(self, handle: str) -> Caller:
        return Caller(self._cast[handle].id, Source.SLACK)


def _read_old_mail(context: Context, caller: Caller, now: datetime) -> None:
    everything = coaching.notifications(
        context, caller, action_types=frozenset(coaching.ActionType), page_size=100
    )
    for entry in everything.entities:
        if not entry.marked_as_read and entry.created_at < now - LAST_TO_BE_READ:
            coaching.mark_as_read(context, caller, entry.id)
