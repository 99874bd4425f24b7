"""The API keeps to its own description: schemathesis asks whatever the description allows.

And what it does not allow. Nothing ends in an error of the server; every status, header and body
is as described. The requests name things that exist, so that each operation also succeeds.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, core, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine
from hypothesis.strategies._internal import collections
from hypothesis.vendor.pretty import RepresentationPrinter
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from bot import coaching
from bot.coaching import AccessType, Caller, Interval, SlotJobRequest
from bot.hop import Hop
from bot.rest import RestSettings, build_rest
from bot.rest.calls import Operation
from bot.rest.operations import OPERATIONS
from tests.coaching.workplace import Workplace
from tests.rest.api import BASE, Json

TIMES: Final = int(os.environ.get("TEST_EXAMPLES", "1"))
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
UNHURRIED: Final = [
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.function_scoped_fixture,
]
SESSIONS, NOTES = 12, 6
DAY = timedelta(days=1)


@dataclass
class Known:
    """What is there, by its id."""

    people: list[str]
    sessions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", autouse=True)
def only_here() -> Iterator[None]:
    """Schemathesis changes Hypothesis in place, for good; the tests after these get it back whole.

    Without its printer no failure anywhere would say for which example it failed.
    """
    with pytest.MonkeyPatch.context() as kept:
        kept.setattr(core, "RepresentationPrinter", RepresentationPrinter)
        for each in (core, engine, collections):
            kept.setattr(each, "BUFFER_SIZE", engine.BUFFER_SIZE)
        yield


@pytest.fixture
def known(workplace: Workplace) -> Known:
    """A few sessions of Priya that Alex leads, with notes, and a search that was left."""
    found = Known([workplace.ids[each] for each in ("Priya", "Jonas", "Sam")])
    context, alex = workplace.context, workplace.caller("Alex")
    for number in range(SESSIONS):
        starts_at = context.clock() + timedelta(hours=number + 1)
        made = workplace.schedule("Dana", facilitator="Alex", starts_at=starts_at)
        found.sessions.append(made.id)
    for _ in range(NOTES):
        note = coaching.add_annotation(
            context, alex, found.sessions[0], text="Well done", access_type=AccessType.PUBLIC
        )
        found.notes.append(note.id)
    found.entries = [each.id for each in workplace.notifications("Alex")]
    found.jobs.append(search(workplace, alex))
    return found


def search(workplace: Workplace, caller: Caller) -> str:
    """Leave a search for slots."""
    now = workplace.context.clock()
    request = SlotJobRequest(
        attendee_ids=[workplace.ids["Priya"]],
        facilitator_ids=[],
        length_minutes=30,
        activity_code_id="",
        intervals=[Interval(starts_at=now, ends_at=now + DAY)],
    )
    return coaching.add_slot_job(workplace.context, caller, request).id


def pointed(served: Json, known: Known, span: str) -> Json:
    """Give the description as it is served, with what exists named where something is asked for."""
    description = deepcopy(served)
    values: dict[str, Json] = {
        "appointmentId": {"enum": [*known.sessions, "nowhere"]},
        "annotationId": {"enum": known.notes},
        "notificationId": {"enum": known.entries},
        "jobId": {"enum": known.jobs},
        "userIds": {"items": {"enum": known.people}},
        "interval": {"enum": [span]},
    }
    noted = values | {"appointmentId": {"enum": [known.sessions[0], "nowhere"]}}
    for path, operations in description["paths"].items():
        there = noted if "annotationId" in path else values
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"].update(there.get(parameter["name"], {}))
    return description


def bodies_of(known: Known, now: datetime, span: str) -> dict[str, list[Json]]:
    """Requests that are fine, where nobody would draw one by chance."""
    session: Json = {"name": "Call review", "description": "Two calls", "lengthInMinutes": 30}
    predicates = [{"dimension": "attendeeId", "value": each} for each in known.people]
    either = {"type": "Or", "clauses": [{"type": "Or", "predicates": predicates}]}
    slots: Json = {"attendeeIds": known.people[:1], "lengthInMinutes": 30}
    return {
        "patchCoachingAppointment": [{"name": "Better"}, {"lengthInMinutes": 45}],
        "patchCoachingAppointmentStatus": [{"status": "InProgress"}, {"status": "Scheduled"}],
        "patchCoachingAppointmentAnnotation": [{"text": "Better"}, {"text": "Best"}],
        "postCoachingAppointments": [
            session | {"attendeeIds": [each], "dateStart": (now + days * DAY).isoformat()}
            for days in range(2, 40)
            for each in known.people
        ],
        "postCoachingAppointmentsAggregatesQuery": [
            {"interval": span, "filter": either},
            {"interval": span, "filter": either, "groupBy": ["attendeeId"]},
        ],
        "postCoachingScheduleslotsQuery": [slots | {"interval": span}],
        "postCoachingScheduleslotsJobs": [slots | {"intervals": [span], "activityCodeId": "1"}],
    }


@pytest.fixture
def app(workplace: Workplace) -> Iterator[Starlette]:
    """The API, answering from a thread of its own."""
    hop = Hop(threads=2)
    yield build_rest(
        workplace.context, hop, RestSettings(rate_per_minute=0, token_tries_per_minute=0)
    )
    hop.close()


def program_of(workplace: Workplace, name: str) -> tuple[coaching.NewClient, str]:
    """A program that acts for somebody, and its token."""
    client = coaching.create_client(
        workplace.context, email=f"{name.lower()}@example.com", name="A program"
    )
    issued = coaching.issue_token(workplace.context, client.client_id, client.client_secret)
    return client, issued.access_token


def with_body(case: Case[Any], body: Json) -> Case[Any]:
    """Send this body instead."""
    case.body = body
    return case


def drawn(described: Any, bodies: Sequence[Json]) -> st.SearchStrategy[Case[Any]]:
    """Whatever is allowed, whatever is not, and what is fine."""
    cases = [described.as_strategy(generation_mode=each) for each in GenerationMode]
    if bodies:
        cases.append(st.builds(with_body, cases[0], st.sampled_from(bodies)))
    return st.one_of(cases)


def answered(cases: st.SearchStrategy[Case[Any]], sent: Json, *, examples: int) -> Counter[int]:
    """Hold the answer to each case to the description; answers how often each status came."""
    seen: Counter[int] = Counter()

    @given(case=cases)
    @settings(max_examples=examples * TIMES, suppress_health_check=UNHURRIED)
    def ask(case: Case[Any]) -> None:
        response = case.call(headers=sent)
        case.validate_response(response, checks=CHECKS, headers=sent)
        seen[response.status_code] += 1

    ask()
    return seen


@pytest.mark.timeout(120 * TIMES)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_every_answer_is_as_described(
    operation: Operation, app: Starlette, workplace: Workplace, known: Known
) -> None:
    served = schemathesis.openapi.from_asgi("/openapi.json", app).raw_schema
    now = workplace.clock()
    span = f"{now.isoformat()}/{(now + 7 * DAY).isoformat()}"
    schema = schemathesis.openapi.from_dict(pointed(served, known, span))
    schema.app = app
    described = schema[BASE + operation.path][operation.method]
    cases = drawn(described, bodies_of(known, now, span).get(operation.name, []))
    seen: Counter[int] = Counter()
    for name, examples in (("Priya", 20), ("Alex", 40), (None, 4)):
        token = program_of(workplace, name)[1] if name else "nobody"
        seen += answered(cases, {"Authorization": f"Bearer {token}"}, examples=examples)
    assert {operation.status, 401} <= seen.keys()


@pytest.mark.timeout(120 * TIMES)
def test_every_token_is_as_described(app: Starlette, workplace: Workplace) -> None:
    described = schemathesis.openapi.from_asgi("/openapi.json", app)["/oauth/token"]["POST"]
    client, _ = program_of(workplace, "Alex")
    form = {"client_id": client.client_id, "client_secret": client.client_secret}
    grants = [form | {"grant_type": each} for each in ("client_credentials", "password")]
    wrong = {"grant_type": "client_credentials", "client_id": "nobody", "client_secret": "-"}
    seen = answered(drawn(described, [*grants, wrong]), {}, examples=30)
    assert {200, 400, 401} <= seen.keys()
