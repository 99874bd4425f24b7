"""What is done in Slack asks the database a fixed number of questions, however much there is."""

from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import insert

from bot.sandbox import Actor, View
from storage import models
from storage.base import new_id
from tests.queries import counting
from tests.slack.office import DANA, JONAS, PRIYA, SOON, Office
from tests.slack.walks import NOW

FEW, MANY = 10, 1_000
APART: Final = 9
"""Hours from one session to the next, so that there are some today and some later."""
QUESTIONS: Final[Mapping[str, int]] = {
    "open the form": 19,
    "turn to attachments": 14,
    "turn to schedule": 14,
    "turn to notes": 14,
    "turn to details": 14,
    "list": 8,
    "turn a page": 8,
    "list the team": 9,
    "inbox": 6,
    "home": 21,
    "home, one person": 21,
    "home, everybody": 18,
}
"""How many statements each takes; whoever changes one says so here."""


async def fill(office: Office, first: int, last: int) -> None:
    """Let Dana have sessions with Priya and Jonas in turn, half of them past."""
    dana = office.caller(DANA).person_id
    agents = [office.caller(each).person_id for each in (PRIYA, JONAS)]
    now = office.now().replace(minute=0, second=0, microsecond=0)
    rows = []
    for number in range(first, last):
        starts_at = now + timedelta(hours=APART * (number // 2 + 1) * (1 if number % 2 else -1))
        rows.append(
            {
                "id": new_id(),
                "name": f"Session {number:04}",
                "description": "Two calls from last week",
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=30),
                "length_minutes": 30,
                "status": "Scheduled",
                "creator_id": dana,
                "facilitator_id": dana,
                "created_at": now,
                "modified_by": dana,
                "modified_at": now,
                "revision": 1,
            }
        )
    with office.store.begin() as tx:
        tx.session.execute(insert(models.Appointment), rows)
        tx.session.execute(
            insert(models.Attendee),
            [
                {"appointment_id": row["id"], "person_id": agents[number % 2], "position": 0}
                for number, row in enumerate(rows)
            ],
        )


class Day:
    """Does what somebody does in a day, and counts what the database is asked for each."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._dana = office.person(DANA)
        self.asked: dict[str, int] = {}

    async def do(self, name: str, doing: Awaitable[None]) -> None:
        with counting(self._office.store) as count:
            await doing
            await self._office.sandbox.dispatcher.settle()
            assert await self._office.front.shell.running.drain(SOON)
        self.asked[name] = len(count)

    async def live(self) -> Mapping[str, int]:
        """Open the form, turn its tabs, look through a list, and look at the Home tab."""
        dana = self._dana
        await self.do("open the form", dana.command("/coach edit 0005"))
        form = modal(dana)
        for tab in ("attachments", "schedule", "notes", "details"):
            await self.do(f"turn to {tab}", dana.click(form, f"session_tab_{tab}"))
        await dana.close(form)
        await self.do("list", dana.command("/coach list all"))
        await self.do("turn a page", dana.click(dana.messages[-1], "list_next"))
        await self.do("list the team", dana.command("/coach list team"))
        await self.do("inbox", dana.command("/coach inbox"))
        await self.do("home", dana.open_home())
        assert dana.home
        await self.do("home, one person", dana.click(dana.home, "team_person", PRIYA))
        await self.do("home, everybody", dana.click(dana.home, "team_everybody"))
        await self._office.front.shell.running.halt()
        return self.asked


def modal(actor: Actor) -> View:
    assert actor.modal
    return actor.modal


async def test_a_thousand_sessions_ask_no_more_than_ten(office: Office) -> None:
    office.sandbox.clock.move_to(NOW)
    await fill(office, 0, FEW)
    few = await Day(office).live()
    await fill(office, FEW, MANY)
    many = await Day(office).live()
    assert many == few == QUESTIONS
    assert len(office.cards()) == 100
