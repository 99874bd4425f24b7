"""What is put into words and has to wait for its place is not sent when it is untrue by then."""

import asyncio
from datetime import timedelta

import pytest

from storage.types import DeliveryState
from tests.delivery.pretend import Fate, Line, Office, settings


@pytest.mark.parametrize("still_holds", [False, True])
async def test_what_changes_while_others_are_waited_for_is_not_said_as_it_was(
    office: Office,
    still_holds: bool,
) -> None:
    slow, session = office.promise(office.schedule()), office.schedule()
    owed = office.promise(session, person=2, after=timedelta(microseconds=1))
    office.clock.advance(timedelta(seconds=1))
    line = Line(office.network, [Fate.HANGS_AFTER])
    ways = settings(at_once=1, trusted_for=timedelta(0))
    work = asyncio.create_task(office.sender(line, settings=ways).deliver_due())
    await line.stuck.wait()
    assert office.row(owed).state is DeliveryState.SENDING, "in words, behind the slow one"
    office.change(session, still_holds=still_holds)
    line.freed.set()
    await work
    assert office.row(slow).state is DeliveryState.SENT
    assert [each.revision for each in office.network.of(owed)] == ([2] if still_holds else [])
    ended = DeliveryState.SENT if still_holds else DeliveryState.STALE
    assert (office.row(owed).state, office.row(owed).attempts) == (ended, int(still_holds))


async def test_what_was_just_put_into_words_is_not_asked_about(office: Office) -> None:
    owed = [office.promise(office.schedule(), person=each) for each in (0, 1, 2)]
    asked: list[str] = []

    async def heard(function: object, /, *args: object) -> object:
        asked.append(getattr(function, "__name__", ""))
        return function(*args)  # type: ignore[operator]

    await office.sender(Line(office.network), hop=heard).deliver_due()
    assert sorted(office.network.order) == owed
    assert "still_holds" not in asked
