"""What comes out of an outage into the night is handed back untried, until the night is over."""

from datetime import timedelta

from storage.types import ActionType, DeliveryState
from tests.delivery.pretend import Line, Office, settings

NIGHT = timedelta(hours=10)


async def test_it_is_handed_back_until_the_morning_and_said_then(office: Office) -> None:
    session = office.schedule()
    asked = office.promise(session, kind=ActionType.OVERDUE)
    news = office.promise(session, person=2)
    office.clock.advance(timedelta(hours=12))
    morning = office.clock() + NIGHT
    line = Line(office.network)
    await office.sender(line).deliver_due()
    row = office.row(asked)
    assert (row.state, row.next_at, row.attempts) == (DeliveryState.PENDING, morning, 0)
    assert line.tries == [news], "news is told at any hour"
    office.clock.advance(NIGHT)
    await office.sender(line).deliver_due()
    assert (office.row(asked).state, line.tries) == (DeliveryState.SENT, [news, asked])


async def test_many_that_wait_for_the_morning_hold_up_nothing_else(office: Office) -> None:
    session = office.schedule()
    for person in (0, 1, 2):
        office.promise(session, person=person, kind=ActionType.OVERDUE)
    news = office.promise(session, after=timedelta(seconds=1))
    office.clock.advance(timedelta(hours=12))
    line = Line(office.network)
    await office.sender(line, settings=settings(batch=1)).deliver_due()
    assert line.tries == [news]
