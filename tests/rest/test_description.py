"""The description says what the API does, no more and no less."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.rest.operations import ON_EVERY, OPERATIONS
from tests.rest.api import BASE, Api, Json, read

CONTRACT = """
GET /appointments
GET /appointments/me
POST /appointments
GET /appointments/{appointmentId}
PATCH /appointments/{appointmentId}
DELETE /appointments/{appointmentId}
PATCH /appointments/{appointmentId}/status
GET /appointments/{appointmentId}/statuses
POST /appointments/{appointmentId}/conversations
GET /appointments/{appointmentId}/annotations
POST /appointments/{appointmentId}/annotations
GET /appointments/{appointmentId}/annotations/{annotationId}
PATCH /appointments/{appointmentId}/annotations/{annotationId}
DELETE /appointments/{appointmentId}/annotations/{annotationId}
GET /notifications
GET /notifications/{notificationId}
PATCH /notifications/{notificationId}
POST /appointments/aggregates/query
POST /scheduleslots/query
POST /scheduleslots/jobs
GET /scheduleslots/jobs/{jobId}
"""


@pytest.fixture
async def description(api: Api) -> Json:
    """The description as it is served."""
    return read(await api.http.get("/openapi.json"), 200)


def operations(description: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def inside(value: Any) -> Iterator[Json]:
    """Every object in a description."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from inside(each)


def test_the_operations_are_those_of_the_contract(description: Json) -> None:
    found = {f"{method} {path}" for method, path, _ in operations(description)}
    wanted = {line.replace(" ", f" {BASE}") for line in CONTRACT.split("\n") if line}
    assert found == wanted | {"POST /oauth/token"}
    names = [each["operationId"] for _, _, each in operations(description)]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere(description: Json) -> None:
    refs = {each["$ref"] for each in inside(description) if "$ref" in each}
    assert refs
    for ref in refs:
        found: Any = description
        for key in ref.removeprefix("#/").split("/"):
            found = found[key]
        assert found


def test_every_parameter_in_a_path_is_described(description: Json) -> None:
    for _, path, operation in operations(description):
        described = [
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"
        ]
        assert described == re.findall(r"\{(\w+)\}", path)


def test_every_error_and_header_is_described(description: Json) -> None:
    by_name = {each["operationId"]: each for _, _, each in operations(description)}
    for operation in OPERATIONS:
        responses = by_name[operation.name]["responses"]
        for each in {*operation.errors, *ON_EVERY}:
            status, code = each.split()
            if status in {"413", "415"} and operation.body is None:
                assert status not in responses
                continue
            schema = responses[status]["content"]["application/json"]["schema"]
            assert code in schema["properties"]["code"]["enum"]
        assert all("ININ-Correlation-Id" in each["headers"] for each in responses.values())
        assert ("Retry-After" in responses["429"]["headers"]) == (operation.method == "GET")
        assert "WWW-Authenticate" in responses["401"]["headers"]
        assert str(operation.status) in responses


def test_answers_are_never_null_and_words_are_listed(description: Json) -> None:
    schemas = description["components"]["schemas"]
    appointment = schemas["Appointment"]
    assert {"type": "null"} not in list(inside(appointment))
    assert schemas["Status"]["enum"] == ["Completed", "InProgress", "InvalidSchedule", "Scheduled"]
    assert set(schemas["NewAppointment"]["required"]) == {
        "name",
        "description",
        "dateStart",
        "lengthInMinutes",
        "attendeeIds",
    }
    listing = description["paths"][f"{BASE}/appointments"]["get"]["parameters"]
    by_name = {each["name"]: each for each in listing}
    assert set(by_name) == {
        "userIds",
        "interval",
        "intervalCondition",
        "statuses",
        "facilitatorIds",
        "relationships",
        "sortOrder",
        "completionInterval",
        "overdue",
        "pageNumber",
        "pageSize",
    }
    assert by_name["userIds"]["required"]
    assert by_name["pageSize"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "default": 25,
    }


async def test_the_page_and_its_parts_need_nothing_from_afar(api: Api) -> None:
    page = await api.http.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(parts) >= 4
    for part in parts:
        if part != "data:,":
            found = await api.http.get(f"/{part}")
            assert found.status_code == 200
            assert "://" not in found.text.replace("http://www.w3.org", "") or part.endswith("json")
