"""What a lost sender left lying and is no longer true: it is known whether it arrived."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.coaching.promises.notices import CONFIRMATION
from storage import models
from storage.types import DeliveryState
from tests.delivery.pretend import Fate, Line, Office


@pytest.mark.parametrize(
    ("fate", "ended"),
    [(Fate.LOST_AFTER, DeliveryState.SENT), (Fate.LOST_BEFORE, DeliveryState.STALE)],
)
async def test_what_arrived_before_it_became_untrue_is_kept_true(
    office: Office, fate: Fate, ended: DeliveryState
) -> None:
    session = office.schedule()
    owed = office.promise(session, person=0)
    with office.store.begin() as tx:
        tx.session.execute(update(models.Delivery).values(occurrence=CONFIRMATION))
    line = Line(office.network, [fate])
    await office.sender(line).deliver_due()
    office.change(session)
    with office.store.begin() as tx:
        tx.deliveries.outdate(session, at=office.clock())
    office.lapse()
    office.clock.advance(timedelta(minutes=1))
    await office.sender(line).deliver_due()
    row = office.row(owed)
    assert (row.state, line.tries, len(line.lookups)) == (ended, [owed], 1)
    with office.store.begin() as tx:
        outdated = tx.deliveries.claim_outdated(
            now=office.clock(), limit=5, lease=timedelta(minutes=1)
        )
    assert [each.id for each in outdated] == ([owed] if ended is DeliveryState.SENT else [])
