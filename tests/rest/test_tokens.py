"""Access tokens: given for a secret, by header or form; refused in the words of OAuth."""

import asyncio
import base64
import re
import threading
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from bot import coaching
from bot.hop import Hop
from bot.rest import RestSettings
from bot.rest.app import TOKENS_IN_HAND
from bot.rest.calls import Operation
from bot.rest.operations import OPERATIONS
from tests.coaching.workplace import Workplace
from tests.rest.api import BASE, Api, Json, Ticks, read, read_error
from tests.rest.rows import rows_of

FORM = {"grant_type": "client_credentials"}


def client(workplace: Workplace, name: str = "Dana") -> coaching.NewClient:
    return coaching.create_client(
        workplace.context, email=f"{name.lower()}@example.com", name="A program"
    )


async def ask(api: Api, form: Json, status: int, auth: tuple[str, str] | None = None) -> Json:
    response = await api.http.post("/oauth/token", data=form, auth=auth or httpx.USE_CLIENT_DEFAULT)
    return told(response, status)


def told(response: httpx.Response, status: int) -> Json:
    """Read an answer, and hold it to the words of RFC 6749."""
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["pragma"] == "no-cache"
    assert ("www-authenticate" in response.headers) == (status == 401)
    assert ("retry-after" in response.headers) == (status in (429, 503))
    assert ("allow" in response.headers) == (status == 405)
    body = read(response, status)
    if status != 200:
        assert set(body) == {"error", "error_description"}
        assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", body["error_description"])
    return body


async def test_a_token_by_header_or_by_form_opens_the_door(api: Api) -> None:
    made = client(api.workplace)
    both = (
        (FORM, (made.client_id, made.client_secret)),
        (FORM | {"client_id": made.client_id, "client_secret": made.client_secret}, None),
    )
    for form, auth in both:
        issued = await ask(api, form, 200, auth)
        assert issued == {
            "access_token": issued["access_token"],
            "token_type": "bearer",
            "expires_in": 86400,
            "scope": "coaching",
        }
        headers = {"Authorization": f"Bearer {issued['access_token']}"}
        assert (await api.http.get(f"{BASE}/appointments/me", headers=headers)).is_success


@pytest.mark.parametrize(
    ("form", "basic", "status", "error"),
    [
        (FORM, "{id}:wrong", 401, "invalid_client"),
        (FORM, "unknown:{secret}", 401, "invalid_client"),
        (FORM, "{id}", 401, "invalid_client"),
        (FORM, ":", 401, "invalid_client"),
        (FORM, "\x00:\x00", 401, "invalid_client"),
        (FORM, "", 401, "invalid_client"),
        ({}, "{id}:{secret}", 400, "invalid_request"),
        ({"grant_type": ""}, "{id}:{secret}", 400, "invalid_request"),
        (FORM | {"client_id": ""}, "{id}:{secret}", 200, ""),
        (FORM | {"client_id": "another"}, "{id}:{secret}", 400, "invalid_request"),
        (FORM | {"client_secret": "another"}, "{id}:{secret}", 400, "invalid_request"),
        (FORM | {"scope": "coaching:all"}, "{id}:{secret}", 400, "invalid_scope"),
        (FORM | {"scope": "coaching  x"}, "{id}:{secret}", 400, "invalid_scope"),
        (FORM | {"scope": ""}, "{id}:{secret}", 200, ""),
        (FORM | {"unknown": "field"}, "{id}:{secret}", 200, ""),
        ({"grant_type": "password"}, "{id}:{secret}", 400, "unsupported_grant_type"),
    ],
)
async def test_wrong_credentials(api: Api, form: Json, basic: str, status: int, error: str) -> None:
    made = client(api.workplace)
    given = basic.format(id=made.client_id, secret=made.client_secret).encode()
    headers = {"Authorization": f"Basic {base64.b64encode(given).decode()}"} if given else {}
    response = await api.http.post("/oauth/token", data=form, headers=headers)
    assert told(response, status).get("error", "") == error


@pytest.mark.parametrize(
    ("content", "kind", "basic", "status"),
    [
        (b"{}", "application/json", "e30=", 415),
        (b"x" * 20_000, "application/x-www-form-urlencoded", "e30=", 413),
        (b"\xff=\xff", "application/x-www-form-urlencoded", "e30=", 400),
        (b"grant_type=%ff", "application/x-www-form-urlencoded", "e30=", 400),
        (b"grant_type=client_credentials&a=1&a=1", "", "e30=", 400),
        (b"grant_type=client_credentials&grant_type=client_credentials", "", "e30=", 400),
        (b"&".join(b"a%d=1" % number for number in range(60)), "", "e30=", 400),
        (b"grant_type=client_credentials", "", "not base64", 401),
        (b"grant_type=client_credentials", "", "/w==", 401),
    ],
)
async def test_what_cannot_be_read(
    api: Api, content: bytes, kind: str, basic: str, status: int
) -> None:
    headers = {"Authorization": f"Basic {basic}"} | ({"Content-Type": kind} if kind else {})
    response = await api.http.post("/oauth/token", content=content, headers=headers)
    told(response, status)


async def test_tokens_are_asked_for_by_post(api: Api) -> None:
    answer = await api.http.get("/oauth/token")
    assert told(answer, 405)["error"] == "invalid_request"
    assert answer.headers["allow"] == "POST"


async def test_a_secret_in_the_address_or_two_headers_are_refused(api: Api) -> None:
    made = client(api.workplace)
    pair = (made.client_id, made.client_secret)
    query = {"client_id": made.client_id, "client_secret": made.client_secret}
    answer = await api.http.post("/oauth/token", data=FORM, params=query)
    assert told(answer, 400)["error"] == "invalid_request"
    basic = base64.b64encode(":".join(pair).encode()).decode()
    twice = [("Authorization", f"Basic {basic}"), ("Authorization", f"Basic {basic}")]
    answer = await api.http.post("/oauth/token", data=FORM, headers=twice)
    assert told(answer, 400)["error"] == "invalid_request"
    answer = await api.http.post(
        "/oauth/token", data=FORM, headers={"Authorization": f"Bearer {basic}"}
    )
    assert told(answer, 401)["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("coaching", "coaching"),
        ("coaching:readonly", "coaching:readonly"),
        ("coaching:readonly coaching", "coaching"),
    ],
)
async def test_the_scope_is_answered(api: Api, asked: str, given: str) -> None:
    made = client(api.workplace)
    issued = await ask(api, FORM | {"scope": asked}, 200, (made.client_id, made.client_secret))
    assert issued["scope"] == given


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
async def test_a_token_that_reads_only_changes_nothing(api: Api, operation: Operation) -> None:
    made = client(api.workplace)
    form = FORM | {"scope": "coaching:readonly"}
    issued = await ask(api, form, 200, (made.client_id, made.client_secret))
    bearer = {"Authorization": f"Bearer {issued['access_token']}"}
    before = rows_of(api.workplace.store)
    answer = await api.http.request(
        operation.method, BASE + operation.path.replace("{", "").replace("}", ""), headers=bearer
    )
    if operation.method == "GET" or operation.path.endswith("/query"):
        assert answer.status_code != 403
        assert answer.status_code < 500
    else:
        assert read_error(answer) == (403, "missing.permissions")
    after = rows_of(api.workplace.store)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"clients"}  # when it was last used
    bearer = {"Authorization": f"Bearer {issued['access_token'].removeprefix('ro.')}"}
    answer = await api.http.get(f"{BASE}/appointments/me", headers=bearer)
    assert read_error(answer) == (401, "bad.credentials")


async def test_a_revoked_client_is_out_at_once(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.token('Dana')}"}
    path = f"{BASE}/appointments/me"
    assert (await api.http.get(path, headers=headers)).is_success
    [known] = coaching.list_clients(api.workplace.context)
    coaching.revoke_client(api.workplace.context, known.client_id)
    assert read_error(await api.http.get(path, headers=headers)) == (401, "bad.credentials")


async def test_a_token_ends(api: Api) -> None:
    api.token("Dana")
    api.workplace.clock.advance(timedelta(seconds=86401))
    refused = await api.send("Dana", "GET", "/appointments/me")
    assert read_error(refused) == (401, "bad.credentials")


@pytest.fixture
async def strict(workplace: Workplace) -> AsyncIterator[Api]:
    """The API at which a token may be asked for twice a minute."""
    made = Api(workplace, settings=RestSettings(rate_per_minute=0, token_tries_per_minute=2))
    yield made
    await made.close()


def at(api: Api, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(api.app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://coach.example")


async def test_whoever_tries_too_often_must_wait(strict: Api) -> None:
    auth = ("unknown", "secret")
    for status in (401, 401, 429):
        forged = {"X-Forwarded-For": f"10.0.0.{status}"}
        response = await strict.http.post("/oauth/token", data=FORM, auth=auth, headers=forged)
        assert told(response, status)["error"]
        assert response.headers.get("retry-after") == ("30" if status == 429 else None)
    assert isinstance(strict.ticks, Ticks)
    strict.ticks.now += 30
    assert told(await strict.http.post("/oauth/token", data=FORM, auth=auth), 401)


@pytest.mark.parametrize(
    ("addresses", "clients", "last"),
    [
        (("1.1.1.1", "2.2.2.2", "3.3.3.3"), ("one", "one", "one"), 429),
        (("1.1.1.1", "1.1.1.1", "1.1.1.1"), ("one", "two", "three"), 429),
        (("2001:db8::1", "2001:db8::2", "2001:db8:0:0:9::"), ("one", "two", "three"), 429),
        (("2001:db8::1", "2001:db8::2", "2001:db8:0:1::"), ("one", "two", "three"), 401),
        (("::ffff:1.1.1.1", "::ffff:1.1.1.1", "::ffff:1.1.1.2"), ("one", "two", "three"), 401),
        (("1.1.1.1", "2.2.2.2", "3.3.3.3"), ("one", "two", "three"), 401),
    ],
)
async def test_tries_are_counted_by_address_and_by_client(
    strict: Api, addresses: tuple[str, ...], clients: tuple[str, ...], last: int
) -> None:
    for address, name, status in zip(addresses, clients, (401, 401, last), strict=True):
        async with at(strict, address) as http:
            told(await http.post("/oauth/token", data=FORM, auth=(name, "secret")), status)


async def test_guesses_take_no_thread_from_others_and_do_not_queue_for_ever(
    workplace: Workplace,
) -> None:
    busy = threading.Event()
    hop = Hop(threads=1)
    api = Api(workplace, hop=hop)
    try:
        held = asyncio.ensure_future(hop(busy.wait))
        made = client(workplace)
        tries = [
            api.http.post("/oauth/token", data=FORM, auth=(made.client_id, "wrong"))
            for _ in range(40)
        ]
        answers = await asyncio.gather(*tries)
        busy.set()
        await held
        found = Counter(each.status_code for each in answers)
        assert found == {401: TOKENS_IN_HAND, 503: 40 - TOKENS_IN_HAND}
        for each in answers:
            told(each, each.status_code)
    finally:
        busy.set()
        await api.close()
