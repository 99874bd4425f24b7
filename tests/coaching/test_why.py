"""Why: each word in the outbox has its sentence; who leads nothing is told of their own alone."""

import ast
import enum
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot import coaching
from bot.coaching import AccessType, ActionType, Caller, Source, Status
from bot.coaching.ground.values import Unreached
from bot.coaching.overview.why_words import KINDS, has_words
from bot.coaching.promises.truth import Untrue
from bot.delivery.settings import Settings
from bot.slack.transport import error_codes
from storage import models
from storage.deliveries import Settlement
from storage.types import DeliveryState
from tests.coaching.workplace import Workplace, assert_for_people

ROOT = Path(__file__).parents[2]
OPERATOR = Caller("", Source.COMMAND_LINE)
OUTCOMES = {"TryLater": 1, "GiveUp": 0, "Unsure": 0, "Unreadable": 0}
"""How many arguments stand before the reason."""
WRITERS = frozenset("put_back postpone leave_unsure withdraw release settle explain _end".split())
"""What writes a reason into a row, as its last argument or by name."""
PLACES = ("bot/delivery", "bot/coaching", "bot/slack/messages/messenger.py", "storage")


def sources() -> Iterator[ast.Module]:
    for place in PLACES:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            if "migrations" not in file.parts:
                yield ast.parse(file.read_text(encoding="utf-8"))


def constants(trees: list[ast.Module]) -> dict[str, str]:
    """The words that modules have names for."""
    found: dict[str, str] = {}
    for tree in trees:
        for node in tree.body:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(said)))
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(said)))
                ):
                    found[name] = said
    return found


def written() -> set[str]:
    """Every reason that is written anywhere as a word or as the name of one."""
    trees = list(sources())
    named = constants(trees)
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for given in arguments(node):
                    found |= spelt(given, named)
            if isinstance(node, ast.keyword) and node.arg == "reason":
                found |= spelt(node.value, named)
    return found


def arguments(call: ast.Call) -> Iterator[ast.expr]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name in OUTCOMES:
        yield from call.args[OUTCOMES[name] :][:1]
    elif name in WRITERS:
        yield from call.args
    elif name == "_hop":
        yield from call.args[1:]


def spelt(node: ast.expr, named: dict[str, str]) -> set[str]:
    match node:
        case ast.Constant(value=str(said)):
            return {said}
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in named:
            return {named[name]}
        case ast.BoolOp(values=parts):
            return set().union(*(spelt(each, named) for each in parts))
        case ast.JoinedStr(values=[ast.Constant(value=str(said)), *_]):
            return {f"{said}detail" if said.endswith(": ") else f"{said}500"}
    return set()


def test_every_reason_that_is_written_anywhere_has_words() -> None:
    found = written()
    assert {"superseded", "waiting for its turn", "was not sent", "ratelimited"} <= found
    assert {"not wanted any more", "unreadable: detail"} <= found
    assert "status_500" in {each for each in found if each.startswith("status_")}
    known = (
        *(each.value for words in (Untrue, Unreached) for each in words),
        *(error_codes.COURSES.keys() - {""}),
        *(
            "TimeoutError",
            "ServerDisconnectedError",
            "ClientConnectorError",
            "Unavailable",
            "own_error",
        ),
    )
    assert [each for each in (*found, *known) if not has_words(each)] == []
    assert not has_words("a reason that nobody has put into words")


def test_every_kind_of_message_has_a_name() -> None:
    assert set(KINDS) == set(ActionType)


def spoken(at: Workplace, name: str, appointment_id: str) -> list[str]:
    page = coaching.why(at.context, at.caller(name), appointment_id)
    return [f"{each.who}: {each.what}. {each.sentence}" for each in page.lines]


def settle(at: Workplace, appointment_id: str, **settlement: object) -> None:
    """Let the first promises that are due be sent, or fail."""
    with at.store.begin() as tx:
        claimed = tx.deliveries.claim(
            now=at.clock(), limit=50, lease=Settings().lease, claim="mine"
        )
        for each in claimed:
            tx.deliveries.settle(each.id, "mine", Settlement(**settlement))  # type: ignore[arg-type]


def test_each_message_is_told_with_its_moment_on_the_readers_clock(workplace: Workplace) -> None:
    session = workplace.schedule("Dana", "Priya", facilitator="Dana")
    said = spoken(workplace, "Dana", session.id)
    assert "Priya: News of the session. Due now, and about to be sent." in said
    start = coaching.card(workplace.context, workplace.caller("Dana"), session.id).when
    clock = start.partition(" at ")[2].partition(" (")[0]
    assert f"You: Reminder 24 hours before. Will be sent tomorrow at {clock}." in said
    ts = f"{(workplace.clock() + timedelta(minutes=5)).timestamp():.6f}"
    settle(workplace, session.id, state=DeliveryState.SENT, channel="D1", message_ts=ts)
    workplace.clock.advance(timedelta(minutes=10))
    [told] = [each for each in spoken(workplace, "Priya", session.id) if "News" in each]
    assert told.startswith("You: News of the session. Sent today at ")
    assert "It was due today at " in told


def test_what_a_change_made_untrue_names_the_change(workplace: Workplace) -> None:
    session = workplace.schedule("Dana", "Priya", facilitator="Dana")
    workplace.clock.advance(timedelta(minutes=1))
    coaching.change(
        workplace.context,
        workplace.caller("Grace"),
        session.id,
        coaching.AppointmentChanges(starts_at=session.starts_at + timedelta(hours=1)),
    )
    said = spoken(workplace, "Dana", session.id)
    assert [each for each in said if "Won’t be sent: Grace moved the session today at " in each]
    coaching.change_status(
        workplace.context, workplace.caller("Dana"), session.id, Status.COMPLETED
    )
    workplace.clock.advance(timedelta(days=1))
    settle(workplace, session.id, state=DeliveryState.FAILED, reason="user_disabled")
    said = spoken(workplace, "Dana", session.id)
    assert [each for each in said if "Not sent: Dana set the session to “Completed”" in each]
    failed = "Couldn’t be sent: their Slack account is deactivated."
    assert [each for each in said if each.endswith(failed)]
    coaching.why(workplace.context, OPERATOR, session.id)


@pytest.mark.parametrize("reason", ["own_error", "could not be put into words"])
def test_an_error_of_ours_is_told_as_ours_with_its_reference(
    workplace: Workplace, reason: str
) -> None:
    session = workplace.schedule("Dana", "Priya", facilitator="Dana")
    with workplace.store.read() as tx:
        [owed] = [
            each
            for each in tx.deliveries.of(session.id)
            if (each.person_id, each.kind) == (workplace.ids["Priya"], ActionType.CREATE)
        ]
    settle(workplace, session.id, state=DeliveryState.FAILED, reason=reason)
    assert (
        "You: News of the session. Couldn’t be sent: an error of ours, "
        f"reference delivery-{owed.id}."
    ) in spoken(workplace, "Priya", session.id)


def test_a_reminder_that_waits_for_the_morning_says_so(workplace: Workplace) -> None:
    at = workplace
    night = at.clock().replace(hour=23) + timedelta(days=1)
    wanted = coaching.SettingsChanges(
        quiet=coaching.Quiet.OWN, quiet_from=time(20), quiet_to=time(7)
    )
    coaching.change_settings(at.context, at.caller("Jonas"), wanted)
    session = at.schedule("Grace", "Jonas", starts_at=night + timedelta(hours=8, minutes=30))
    said = spoken(at, "Jonas", session.id)
    assert [each for each in said if "It waits for the end of quiet hours." in each]


def test_a_deleted_session_is_explained_to_the_organisation_alone(workplace: Workplace) -> None:
    session = workplace.schedule("Dana", "Priya")
    coaching.delete(workplace.context, workplace.caller("Dana"), session.id)
    with pytest.raises(coaching.NotFound):
        coaching.why(workplace.context, workplace.caller("Dana"), session.id)
    page = coaching.why(workplace.context, OPERATOR, session.id)
    assert page.when.endswith(", cancelled")
    assert {each.who for each in page.lines} == {"Dana", "Priya"}
    reminders = [each.sentence for each in page.lines if each.what.startswith("Reminder")]
    assert reminders
    assert all(each.startswith("Won’t be sent: Dana cancelled the session") for each in reminders)
    with pytest.raises(coaching.NotFound):
        coaching.why(workplace.context, OPERATOR, "nothing")


def test_who_may_not_see_the_session_is_told_nothing(workplace: Workplace) -> None:
    session = workplace.schedule("Dana", "Priya")
    for name in ("Jonas", "Omar", "Sam"):
        with workplace.refuses(
            coaching.Denied, "missing.permissions.not.appointment.participant"
        ) as refused:
            coaching.why(workplace.context, workplace.caller(name), session.id)
        assert isinstance(refused.value.concealed(), coaching.NotFound)


def test_news_of_a_private_note_is_told_to_its_readers_alone(workplace: Workplace) -> None:
    workplace.hire("Lena", division="Home", roles=("Supervisor",))
    session = workplace.schedule("Dana", "Priya", facilitator="Alex")
    coaching.add_annotation(
        workplace.context,
        workplace.caller("Dana"),
        session.id,
        text="Considering a move",
        access_type=AccessType.PRIVATE,
    )
    told = {
        name: [each for each in spoken(workplace, name, session.id) if "note" in each]
        for name in ("Dana", "Alex", "Grace", "Lena", "Priya")
    }
    assert [len(each) for each in told.values()] == [1, 1, 1, 0, 0]
    assert all("Considering" not in str(each) for each in told.values())


class Viewer(enum.Enum):
    LEAD = "Dana"
    SUPERVISOR = "Lena"
    ATTENDEE = "Priya"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    state=st.sampled_from(DeliveryState),
    reason=st.sampled_from([None, *sorted(written()), *Untrue, *Unreached, "something_new"]),
    viewer=st.sampled_from(Viewer),
    revision=st.integers(0, 1),
    minutes=st.integers(-3000, 3000),
)
def test_whatever_stands_in_a_row_is_told_in_plain_words(
    workplace: Workplace,
    state: DeliveryState,
    reason: str | None,
    viewer: Viewer,
    revision: int,
    minutes: int,
) -> None:
    at = workplace
    if "Lena" not in at.ids:
        at.hire("Lena", division="Home", roles=("Supervisor",))
        session_id = at.schedule("Dana", "Priya", "Jonas", facilitator="Dana").id
        at.ids["session"] = session_id
    session_id = at.ids["session"]
    with at.store.begin() as tx:
        tx.session.execute(
            update(models.Delivery).values(
                state=state,
                reason=reason,
                revision=revision,
                next_at=at.clock() + timedelta(minutes=minutes),
                attempts=1,
            )
        )
    page = coaching.why(at.context, at.caller(viewer.value), session_id)
    for each in page.lines:
        assert_for_people(each.sentence.replace("something_new", "it"))
        assert each.state is state
    names = {each.who for each in page.lines}
    everybody = {"Dana", "Jonas", "Priya", "You"} - {viewer.value}
    assert names == ({"You"} if viewer is Viewer.ATTENDEE else everybody - _absent(viewer))


def _absent(viewer: Viewer) -> set[str]:
    return {"You"} if viewer is Viewer.SUPERVISOR else set()
