"""A stored instant is a moment in UTC to the microsecond, and a stored word is one of its kind."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import StatementError

from storage import models
from storage.transaction import Store
from storage.types import ActionType, DeliveryState, Standing, Status
from tests.clocks import true_now
from tests.storage import rows
from tests.storage.rows import NINE, discarded

offsets = st.integers(-14 * 60, 14 * 60).map(lambda each: timezone(timedelta(minutes=each)))
moments = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=offsets)  # noqa: DTZ001


class Nowhere(tzinfo):
    """A zone that does not know how far it is from UTC, which leaves a datetime naive."""

    def utcoffset(self, _moment: datetime | None) -> None:
        return None

    def dst(self, _moment: datetime | None) -> None:
        return None

    def tzname(self, _moment: datetime | None) -> None:
        return None


def pace(moment: datetime, key: str = "a") -> models.Pace:
    return models.Pace(key=key, free_at=moment, written_at=moment)


@settings(max_examples=60)
@given(first=moments, second=moments)
def test_instants_come_back_in_utc_and_in_order(
    store: Store, first: datetime, second: datetime
) -> None:
    with discarded(store) as tx:
        tx.session.add_all([pace(first, "a"), pace(second, "b")])
        tx.session.flush()
        column = models.Pace.free_at
        found = list(tx.session.scalars(select(column).order_by(column)))
        later = list(tx.session.scalars(select(column).where(column > first)))
    assert found == sorted([first, second])
    assert later == [each for each in [second] if each > first]
    assert {each.tzinfo for each in found} == {UTC}


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    for zone in (None, Nowhere()):
        naive = NINE.replace(tzinfo=zone)
        with pytest.raises(StatementError, match="needs a zone"), store.begin() as tx:
            tx.session.add(pace(naive))
        with pytest.raises(StatementError, match="needs a zone"), store.read() as tx:
            tx.session.execute(select(models.Pace).where(models.Pace.free_at > naive))


def test_the_databases_clock_is_the_time_now(store: Store) -> None:
    with store.read() as tx:
        before = true_now()
        found = tx.session.execute(select(store.database.now())).scalar_one()
        later = tx.session.execute(select(store.database.later(timedelta(days=3)))).scalar_one()
    assert abs(found - before) < timedelta(seconds=1)
    assert timedelta(0) <= later - found - timedelta(days=3) < timedelta(seconds=1)


def test_a_word_outside_its_enumeration_is_refused(store: Store) -> None:
    for column, word in (
        (models.Person.standing, Standing.DEACTIVATED),
        (models.Appointment.status, Status.IN_PROGRESS),
        (models.Notification.action_type, ActionType.OVERDUE),
        (models.Delivery.state, DeliveryState.STALE),
    ):
        with pytest.raises(StatementError, match="is not a valid"), store.begin() as tx:
            tx.session.execute(update(column.class_).values({column.key: f"{word}x"}))
        with pytest.raises(StatementError, match="is not a valid"), store.read() as tx:
            tx.session.execute(select(column).where(column == word.swapcase()))


def test_a_word_is_stored_as_its_value_and_comes_back_as_its_member(store: Store) -> None:
    with discarded(store) as tx:
        ann = rows.person(tx, standing=Standing.EXTERNAL)
        stored = tx.session.execute(text("SELECT standing FROM people")).scalar_one()
        found = tx.people.get(ann)
    assert stored == "External"
    assert found
    assert found.standing is Standing.EXTERNAL


def test_absent_json_is_no_value_and_not_the_word_null(store: Store) -> None:
    hours = {"mon": [["09:00", "17:00"]], "name": "Früh", "none": None}
    with discarded(store) as tx:
        ids = [rows.person(tx, working_hours=each) for each in (hours, None)]
        found = [tx.people.many(ids)[each].working_hours for each in ids]
        empty = text("SELECT count(*) FROM people WHERE working_hours IS NULL")
        assert found == [hours, None]
        assert tx.session.execute(empty).scalar_one() == 1
