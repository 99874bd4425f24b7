"""Who was stopped between deciding to send and sending does not send any more."""

from datetime import timedelta

import pytest

from bot import coaching
from bot.delivery.last_moment import while_it_may_leave
from bot.delivery.outcomes import Sent, TryLater
from tests.slack.office import PRIYA, Office


@pytest.mark.parametrize("looks", [0, 1], ids=["at once", "when the connection is there"])
async def test_nothing_is_written_to_the_wire_once_it_is_too_late(
    office: Office, looks: int
) -> None:
    await office.book("Call review", timedelta(hours=5))
    with office.store.begin() as tx:
        ids = [each.id for each in tx.deliveries.of(office.cards()[0].appointment_id)]
    told = [each for each in coaching.announce(office.context, ids).values() if each]
    wanted = next(each for each in told if each.slack_user_id == PRIYA)
    in_time = iter([True] * looks)
    with while_it_may_leave(lambda: next(in_time, False)):
        assert isinstance(await office.front.messenger.send(wanted), TryLater)
    assert not office.sandbox.calls.to("chat.postMessage")
    with while_it_may_leave(lambda: True):
        assert isinstance(await office.front.messenger.send(wanted), Sent)
    assert len(office.person(PRIYA).messages) == 1
