"""What is too long, too often, of the wrong kind, or at the wrong address is refused politely."""

from collections.abc import AsyncIterator, Callable
from typing import ParamSpec, TypeVar

import pytest
from starlette.types import Message

from bot.hop import Hop
from bot.rest import RestSettings
from bot.version import version
from tests.coaching.workplace import Workplace
from tests.rest.api import BASE, Api, Ticks, read, read_error
from tests.rest.rows import rows_of

P = ParamSpec("P")
T = TypeVar("T")

SMALL = RestSettings(rate_per_minute=0, max_body_bytes=1000)


@pytest.fixture
async def small(workplace: Workplace) -> AsyncIterator[Api]:
    """The API that reads at most a thousand bytes."""
    made = Api(workplace, settings=SMALL)
    yield made
    await made.close()


async def _in_parts(size: int, part: int = 100) -> AsyncIterator[bytes]:
    for _ in range(size // part):
        yield b" " * part


async def test_a_long_body_is_refused_whether_its_length_is_told_or_not(small: Api) -> None:
    headers = {"Content-Type": "application/json"}
    small.token("Dana")
    before = rows_of(small.workplace.store)
    for content in (b" " * 1001, b" " * 100_000, _in_parts(1100), _in_parts(100_000)):
        response = await small.send(
            "Dana", "POST", "/appointments", content=content, headers=headers
        )
        assert read_error(response) == (413, "request.entity.too.large")
        assert "Retry-After" not in response.headers
    assert rows_of(small.workplace.store) == before
    padded = await small.send(
        "Dana",
        "PATCH",
        "/notifications/none",
        content=b'{"markedAsRead":true}' + b" " * 979,
        headers=headers,
    )
    assert read_error(padded) == (404, "notification.not.found")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_what_is_not_json_is_refused(api: Api, headers: dict[str, str]) -> None:
    response = await api.send("Dana", "POST", "/appointments", content=b"{}", headers=headers)
    assert read_error(response) == (415, "unsupported.media.type")


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
)
async def test_json_goes_by_several_names(api: Api, kind: str) -> None:
    response = await api.send(
        "Dana", "POST", "/appointments", content=b"{}", headers={"Content-Type": kind}
    )
    assert read_error(response) == (400, "constraint.validation")


NO_OBJECTS = (
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b'{"name": "\xff"}',
    b'{"name": "\xed\xa0\x80"}',
    b'{"name": "\\ud800"}',
    b'{"name": "\x00"}',
    b'{"name": NaN}',
    b"\xef\xbb\xbf{}",
    b'{"x":' * 50_000 + b"1" + b"}" * 50_000,
    b"[" * 100_000,
)


async def test_a_body_that_is_no_object_is_a_bad_request(api: Api) -> None:
    headers = {"Content-Type": "application/json"}
    for content in NO_OBJECTS:
        response = await api.send("Dana", "POST", "/appointments", content=content, headers=headers)
        assert read_error(response) == (400, "bad.request"), content[:30]


async def test_numbers_of_any_size_are_refused_by_name(api: Api) -> None:
    start = b'{"name":"n","description":"d","dateStart":"2026-03-04T09:00Z","attendeeIds":["p"],'
    for number in ("1e999", "-1", "1e3", "9" * 30, "9" * 5000, "0.5", "30.0"):
        response = await api.send(
            "Dana",
            "POST",
            "/appointments",
            content=start + f'"lengthInMinutes":{number}}}'.encode(),
            headers={"Content-Type": "application/json"},
        )
        status, code = read_error(response)
        assert (status, code) in {(400, "invalid.value"), (400, "constraint.validation")}
        assert response.json()["details"][0]["fieldName"] == "lengthInMinutes"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", f"{BASE}/appointments", "GET, HEAD, POST"),
        ("DELETE", f"{BASE}/appointments/me", "GET, HEAD"),
        ("POST", f"{BASE}/appointments/x", "DELETE, GET, HEAD, PATCH"),
        ("OPTIONS", f"{BASE}/notifications", "GET, HEAD"),
        ("POST", "/openapi.json", "GET, HEAD"),
    ],
)
async def test_a_method_that_an_address_has_not(
    api: Api, method: str, path: str, allowed: str
) -> None:
    response = await api.http.request(method, path)
    assert read_error(response) == (405, "method.not.allowed")
    assert response.headers["Allow"] == allowed


@pytest.mark.parametrize("path", ["/", "/api/v2/coaching", "/api/v2/users/x", f"{BASE}/x//y"])
async def test_an_address_at_which_there_is_nothing(api: Api, path: str) -> None:
    assert read_error(await api.http.get(path)) == (404, "not.found")


async def test_each_client_has_a_rate_of_its_own(workplace: Workplace) -> None:
    ticks = Ticks()
    api = Api(workplace, settings=RestSettings(rate_per_minute=3), ticks=ticks)
    for _ in range(3):
        await api.get("Dana", "/appointments/me")
    refused = await api.send("Dana", "GET", "/appointments/me")
    assert read_error(refused) == (429, "too.many.requests")
    assert refused.headers["Retry-After"] == "20"
    body = api.body()
    before = rows_of(workplace.store)
    written = await api.send("Dana", "POST", "/appointments", json=body)
    assert read_error(written) == (429, "too.many.requests")
    assert "Retry-After" not in written.headers
    assert rows_of(workplace.store) == before
    await api.get("Grace", "/appointments/me")
    ticks.now += 20
    await api.get("Dana", "/appointments/me")
    assert (await api.send("Dana", "GET", "/appointments/me")).status_code == 429
    ticks.now += 3600
    for _ in range(3):
        await api.get("Dana", "/appointments/me")
    assert (await api.send("Dana", "GET", "/appointments/me")).status_code == 429
    await api.close()


@pytest.mark.parametrize("key", ["k" * 256])
async def test_a_key_that_is_too_long_is_refused(api: Api, key: str) -> None:
    response = await api.send(
        "Dana", "POST", "/appointments", json=api.body(), headers={"Idempotency-Key": key}
    )
    assert read_error(response) == (400, "constraint.validation")


class CountingHop(Hop):
    """A hop that counts how often it is taken."""

    def __init__(self) -> None:
        super().__init__(threads=1)
        self.taken = 0

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.taken += 1
        return await super().__call__(function, *args, **kwargs)


async def test_a_request_takes_one_hop(workplace: Workplace) -> None:
    hop = CountingHop()
    api = Api(workplace, hop=hop)
    await api.post("Dana", "/appointments", api.body())
    await api.get("Priya", "/notifications", expand="appointment")
    assert hop.taken == 2
    await api.close()


async def test_it_says_that_it_is_alive(api: Api) -> None:
    assert read(await api.http.get("/health/live"), 200) == {
        "status": "live",
        "version": version(),
    }


async def test_a_client_that_hangs_up_in_the_middle_is_let_go(api: Api) -> None:
    sent: list[Message] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{BASE}/appointments",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {api.token('Dana')}".encode())],
    }
    parts: list[Message] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return parts.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await api.app(scope, receive, send)
    assert sent == []


async def test_what_announces_itself_as_far_too_long_is_not_read(small: Api) -> None:
    read_parts = 0

    async def never() -> AsyncIterator[bytes]:
        nonlocal read_parts
        read_parts += 1
        yield b""

    response = await small.send(
        "Dana",
        "POST",
        "/appointments",
        content=never(),
        headers={"Content-Type": "application/json", "Content-Length": "10000000"},
    )
    assert read_error(response) == (413, "request.entity.too.large")
    assert read_parts == 0
