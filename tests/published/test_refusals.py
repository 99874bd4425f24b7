"""Every refusal of the contract (section 3) reaches the published library, and changes nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.rest.operations import OPERATIONS
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles, opened
from tests.published.centre import Centre, served
from tests.published.library import Library
from tests.published.scene import BODIES, Scene, snake

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOBODY = "a1b2c3d4-0000-4000-8000-00000000abcd"
BACKWARDS = "2026-03-06T00:00:00Z/2026-03-05T00:00:00Z"
Given = Callable[[Scene], dict[str, Any]]
Row = tuple[str, str, str, Given]


@pytest.fixture(scope="module")
def scene(
    sqlite_files: SqliteFiles, library: Library, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """One scene for all the tests: a refusal leaves no trace."""
    folder = tmp_path_factory.mktemp("scene")
    with sqlite_files.address(folder) as address, opened(address) as store:
        workplace = Workplace(store, FrozenClock(NOW))
        workplace.hire("Nils", division="Home", roles=())
        with served(workplace, library) as centre:
            yield Scene(centre)


def refusal(scene: Scene, call: Callable[[], Any]) -> str:
    """What a call is refused with; afterwards every table is as before."""
    before = scene.centre.workplace.everything()
    found = scene.centre.refusal(call)
    assert scene.centre.workplace.everything() == before
    return found


def _none(scene: Scene) -> dict[str, Any]:
    return {}


def _of(name: str) -> Given:
    """Ask about another of the scene's sessions."""
    return lambda scene: {"appointment_id": getattr(scene, name)}


def _with(**given: Any) -> Given:
    """Ask with these parameters."""
    return lambda _scene: given


def _body(**changes: Any) -> Given:
    """Ask with a body that is fine but for these; the kind comes from the method."""
    return lambda _scene: {"changes": changes}


APPOINTMENTS: tuple[Row, ...] = (
    ("get_coaching_appointments", "400 pagination.bad.request", "Dana", _with(page_size=101)),
    ("get_coaching_appointments", "400 users.query.param", "Dana", _with(user_ids=[])),
    (
        "get_coaching_appointments",
        "400 users.query.param",
        "Dana",
        _with(user_ids=[f"u{number}" for number in range(101)]),
    ),
    ("get_coaching_appointments", "400 interval.query.param", "Dana", _with(interval=BACKWARDS)),
    (
        "get_coaching_appointments",
        "403 no.appointment.view.permission",
        "Dana",
        lambda scene: {"user_ids": [scene.id("Sam")]},
    ),
    ("get_coaching_appointments_me", "400 pagination.bad.request", "Priya", _with(page_number=0)),
    (
        "get_coaching_appointments_me",
        "400 interval.query.param",
        "Priya",
        _with(completion_interval=BACKWARDS),
    ),
    (
        "post_coaching_appointments",
        "400 participate.permission.missing",
        "Dana",
        lambda scene: {"changes": {"attendee_ids": [scene.id("Nils")]}},
    ),
    (
        "post_coaching_appointments",
        "400 validation.error",
        "Dana",
        lambda scene: {"changes": {"facilitator_id": scene.id("Jonas")}},
    ),
    (
        "post_coaching_appointments",
        "400 no.permission.for.requested.users",
        "Dana",
        lambda scene: {"changes": {"attendee_ids": [scene.id("Sam")]}},
    ),
    (
        "post_coaching_appointments",
        "409 appointment.conflict",
        "Dana",
        lambda scene: {
            "changes": {
                "attendee_ids": [scene.id("Priya")],
                "date_start": scene.starts(scene.plain),
            }
        },
    ),
    ("post_coaching_appointments", "403 missing.permissions", "Priya", _none),
    ("post_coaching_appointments", "400 invalid.date", "Dana", _body(date_start=NOW)),
    ("post_coaching_appointments", "400 invalid.date", "Dana", _body(date_start="tomorrow")),
    ("post_coaching_appointments", "400 constraint.validation", "Dana", _body(name=None)),
    (
        "post_coaching_appointments",
        "400 constraint.validation",
        "Dana",
        _body(length_in_minutes=61),
    ),
    ("post_coaching_appointments", "400 invalid.value", "Dana", _body(length_in_minutes="long")),
    (
        "get_coaching_appointment",
        "403 missing.permissions.not.appointment.participant",
        "Jonas",
        _none,
    ),
    ("get_coaching_appointment", "404 appointment.not.found", "Dana", _of("gone")),
    ("patch_coaching_appointment", "403 forbidden", "Priya", _none),
    ("patch_coaching_appointment", "404 appointment.not.found", "Dana", _of("gone")),
    (
        "patch_coaching_appointment",
        "400 validation.failure",
        "Dana",
        _with(body={"status": "InvalidSchedule"}),
    ),
    (
        "patch_coaching_appointment",
        "409 appointment.conflict",
        "Dana",
        lambda scene: {"changes": {"date_start": scene.starts(scene.led)}},
    ),
    ("patch_coaching_appointment", "409 appointment.state.conflict", "Dana", _of("completed")),
    ("delete_coaching_appointment", "403 forbidden", "Priya", _none),
    ("delete_coaching_appointment", "404 appointment.not.found", "Dana", _of("gone")),
    ("delete_coaching_appointment", "409 appointment.state.conflict", "Dana", _of("completed")),
)
STATUSES: tuple[Row, ...] = (
    (
        "patch_coaching_appointment_status",
        "400 validation.failure",
        "Dana",
        _with(body={"status": "InvalidSchedule"}),
    ),
    (
        "patch_coaching_appointment_status",
        "403 agent.cannot.change.status",
        "Priya",
        _of("led"),
    ),
    ("patch_coaching_appointment_status", "403 missing.permissions", "Jonas", _none),
    ("patch_coaching_appointment_status", "403 missing.division.permission", "Omar", _none),
    ("patch_coaching_appointment_status", "404 appointment.not.found", "Dana", _of("gone")),
    (
        "patch_coaching_appointment_status",
        "409 appointment.state.conflict",
        "Dana",
        _of("completed"),
    ),
    (
        "patch_coaching_appointment_status",
        "409 appointment.state.conflict",
        "Dana",
        _with(body={"status": "Scheduled"}),
    ),
    ("get_coaching_appointment_statuses", "400 pagination.bad.request", "Dana", _with(page_size=0)),
    ("get_coaching_appointment_statuses", "403 missing.permissions", "Jonas", _none),
    ("get_coaching_appointment_statuses", "403 missing.division.permission", "Omar", _none),
    ("get_coaching_appointment_statuses", "404 appointment.not.found", "Dana", _of("gone")),
    ("post_coaching_appointment_conversations", "403 missing.permissions", "Jonas", _none),
    ("post_coaching_appointment_conversations", "403 missing.permissions", "Priya", _none),
    ("post_coaching_appointment_conversations", "404 appointment.not.found", "Dana", _of("gone")),
    (
        "post_coaching_appointment_conversations",
        "409 appointment.state.conflict",
        "Dana",
        _of("completed"),
    ),
)
NOTES: tuple[Row, ...] = (
    (
        "get_coaching_appointment_annotations",
        "400 pagination.bad.request",
        "Dana",
        _with(page_number=-1),
    ),
    ("get_coaching_appointment_annotations", "403 missing.permissions", "Jonas", _none),
    ("get_coaching_appointment_annotations", "404 appointment.not.found", "Dana", _of("gone")),
    ("post_coaching_appointment_annotations", "400 validation.failure", "Dana", _body(text=" ")),
    ("post_coaching_appointment_annotations", "400 validation.failure", "Dana", _body(text=None)),
    (
        "post_coaching_appointment_annotations",
        "403 missing.permissions",
        "Priya",
        _body(access_type="Private"),
    ),
    ("post_coaching_appointment_annotations", "404 appointment.not.found", "Dana", _of("gone")),
    *(
        row
        for method in (
            "get_coaching_appointment_annotation",
            "patch_coaching_appointment_annotation",
            "delete_coaching_appointment_annotation",
        )
        for row in (
            (method, "403 missing.permissions", "Jonas", _none),
            (method, "404 appointment.not.found", "Dana", _of("gone")),
            (method, "404 annotation.not.found", "Dana", _with(annotation_id=NOBODY)),
            (
                method,
                "404 annotation.not.found",
                "Priya",
                lambda scene: {"annotation_id": scene.private},
            ),
            (
                method,
                "404 annotation.deleted",
                "Dana",
                lambda scene: {"annotation_id": scene.deleted_note},
            ),
        )
    ),
    ("patch_coaching_appointment_annotation", "400 validation.failure", "Dana", _body(text="")),
    ("patch_coaching_appointment_annotation", "403 missing.permissions", "Priya", _none),
)
OTHERS: tuple[Row, ...] = (
    ("get_coaching_notifications", "400 pagination.bad.request", "Priya", _with(page_size=1000)),
    ("get_coaching_notification", "404 notification.not.found", "Jonas", _none),
    ("patch_coaching_notification", "403 forbidden", "Dana", _none),
    (
        "patch_coaching_notification",
        "404 notification.not.found",
        "Priya",
        _with(notification_id=NOBODY),
    ),
    ("patch_coaching_notification", "400 constraint.validation", "Priya", _with(body={})),
    (
        "post_coaching_appointments_aggregates_query",
        "400 aggregate.query.filter.missing.or.invalid",
        "Dana",
        _body(filter=None),
    ),
    (
        "post_coaching_appointments_aggregates_query",
        "400 aggregate.query.filter.missing.or.invalid",
        "Dana",
        lambda scene: {"body": scene.count()},
    ),
    (
        "post_coaching_appointments_aggregates_query",
        "400 aggregate.too.many.users",
        "Dana",
        lambda scene: {
            "body": scene.count(*(scene.predicate("attendeeId", f"u{n}") for n in range(101)))
        },
    ),
    (
        "post_coaching_appointments_aggregates_query",
        "400 validation.failure",
        "Dana",
        _body(interval=BACKWARDS),
    ),
    (
        "post_coaching_appointments_aggregates_query",
        "400 invalid.value",
        "Dana",
        _body(metrics=["nDreams"]),
    ),
    (
        "post_coaching_appointments_aggregates_query",
        "403 no.permission.for.requested.users",
        "Dana",
        lambda scene: {"body": scene.count(scene.predicate("attendeeId", scene.id("Sam")))},
    ),
    *(
        row
        for method in ("post_coaching_scheduleslots_query", "post_coaching_scheduleslots_jobs")
        for row in (
            (
                method,
                "403 no.permission.for.requested.users",
                "Dana",
                lambda scene: {"changes": {"attendee_ids": [scene.id("Sam")]}},
            ),
            (method, "403 missing.permissions", "Jonas", _none),
            (method, "400 constraint.validation", "Dana", _body(length_in_minutes=25)),
            (method, "400 constraint.validation", "Dana", _body(attendee_ids=None)),
        )
    ),
    ("post_coaching_scheduleslots_query", "400 invalid.date", "Dana", _body(interval="now/then")),
    ("get_coaching_scheduleslots_job", "404 not.found", "Dana", _with(job_id=NOBODY)),
    ("get_coaching_scheduleslots_job", "404 not.found", "Omar", _none),
    ("get_coaching_scheduleslots_job", "403 missing.permissions", "Jonas", _none),
)
ROWS = (*APPOINTMENTS, *STATUSES, *NOTES, *OTHERS)


@pytest.mark.parametrize(("method", "code", "who", "given"), ROWS)
def test_a_refusal_of_one_operation(
    scene: Scene, method: str, code: str, who: str, given: Given
) -> None:
    asked = given(scene)
    if "changes" in asked:
        asked["body"] = scene.body(BODIES[method], **asked.pop("changes"))
    scene.centre.api(who)
    assert refusal(scene, partial(scene.ask, who, method, **asked)) == code


def test_no_documented_refusal_is_left_out() -> None:
    documented = {(snake(each.name), code) for each in OPERATIONS for code in each.errors}
    assert documented - {(method, code) for method, code, _, _ in ROWS} == set()


METHODS = sorted(snake(each.name) for each in OPERATIONS)
LISTS = [snake(each.name) for each in OPERATIONS if "page_size" in each.query.__struct_fields__]


@pytest.mark.parametrize("method", METHODS)
def test_nobody_gets_in_without_a_token_that_holds(scene: Scene, method: str) -> None:
    library, url = scene.centre.library, scene.centre.url
    for token, code in (("", "401 authentication.required"), ("x", "401 bad.credentials")):
        client = library.connect(url)
        client.access_token = token
        api = library.coaching(client)
        assert refusal(scene, partial(scene.ask_by, api, method)) == code


@pytest.mark.parametrize("method", sorted(BODIES))
def test_a_body_that_is_no_object(scene: Scene, method: str) -> None:
    for body in ([], ["x"], "x", 1):
        assert refusal(scene, partial(scene.ask, "Dana", method, body=body)) == "400 bad.request"


@pytest.mark.parametrize("method", LISTS)
def test_a_parameter_that_is_no_number(scene: Scene, method: str) -> None:
    assert (
        refusal(scene, partial(scene.ask, "Dana", method, page_size="many"))
        == "400 invalid.query.param.value"
    )


@pytest.mark.parametrize(
    "given",
    [
        {"statuses": ["Planned"]},
        {"sort_order": "Up"},
        {"relationships": ["Friend"]},
        {"overdue": "Maybe"},
        {"interval_condition": "Contains"},
        {"interval": "2026-03-05"},
    ],
)
def test_a_word_that_is_not_known(scene: Scene, given: dict[str, Any]) -> None:
    for method in ("get_coaching_appointments", "get_coaching_appointments_me"):
        asked = partial(scene.ask, "Dana", method, **given)
        assert refusal(scene, asked) == "400 invalid.query.param.value"
    asked = partial(scene.ask, "Dana", "get_coaching_notifications", expand=["user"])
    assert refusal(scene, asked) == "400 invalid.query.param.value"


def test_other_addresses_and_other_kinds_of_body(scene: Scene) -> None:
    client = scene.centre.api("Dana").api_client

    def call(path: str, method: str, **given: Any) -> Callable[[], Any]:
        return partial(client.call_api, path, method, auth_settings=["PureCloud OAuth"], **given)

    appointments = "/api/v2/coaching/appointments"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert refusal(scene, call("/api/v2/coaching/plans", "GET")) == "404 not.found"
    assert refusal(scene, call(appointments, "PUT", body={"a": 1})) == "405 method.not.allowed"
    sent = call(appointments, "POST", header_params=form, post_params={"name": "x"})
    assert refusal(scene, sent) == "415 unsupported.media.type"


def test_a_token_ends_after_a_day(centre: Centre) -> None:
    dana = centre.api("Dana")
    centre.workplace.clock.advance(timedelta(days=1, seconds=1))
    assert centre.refusal(dana.get_coaching_appointments_me) == "401 bad.credentials"
