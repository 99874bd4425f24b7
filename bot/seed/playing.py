"""Playing the story: everything is done by the use cases, event by event, at its moment."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot import coaching
from bot.coaching import Caller, Context, NewAppointment, Source, Status
from bot.seed.story import PEOPLE, Ending
from bot.seed.timing import Timed, timed_story

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
    """Give the people of the pretend workspace their roles, divisions and working hours."""
    known = {each.person.email: each.person for each in coaching.members(context)}
    rows = [
        {
            "email": f"{handle}@{domain}",
            "name": known[f"{handle}@{domain}"].name,
            "roles": f"Agent;{roles}" if roles != "Agent" else roles,
            "divisions": divisions,
            "working_hours": hours,
        }
        for handle, roles, divisions, hours in PEOPLE
    ]
    coaching.import_people(context, Caller("", Source.SYSTEM), rows)


async def play(stage: Stage, domain: str) -> None:
    """Play the week up to now, delivering every message at its moment."""
    cast = people_by_handle(stage.context, domain)
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
        _read_old_mail(stage.context, Caller(person.id, Source.SYSTEM), story.read_until)


def people_by_handle(context: Context, domain: str) -> dict[str, coaching.Person]:
    """Give everybody of the pretend workspace by their handle."""
    return {
        (each.person.email or "").removesuffix(f"@{domain}"): each.person
        for each in coaching.members(context)
    }


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
        self._parts = timed_story(cast, now)

    @property
    def read_until(self) -> datetime:
        """Before when everything is read: what came since is new also after a weekend."""
        missed = max(e.ends_at for e in self._parts if e.part.ending is Ending.FORGOTTEN)
        return min(self._now - LAST_TO_BE_READ, missed)

    def events(self) -> list[_Event]:
        """List what happens up to now, in order."""
        found: list[_Event] = []
        for number, each in enumerate(self._parts):
            found.append(_Event(each.scheduled_at, number, "schedule"))
            found.extend(_Event(at, number, verb) for verb, at in _deeds(each))
        return sorted(each for each in found if each.at <= self._now)

    def do(self, event: _Event) -> None:
        """Let one thing happen, done by whoever would do it."""
        each = self._parts[event.number]
        if event.verb == "schedule":
            self._made[event.number] = self._schedule(each)
            return
        part = each.part
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

    def _schedule(self, each: Timed) -> str:
        part = each.part
        request = NewAppointment(
            name=part.name,
            description=part.description,
            starts_at=each.starts_at,
            length_minutes=part.minutes,
            attendee_ids=[self._cast[handle].id for handle in part.attendees],
            facilitator_id=self._cast[part.facilitator].id,
            location=part.location or None,
        )
        organizer = self._caller(part.organizer or part.facilitator)
        return coaching.schedule(self._context, organizer, request).id

    def _caller(self, handle: str) -> Caller:
        return Caller(self._cast[handle].id, Source.SLACK)


def _deeds(each: Timed) -> list[tuple[str, datetime]]:
    started = ("start", each.starts_at + timedelta(minutes=1))
    match each.part.ending:
        case Ending.RUNNING:
            return [started]
        case Ending.COMPLETED:
            return [started, ("complete", each.ends_at - timedelta(minutes=2))]
        case Ending.CANCELLED:
            return [("cancel", each.called_off_at)]
        case Ending.INVALID:
            return [("invalidate", each.called_off_at)]
        case _:
            return []


def _read_old_mail(context: Context, caller: Caller, until: datetime) -> None:
    everything = coaching.notifications(
        context, caller, action_types=frozenset(coaching.ActionType), page_size=100
    )
    for entry in everything.entities:
        if not entry.marked_as_read and entry.created_at < until:
            coaching.mark_as_read(context, caller, entry.id)
