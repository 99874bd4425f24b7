"""Whatever is sent, the answer is one of the contract; a wrong type changes nothing."""

import copy
import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from tests.rest.api import Api, Json, read_error
from tests.rest.rows import rows_of

UUID = "a1b2c3d4-0000-4000-8000-00000000abcd"
WEEK = "2026-03-02T00:00:00Z/2026-03-09T00:00:00Z"
WFM = {
    "id": "w",
    "businessUnit": {"id": "b", "selfUri": "/b"},
    "weekDate": "2026-03-02",
    "selfUri": "/w",
}
KINDS: Final[Json] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 0.5,
    "string": "text",
    "array": [{}],
    "object": {"a": 1},
}
HEADERS = {"Content-Type": "application/json"}


class Target:
    """One operation with a body that is fine, and its schema."""

    def __init__(self, method: str, path: str, schema: str, body: Json) -> None:
        self.method = method
        self.path = path
        self.schema = {"$ref": f"#/components/schemas/{schema}"}
        self.body = body


def targets(api: Api) -> list[Target]:
    """Every operation that takes a body, on things that are there."""
    ids = api.workplace.ids
    made = api.workplace.schedule("Dana", facilitator="Grace")
    at = f"/appointments/{made.id}"
    note = coaching.add_annotation(
        api.workplace.context,
        api.workplace.caller("Dana"),
        made.id,
        text="A note",
        access_type=coaching.AccessType.PUBLIC,
    )
    attached = {"conversationIds": [UUID], "documentIds": ["d"], "wfmSchedule": WFM}
    more = attached | {
        "externalLinks": ["https://example.com"],
        "location": "Room 4",
        "shareInsightsData": True,
        "addToSchedule": True,
    }
    start = {"dateStart": "2026-03-06T09:00:00Z"}
    slots = {"lengthInMinutes": 30, "attendeeIds": [ids["Priya"]], "facilitatorIds": [ids["Dana"]]}
    predicate = {"dimension": "status", "value": "Completed"}
    counts = {
        "interval": WEEK,
        "filter": {"type": "And", "clauses": [{"type": "Or", "predicates": [predicate]}]},
        "metrics": ["nActivities"],
        "groupBy": ["attendeeId"],
    }
    entry = api.workplace.notifications("Grace")[0].id
    return [
        Target("POST", "/appointments", "NewAppointment", api.body("Jonas", **start, **more)),
        Target("PATCH", at, "AppointmentChanges", api.body() | more | {"status": "InProgress"}),
        Target("PATCH", f"{at}/status", "NewStatus", {"status": "Completed"}),
        Target("POST", f"{at}/conversations", "NewConversation", {"conversationId": UUID}),
        Target("POST", f"{at}/annotations", "NewAnnotation", {"text": "x", "accessType": "Public"}),
        Target("PATCH", f"{at}/annotations/{note.id}", "AnnotationText", {"text": "x"}),
        Target("PATCH", f"/notifications/{entry}", "ReadState", {"markedAsRead": True}),
        Target("POST", "/appointments/aggregates/query", "AggregateQuery", counts),
        Target("POST", "/scheduleslots/query", "SlotQuery", slots | {"interval": WEEK}),
        Target(
            "POST",
            "/scheduleslots/jobs",
            "NewSlotJob",
            slots | {"intervals": [WEEK], "activityCodeId": "c", "slotsType": "BestTime"},
        ),
    ]


def positions(api: Json, schema: Json, value: Any, path: tuple[Any, ...] = ()) -> Iterator[Any]:
    """Every place in a body, with the types that its schema allows there."""
    options = [_resolved(api, each) for each in schema.get("anyOf", [schema])]
    yield path, {each.get("type", "any") for each in options}
    [option] = [each for each in options if each.get("type") != "null"]
    if isinstance(value, dict):
        for name, each in value.items():
            if name in option["properties"]:
                yield from positions(api, option["properties"][name], each, (*path, name))
    elif isinstance(value, list):
        yield from positions(api, option["items"], value[0], (*path, 0))


def _resolved(api: Json, schema: Json) -> Json:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = api["components"]["schemas"][name] if name else schema
    return found


def replaced(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Put another value at one place of a body."""
    if not path:
        return value
    changed = copy.deepcopy(body)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


@pytest.fixture
async def described(api_anywhere: Api) -> Json:
    """The description of the API."""
    found: Json = (await api_anywhere.http.get("/openapi.json")).json()
    return found


@pytest.fixture
def found(api_anywhere: Api) -> list[Target]:
    """Every operation that takes a body."""
    return targets(api_anywhere)


async def test_a_wrong_type_at_any_place_is_refused_and_changes_nothing(
    api_anywhere: Api, described: Json, found: list[Target]
) -> None:
    api = api_anywhere
    api.token("Grace")
    before = rows_of(api.workplace.store)
    tried = 0
    for target in found:
        for path, allowed in positions(described, target.schema, target.body):
            for kind, wrong in KINDS.items():
                if kind in allowed:
                    continue
                body = replaced(target.body, path, wrong)
                response = await api.send("Grace", target.method, target.path, json=body)
                status, code = read_error(response)
                assert status == 400, (target.path, path, wrong, response.text)
                assert path or code == "bad.request"
                tried += 1
    assert tried > 300
    assert rows_of(api.workplace.store) == before


async def test_what_the_wrong_types_were_put_into_is_fine(api: Api) -> None:
    for target in reversed(targets(api)):
        response = await api.send("Grace", target.method, target.path, json=target.body)
        fine = response.is_success or response.json()["code"] == "appointment.state.conflict"
        assert fine, (target.path, response.text)


TEXTS = st.text() | st.sampled_from(
    ["", " ", "\x00", "a\x00", "\ufeff", "💬" * 500, "x" * 5000, "٣", "%", "' or 1=1 --", "\u2028"]
)


@settings(max_examples=60)
@given(data=st.data(), text=TEXTS)
async def test_any_text_anywhere_has_an_answer_of_the_contract(
    api_anywhere: Api,
    described: Json,
    found: list[Target],
    data: st.DataObject,
    text: str,
) -> None:
    places = [
        (target, path)
        for target in found
        for path, allowed in positions(described, target.schema, target.body)
        if "string" in allowed
    ]
    target, path = data.draw(st.sampled_from(places))
    body = json.dumps(replaced(target.body, path, text)).encode()
    await _answers(api_anywhere, target.method, target.path, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(body=JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60))
async def test_any_body_at_all_has_an_answer_of_the_contract(api: Api, body: bytes) -> None:
    for method, path in (("POST", "/appointments"), ("POST", "/appointments/aggregates/query")):
        await _answers(api, method, path, body)


@settings(max_examples=60)
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(
                "userIds interval pageNumber pageSize statuses facilitatorIds sortOrder "
                "relationships completionInterval overdue intervalCondition x".split()
            ),
            TEXTS.map(lambda text: text[:200]),
        ),
        max_size=4,
    )
)
async def test_any_query_has_an_answer_of_the_contract(
    api_anywhere: Api, pairs: list[tuple[str, str]]
) -> None:
    given_pairs = [*pairs, ("userIds", api_anywhere.workplace.ids["Priya"])]
    await _answers(api_anywhere, "GET", "/appointments", params=given_pairs)
    await _answers(api_anywhere, "GET", "/appointments/me", params=pairs)


@settings(max_examples=60)
@given(text=st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])))
async def test_any_id_has_an_answer_of_the_contract(api_anywhere: Api, text: str) -> None:
    for path in ("/appointments/{}", "/notifications/{}", "/scheduleslots/jobs/{}"):
        await _answers(api_anywhere, "GET", path.format(quote(text, safe="")))


async def _answers(
    api: Api, method: str, path: str, content: bytes | None = None, **request: Any
) -> None:
    response = await api.send(
        "Dana", method, path, content=content, headers=HEADERS if content else None, **request
    )
    assert response.status_code < 500, response.text
    if not response.is_success:
        read_error(response)


@pytest.mark.parametrize("name", ["Authorization", "Idempotency-Key", "Content-Type"])
async def test_any_header_has_an_answer_of_the_contract(api: Api, name: str) -> None:
    for value in ("", " ", "\xff", "x" * 3000, "Bearer", ",", "Bearer \x7f"):
        response = await api.http.post(
            "/api/v2/coaching/appointments",
            content=b"{}",
            headers=[(b"Authorization", f"Bearer {api.token('Dana')}".encode())]
            * (name != "Authorization")
            + [(name.encode(), value.encode("latin-1"))],
        )
        assert read_error(response)[0] in {400, 401, 415}
