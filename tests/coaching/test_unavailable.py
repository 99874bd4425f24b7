"""With the database out of reach every use case says so, in the same words, and no more."""

import inspect
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import coaching
from bot.coaching import (
    AccessType,
    AppointmentChanges,
    AppointmentQuery,
    Caller,
    Context,
    Interval,
    NewAppointment,
    SlackProfile,
    Source,
    Status,
    Unavailable,
)
from storage.engine import connect
from storage.transaction import Store
from tests.conftest import FrozenClock

ME = Caller("me", Source.SLACK)
REQUEST = NewAppointment(
    name="Call review",
    description="Two calls",
    starts_at=datetime(2026, 3, 4, 9, 0, tzinfo=UTC),
    length_minutes=30,
    attendee_ids=["somebody"],
    submission="form-1",
)
MINE = AppointmentQuery(user_ids=["me"])
DAY = Interval(starts_at=REQUEST.starts_at, ends_at=REQUEST.starts_at + timedelta(days=1))
COUNTS = coaching.AggregateQuery(
    interval=DAY,
    filter_type="And",
    clauses=[coaching.Clause("And", [coaching.Predicate("attendeeId", "me")])],
)
SLOTS = coaching.SlotQuery(interval=DAY, length_minutes=30, attendee_ids=["me"])
JOB = coaching.SlotJobRequest(
    attendee_ids=["me"],
    facilitator_ids=[],
    length_minutes=30,
    activity_code_id="0",
    intervals=[DAY],
)

USE_CASES: dict[str, Callable[[Context], object]] = {
    "accounts_by_name": lambda context: coaching.accounts_by_name(context, ["Ann"]),
    "accounts_without_team": lambda context: coaching.accounts_without_team(context, limit=1),
    "add_annotation": lambda context: coaching.add_annotation(
        context, ME, "a", text="x", access_type=AccessType.PUBLIC
    ),
    "add_conversation": lambda context: coaching.add_conversation(context, ME, "a", "c"),
    "add_division": lambda context: coaching.add_division(context, ME, "Sales"),
    "add_slot_job": lambda context: coaching.add_slot_job(context, ME, JOB),
    "aggregate": lambda context: coaching.aggregate(context, ME, COUNTS),
    "announce": lambda context: coaching.announce(context, [1]),
    "attach": lambda context: coaching.attach(context, ME, "new", "document_ids", ["d"]),
    "backlog": coaching.backlog,
    "caller_for_slack": lambda context: coaching.caller_for_slack(context, "U1"),
    "caller_for_token": lambda context: coaching.caller_for_token(context, "token"),
    "card": lambda context: coaching.card(context, ME, "a"),
    "change": lambda context: coaching.change(context, ME, "a", AppointmentChanges(name="x")),
    "change_person": lambda context: coaching.change_person(
        context, ME, "p", coaching.PersonChanges(division_id="d")
    ),
    "change_role": lambda context: coaching.change_role(context, ME, "Agent", []),
    "change_settings": lambda context: coaching.change_settings(
        context, ME, coaching.SettingsChanges(hours=24)
    ),
    "change_status": lambda context: coaching.change_status(context, ME, "a", Status.COMPLETED),
    "clock_ahead": coaching.clock_ahead,
    "create_client": lambda context: coaching.create_client(context, email="a@b.co", name="x"),
    "decide_policy": lambda context: coaching.decide_policy(context, ME, "undo_seconds", "9"),
    "delete": lambda context: coaching.delete(context, ME, "a"),
    "delete_annotation": lambda context: coaching.delete_annotation(context, ME, "a", "n"),
    "divisions_page": lambda context: coaching.divisions_page(context, ME),
    "detach": lambda context: coaching.detach(context, ME, "new", "document_ids", "d"),
    "edit_annotation": lambda context: coaching.edit_annotation(context, ME, "a", "n", text="x"),
    "end_people_page": lambda context: coaching.end_people_page(context, "us", ""),
    "export_people": coaching.export_people,
    "find": lambda context: coaching.find(context, ME, "a"),
    "find_annotation": lambda context: coaching.find_annotation(context, ME, "a", "n"),
    "find_slot_job": lambda context: coaching.find_slot_job(context, ME, "j"),
    "find_slots": lambda context: coaching.find_slots(context, ME, SLOTS),
    "grant_role": lambda context: coaching.grant_role(context, ME, email="a@b.co", role="Agent"),
    "help_for": lambda context: coaching.help_for(context, ME),
    "home": lambda context: coaching.home(context, ME),
    "import_people": lambda context: coaching.import_people(context, ME, []),
    "inbox": lambda context: coaching.inbox(context, ME),
    "invalidate": lambda context: coaching.invalidate(context, "a"),
    "issue_token": lambda context: coaching.issue_token(context, "id", "secret"),
    "join_people": lambda context: coaching.join_people(context, ME, "a", "b"),
    "keep_typed": lambda context: coaching.keep_typed(
        context, ME, "new", coaching.TypedChanges(name="x")
    ),
    "list_annotations": lambda context: coaching.list_annotations(context, ME, "a"),
    "list_appointments": lambda context: coaching.list_appointments(context, ME, MINE),
    "finish_act": lambda context: coaching.finish_act(context, "act"),
    "forget_channel": lambda context: coaching.forget_channel(context, "me", "D1"),
    "let_go_of_act": lambda context: coaching.let_go_of_act(context, "act"),
    "list_cards": lambda context: coaching.list_cards(context, ME, MINE),
    "list_clients": coaching.list_clients,
    "list_scope": lambda context: coaching.list_scope(context, ME),
    "look_at_act": lambda context: coaching.look_at_act(context, "act"),
    "put_off_people_page": lambda context: coaching.put_off_people_page(
        context, "us", timedelta(minutes=1)
    ),
    "take_act": lambda context: coaching.take_act(context, "act"),
    "load_roles": lambda context: coaching.load_roles(context, ME, {"Agent": []}),
    "mark_all_as_read": lambda context: coaching.mark_all_as_read(context, ME),
    "mark_as_read": lambda context: coaching.mark_as_read(context, ME, "n"),
    "members": coaching.members,
    "message": lambda context: coaching.message(context, ME, 1),
    "my_appointments": lambda context: coaching.my_appointments(context, ME, MINE),
    "next_due_at": coaching.next_due_at,
    "notice": lambda context: coaching.notice(context, ME, "n"),
    "notes_page": lambda context: coaching.notes_page(context, ME, "a"),
    "notification": lambda context: coaching.notification(context, ME, "n"),
    "notifications": lambda context: coaching.notifications(context, ME),
    "open_form": lambda context: coaching.open_form(context, ME, "new"),
    "people_by_slack": lambda context: coaching.people_by_slack(context, ["U1"]),
    "people_page": lambda context: coaching.people_page(context, ME, coaching.PeopleQuery()),
    "person_page": lambda context: coaching.person_page(context, ME, "p"),
    "division_choices": lambda context: coaching.division_choices(context, ME),
    "role_choices": lambda context: coaching.role_choices(context, ME, "p"),
    "team_divisions": lambda context: coaching.team_divisions(context, ME),
    "policies_page": lambda context: coaching.policies_page(context, ME),
    "policy_line": lambda context: coaching.policy_line(context, ME, "undo_seconds"),
    "follow_policy": coaching.follow_policy,
    "plan_anew": coaching.plan_anew,
    "plan_general": coaching.plan_general,
    "prepare": coaching.prepare,
    "pulse": lambda context: coaching.pulse(context, ["UME"]),
    "register": lambda context: coaching.register(
        context, [SlackProfile(user_id="U1", name="Ann")]
    ),
    "reload_policies": coaching.reload_policies,
    "rename_division": lambda context: coaching.rename_division(context, ME, "d", "Sales"),
    "remove_old": lambda context: coaching.remove_old(
        context, coaching.Retention(deliveries=timedelta(days=400)), coaching.RemovalCursor()
    ),
    "remember_channel": lambda context: coaching.remember_channel(
        context, "me", "D1", account="U1"
    ),
    "report": lambda context: coaching.report(context, ME, coaching.ReportQuery()),
    "revoke_client": lambda context: coaching.revoke_client(context, "id"),
    "revoke_role": lambda context: coaching.revoke_role(context, ME, email="a@b.co", role="Agent"),
    "role_definitions": coaching.role_definitions,
    "role_page": lambda context: coaching.role_page(context, ME, "Agent"),
    "roles_page": lambda context: coaching.roles_page(context, ME),
    "save_form": lambda context: coaching.save_form(context, ME, "new"),
    "schedule": lambda context: coaching.schedule(context, ME, REQUEST),
    "schedule_defaults": lambda context: coaching.schedule_defaults(context, ME),
    "session_choices": lambda context: coaching.session_choices(context, ME),
    "shown_anew": lambda context: coaching.shown_anew(context, [1]),
    "slot_board": lambda context: coaching.slot_board(context, ME, "new"),
    "has_deleted": lambda context: coaching.has_deleted(context, ME, "x"),
    "start_over": lambda context: coaching.start_over(context, ME, "new"),
    "settings_page": lambda context: coaching.settings_page(context, ME),
    "snooze": lambda context: coaching.snooze(context, ME, 1, coaching.Snooze.AN_HOUR),
    "status_history": lambda context: coaching.status_history(context, ME, "a"),
    "status_page": lambda context: coaching.status_page(context, ME, "a"),
    "take_people_page": lambda context: coaching.take_people_page(
        context, "us", every=timedelta(hours=1)
    ),
    "trial": coaching.trial,
    "database_time": coaching.database_time,
    "doubt_database": coaching.doubt_database,
    "try_writing": coaching.try_writing,
    "undo_completion": lambda context: coaching.undo_completion(context, ME, "a"),
    "why": lambda context: coaching.why(context, ME, "a"),
}


def asks_for_a_context(name: str) -> bool:
    use_case = getattr(coaching, name)
    if not inspect.isfunction(use_case):
        return False
    return "context" in inspect.signature(use_case).parameters


def test_no_use_case_is_left_out() -> None:
    assert set(USE_CASES) == {name for name in coaching.__all__ if asks_for_a_context(name)}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def context(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Context]:
    """Surroundings whose database is not there."""
    missing: Path = tmp_path_factory.mktemp("missing") / "no-such-folder" / "secret.db"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listened on: nobody else can take it
        port = taken.getsockname()[1]
        addresses = {
            "sqlite": f"sqlite:///{missing}",
            "postgres": f"postgresql+psycopg://me:secret@127.0.0.1:{port}/secret",
        }
        store = Store(connect(addresses[request.param]))
        clock = FrozenClock(REQUEST.starts_at - timedelta(days=2))
        yield Context(store=store, clock=clock)
        store.close()


@pytest.mark.parametrize("name", USE_CASES)
def test_every_use_case_says_so(context: Context, name: str) -> None:
    with pytest.raises(Unavailable) as refused:
        USE_CASES[name](context)
    said = "Coaching can’t be reached right now. Please try again in a minute."
    assert (str(refused.value), refused.value.message) == (said, said)
    assert (refused.value.code, refused.value.field) == ("service.unavailable", None)
    assert refused.value.concealed() is refused.value
