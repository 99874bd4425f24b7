"""How scenes are drawn: anything at all, and the one that is hardest."""

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from hypothesis import strategies as st

from bot.coaching import AccessType, Relationship, Status
from tests.privacy.contract import PERMISSIONS, ROLES
from tests.privacy.scene import (
    DAY,
    DIVISIONS,
    EVERYTHING,
    HOUR,
    MINUTE,
    NOW,
    ODD,
    Meeting,
    Note,
    Question,
    Scene,
    Someone,
)

T = TypeVar("T")
NEAR = (HOUR, 90 * MINUTE, DAY, -20 * MINUTE)
STARTS = (*NEAR, *NEAR, -70 * DAY, -3 * DAY, -2 * HOUR, 20 * DAY, 70 * DAY)
EDGES = (-80 * DAY, -3 * DAY, -HOUR, timedelta(0), HOUR, 95 * MINUTE, DAY, 80 * DAY)


@st.composite
def people(draw: st.DrawFn) -> tuple[Someone, ...]:
    """Four or five people in three divisions, each with a role at home and perhaps elsewhere."""
    role, division = st.sampled_from((*ROLES, ODD)), st.sampled_from(DIVISIONS)
    elsewhere = st.lists(st.tuples(role, division), max_size=2)
    found = []
    for number in range(draw(st.integers(4, 5))):
        home = draw(division)
        grants = [(draw(role), home), *draw(elsewhere)]
        found.append(Someone(number, home, frozenset(grants)))
    return tuple(found)


@st.composite
def meetings(draw: st.DrawFn, numbers: range) -> tuple[Meeting, ...]:
    """Two to five sessions between these people, done and to come, deleted and not."""
    someone = st.sampled_from(numbers)
    found = []
    for number in range(draw(st.integers(2, 5))):
        attendees = draw(st.permutations(numbers))[: draw(st.integers(1, 3))]
        others = [None, *(each for each in numbers if each not in attendees)]
        status = draw(st.sampled_from((Status.SCHEDULED, *Status)))
        completed_at = NOW - draw(st.sampled_from((HOUR, 2 * DAY)))
        found.append(
            Meeting(
                number=number,
                creator=draw(someone),
                facilitator=draw(st.sampled_from(others)),
                attendees=tuple(attendees),
                starts_at=NOW + draw(st.sampled_from(STARTS)),
                length=draw(st.sampled_from((15, 30, 60))),
                status=status,
                completed_at=completed_at if status is Status.COMPLETED else None,
                is_deleted=draw(st.sampled_from((False, False, False, True))),
            )
        )
    return tuple(found)


def notes(count: int) -> st.SearchStrategy[tuple[Note, ...]]:
    """One to six notes on so many sessions."""
    one = st.tuples(st.sampled_from(range(count)), st.sampled_from(AccessType), st.booleans())
    return st.lists(one, min_size=1, max_size=6).map(
        lambda drawn: tuple(Note(number, *each) for number, each in enumerate(drawn))
    )


@st.composite
def question(draw: st.DrawFn, numbers: range) -> Question:
    """Any conditions together."""
    spans = st.none() | st.lists(st.sampled_from(EDGES), min_size=2, max_size=2, unique=True).map(
        lambda drawn: (NOW + min(drawn), NOW + max(drawn))
    )
    some = st.none() | st.lists(st.sampled_from(numbers), min_size=1, unique=True).map(tuple)
    users = draw(some)
    return Question(
        users=users,
        relationships=draw(st.none() | _some(Relationship)) if users else None,
        statuses=draw(st.none() | _some(Status)),
        facilitators=draw(some),
        interval=draw(spans),
        overlaps=draw(st.booleans()),
        completion=draw(spans),
        is_overdue=draw(st.sampled_from((None, None, True, False))),
        ascending=draw(st.booleans()),
        page_size=draw(st.sampled_from((100, 2, 1))),
    )


def _some(words: Iterable[T]) -> st.SearchStrategy[frozenset[T]]:
    return st.frozensets(st.sampled_from(list(words)), min_size=1)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Anything at all."""
    found = draw(people())
    numbers = range(len(found))
    took_place = draw(meetings(numbers))
    asked = draw(st.lists(question(numbers), min_size=1, max_size=3))
    return Scene(
        people=found,
        odd=draw(st.frozensets(st.sampled_from(PERMISSIONS))),
        meetings=took_place,
        notes=draw(notes(len(took_place))),
        questions=(EVERYTHING, *asked),
    )


@st.composite
def losses(draw: st.DrawFn) -> tuple[Scene, Scene]:
    """Anything at all, and what is left of it when people lost roles, divisions and sessions."""
    before = draw(st.just(HARD) | scenes())
    return before, replace(
        before,
        people=tuple(draw(_moved(each)) for each in before.people),
        meetings=tuple(draw(_thinned(each)) for each in before.meetings),
    )


@st.composite
def _moved(draw: st.DrawFn, person: Someone) -> Someone:
    left = draw(st.frozensets(st.sampled_from(sorted(person.grants))))
    home = draw(st.sampled_from((person.division, *DIVISIONS)))
    return replace(person, division=home, grants=left or frozenset({("Agent", home)}))


@st.composite
def _thinned(draw: st.DrawFn, meeting: Meeting) -> Meeting:
    stay = draw(st.lists(st.sampled_from(meeting.attendees), min_size=1, unique=True))
    return replace(
        meeting,
        facilitator=draw(st.sampled_from((meeting.facilitator, meeting.facilitator, None))),
        attendees=tuple(each for each in meeting.attendees if each in stay),
    )


def _held(number: int, creator: int, facilitator: int | None, *attendees: int) -> Meeting:
    return Meeting(
        number=number,
        creator=creator,
        facilitator=facilitator,
        attendees=attendees,
        starts_at=NOW + (number + 1) * HOUR,
        length=30,
        status=Status.SCHEDULED,
        completed_at=None,
        is_deleted=False,
    )


HARD = Scene(
    people=(
        Someone(0, 0, frozenset({("Supervisor", 0)})),
        Someone(1, 0, frozenset({("Agent", 0)})),
        Someone(2, 1, frozenset({("Agent", 1)})),
        Someone(3, 1, frozenset({("Administrator", 0), ("Administrator", 1)})),
        Someone(4, 0, frozenset({("Quality Manager", 0)})),
    ),
    odd=frozenset(),
    meetings=(
        _held(0, 3, None, 1, 2),
        _held(1, 0, 4, 1),
        replace(_held(2, 4, 0, 1), is_deleted=True),
        _held(3, 3, 2, 1),
    ),
    notes=tuple(
        Note(number, meeting, kind, is_deleted)
        for number, (meeting, kind, is_deleted) in enumerate(
            itertools.product(range(4), AccessType, (False, True))
        )
    ),
    questions=(EVERYTHING, replace(EVERYTHING, users=(1,)), replace(EVERYTHING, users=(0, 2))),
)
"""What is most easily got wrong: one of two divisions, and no part in the session; always tried."""
LOST = (
    HARD,
    replace(
        HARD,
        people=tuple(
            replace(each, grants=frozenset({("Agent", each.division)})) for each in HARD.people
        ),
        meetings=tuple(
            replace(each, facilitator=None) if each.number == 1 else each for each in HARD.meetings
        ),
    ),
)
"""Everybody is left an agent, and whoever led a session leads it no more; always tried."""
