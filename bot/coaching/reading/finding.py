"""Use cases: find a session, and list sessions (contract, sections 3.1, 3.2, 3.4 and 4)."""

from dataclasses import replace

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied, Invalid
from bot.coaching.ground.lookup import access_of, find_visible, reader_of
from bot.coaching.ground.paging import ensure_page
from bot.coaching.ground.permissions import Access, Permission
from bot.coaching.ground.values import AppointmentQuery, Caller, Card, Page
from bot.coaching.reading.cards import cards_for
from storage.filters import AppointmentFilter, Interval, Reach
from storage.records import Appointment
from storage.transaction import Transaction

MOST_USERS = 100


def find(context: Context, caller: Caller, appointment_id: str) -> Appointment:
    """Find a session that the caller may see. Raises NotFound, Denied, Unavailable."""
    with context.read() as tx:
        return find_visible(tx, access_of(tx, caller), appointment_id).appointment


def list_appointments(
    context: Context, caller: Caller, query: AppointmentQuery
) -> Page[Appointment]:
    """List the sessions of named people, as far as the caller may see them (3.1).

    Raises Invalid, Denied, Unavailable.
    """
    if not query.user_ids or len(set(query.user_ids)) > MOST_USERS:
        raise Invalid(
            f"Please name from 1 to {MOST_USERS} people.",
            code="users.query.param",
            field="user_ids",
        )
    _ensure_query(query)
    with context.read() as tx:
        access = access_of(tx, caller)
        _ensure_may_view_all(tx, access, query)
        return _page(tx, context, query, _reach(access))


def my_appointments(context: Context, caller: Caller, query: AppointmentQuery) -> Page[Appointment]:
    """List the sessions that the caller is related to (3.2). Raises Invalid, Unavailable."""
    _ensure_query(query)
    own = replace(query, user_ids=[caller.person_id])
    with context.read() as tx:
        return _page(tx, context, own, Reach(person_id=caller.person_id, division_ids=frozenset()))


def list_cards(context: Context, caller: Caller, query: AppointmentQuery) -> Page[Card]:
    """Show all the sessions that the caller may see: their own, and those their role covers.

    People who are named and may not be seen add nothing. Relationships are those of the people
    named, or of the caller where nobody is. Raises Invalid, Denied, Unavailable.
    """
    _ensure_query(query)
    if query.relationships and query.user_ids is None:
        query = replace(query, user_ids=[caller.person_id])
    now = context.clock()
    with context.read() as tx:
        reader = reader_of(tx, caller)
        access = access_of(tx, caller)
        page = _page(tx, context, query, _reach(access))
        cards = cards_for(
            tx, access, reader, page.entities, now, undo_within=context.policy.undo_within
        )
    return Page(cards, page.total, page.page_number, page.page_size)


def card(context: Context, caller: Caller, appointment_id: str) -> Card:
    """Show one session. Raises NotFound, Denied, Unavailable."""
    now = context.clock()
    with context.read() as tx:
        reader = reader_of(tx, caller)
        access = access_of(tx, caller)
        appointment = find_visible(tx, access, appointment_id).appointment
        within = context.policy.undo_within
        return cards_for(tx, access, reader, [appointment], now, undo_within=within)[0]


def filter_of(context: Context, query: AppointmentQuery, reach: Reach) -> AppointmentFilter:
    """Put a query and what the caller may see together."""
    return AppointmentFilter(
        now=context.clock(),
        reach=reach,
        user_ids=query.user_ids,
        relationships=query.relationships,
        facilitator_ids=query.facilitator_ids,
        statuses=query.statuses,
        interval=query.interval,
        interval_condition=query.interval_condition,
        completion_interval=query.completion_interval,
        is_overdue=query.is_overdue,
        ascending=query.ascending,
        page_number=query.page_number,
        page_size=query.page_size,
    )


def _page(
    tx: Transaction, context: Context, query: AppointmentQuery, reach: Reach
) -> Page[Appointment]:
    wanted = filter_of(context, query, reach)
    entities, total = tx.appointments.page_and_total(wanted)
    return Page(entities, total, query.page_number, query.page_size)


def _reach(access: Access) -> Reach:
    return Reach(person_id=access.person_id, division_ids=access.reach(Permission.APPOINTMENT_VIEW))


def _ensure_query(query: AppointmentQuery) -> None:
    ensure_page(query.page_number, query.page_size)
    _ensure_interval(query.interval, "interval")
    _ensure_interval(query.completion_interval, "completion_interval")


def _ensure_interval(interval: Interval | None, field: str) -> None:
    if interval is not None and interval.starts_at > interval.ends_at:
        raise Invalid(
            "The interval ends before it starts.", code="interval.query.param", field=field
        )


def _ensure_may_view_all(tx: Transaction, access: Access, query: AppointmentQuery) -> None:
    reach = access.reach(Permission.APPOINTMENT_VIEW)
    people = tx.people.many(query.user_ids or ())
    for person_id in query.user_ids or ():
        person = people.get(person_id)
        own = reach and person_id == access.person_id
        if not own and (person is None or person.division_id not in reach):
            raise Denied(
                "Your role doesn’t let you see the sessions of everybody you named.",
                code="no.appointment.view.permission",
                field="user_ids",
            )
