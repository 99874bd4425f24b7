"""A hundred thousand sessions in a database, quickly."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert

from storage import models
from storage.base import new_id
from storage.types import Status
from tests.coaching.workplace import Workplace

CHUNK = 10_000
AGENTS = 200


def fill(
    workplace: Workplace,
    sessions: int,
    *,
    leader: str = "Grace",
    division: str = "Home",
    agents: int = AGENTS,
) -> list[str]:
    """Put a leader's sessions of a year and their attendees in; answers the ids of the agents."""
    chance = random.Random(20260302)
    people = [workplace.hire(f"{division}Agent{each}", division=division) for each in range(agents)]
    leader_id = workplace.ids[leader]
    first = workplace.clock() - timedelta(days=180)
    for start in range(0, sessions, CHUNK):
        numbers = range(start, min(start + CHUNK, sessions))
        rows = [_session(first, number, sessions, leader_id, chance) for number in numbers]
        with workplace.store.begin() as tx:
            tx.session.execute(insert(models.Appointment), rows)
            tx.session.execute(insert(models.Attendee), _attendees(rows, people, chance))
    return people


def _session(
    first: datetime, number: int, sessions: int, leader: str, chance: random.Random
) -> dict[str, object]:
    starts_at = first + timedelta(minutes=number * 360 * 24 * 60 // sessions)
    status = chance.choice([Status.SCHEDULED, Status.COMPLETED, Status.COMPLETED])
    return {
        "id": new_id(),
        "name": f"Session {number}",
        "description": "Two calls from last week",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=30),
        "length_minutes": 30,
        "status": status,
        "creator_id": leader,
        "facilitator_id": leader,
        "created_at": starts_at - timedelta(days=2),
        "modified_by": leader,
        "modified_at": starts_at - timedelta(days=2),
        "completed_at": starts_at if status is Status.COMPLETED else None,
        "revision": 1,
    }


def _attendees(
    rows: Sequence[dict[str, object]], agents: Sequence[str], chance: random.Random
) -> list[dict[str, object]]:
    return [
        {"appointment_id": row["id"], "person_id": person_id, "position": position}
        for row in rows
        for position, person_id in enumerate(chance.sample(agents, chance.choice([1, 1, 2])))
    ]
