"""A sender for tests: it claims, asks what to say, and settles, as the real one does."""

import uuid
from datetime import timedelta

from bot import coaching
from bot.coaching import Announcement
from storage.deliveries import Settlement
from storage.records import Delivery
from storage.types import DeliveryState
from tests.coaching.workplace import Workplace

Message = tuple[Delivery, Announcement]


def claim(desk: Workplace) -> list[Delivery]:
    """Take everything that is due."""
    with desk.store.begin() as tx:
        return tx.deliveries.claim(
            now=desk.clock(), limit=1000, lease=timedelta(hours=1), claim=str(uuid.uuid4())
        )


def finish(desk: Workplace, taken: list[Delivery]) -> list[Message]:
    """Say what is still true of what was taken, and settle it all; answers what was said."""
    said = coaching.announce(desk.context, [each.id for each in taken])
    told = []
    with desk.store.begin() as tx:
        for each in taken:
            words = said[each.id]
            state = DeliveryState.SENT if words else DeliveryState.STALE
            assert tx.deliveries.settle(each.id, each.claim or "", Settlement(state=state))
            if words:
                told.append((each, words))
    return told


def send_all(desk: Workplace) -> list[tuple[str, str, str]]:
    """Keep every promise that is due: who was told of which kind of event, in which headline."""
    return sorted(
        (desk.name_of(each.person_id), each.kind.value, words.headline)
        for each, words in finish(desk, claim(desk))
    )
