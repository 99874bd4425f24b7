"""Access tokens: given for a secret, by header or form; refused in the words of OAuth."""

import base64
from datetime import timedelta

import httpx
import pytest

from bot import coaching
from bot.rest import RestSettings
from tests.coaching.workplace import Workplace
from tests.rest.api import BASE, Api, Json, read, read_error

FORM = {"grant_type": "client_credentials"}


def client(workplace: Workplace, name: str = "Dana") -> coaching.NewClient:
    return coaching.create_client(
        workplace.context, email=f"{name.lower()}@example.com", name="A program"
    )


async def ask(api: Api, form: Json, status: int, auth: tuple[str, str] | None = None) -> Json:
    response = await api.http.post("/oauth/token", data=form, auth=auth or httpx.USE_CLIENT_DEFAULT)
    assert response.headers["cache-control"] == "no-store"
    return read(response, status)


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
        ({}, "{id}:{secret}", 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, "{id}:{secret}", 400, "unsupported_grant_type"),
    ],
)
async def test_wrong_credentials(api: Api, form: Json, basic: str, status: int, error: str) -> None:
    made = client(api.workplace)
    given = basic.format(id=made.client_id, secret=made.client_secret).encode()
    headers = {"Authorization": f"Basic {base64.b64encode(given).decode()}"} if given else {}
    response = await api.http.post("/oauth/token", data=form, headers=headers)
    body = read(response, status)
    assert body["error"] == error
    assert set(body) == {"error", "error_description"}
    assert ("WWW-Authenticate" in response.headers) == (status == 401)


@pytest.mark.parametrize(
    ("content", "kind", "basic", "status"),
    [
        (b"{}", "application/json", "e30=", 415),
        (b"x" * 20_000, "application/x-www-form-urlencoded", "e30=", 413),
        (b"\xff=\xff", "application/x-www-form-urlencoded", "e30=", 400),
        (b"grant_type=client_credentials", "", "not base64", 401),
        (b"grant_type=client_credentials", "", "/w==", 401),
    ],
)
async def test_what_cannot_be_read(
    api: Api, content: bytes, kind: str, basic: str, status: int
) -> None:
    headers = {"Authorization": f"Basic {basic}"} | ({"Content-Type": kind} if kind else {})
    response = await api.http.post("/oauth/token", content=content, headers=headers)
    assert set(read(response, status)) == {"error", "error_description"}


async def test_tokens_are_asked_for_by_post(api: Api) -> None:
    assert read(await api.http.get("/oauth/token"), 405)["error"] == "invalid_request"


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


async def test_whoever_tries_too_often_must_wait(workplace: Workplace) -> None:
    api = Api(workplace, settings=RestSettings(rate_per_minute=2))
    auth = ("unknown", "secret")
    for status in (401, 401, 429):
        response = await api.http.post("/oauth/token", data=FORM, auth=auth)
        assert read(response, status)["error"]
        assert "Retry-After" not in response.headers
    await api.close()
