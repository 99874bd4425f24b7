"""Speaking to the API as one of the people of the workplace."""

from collections.abc import Callable
from typing import Any, cast

import httpx
import msgspec

from bot import coaching
from bot.hop import Hop
from bot.rest import RestSettings, build_rest
from tests.coaching.workplace import Workplace

BASE = "/api/v2/coaching"
Json = dict[str, Any]
UNLIMITED = RestSettings(rate_per_minute=0, token_tries_per_minute=0)


class Ticks:
    """A count of seconds that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Api:
    """The API with a client for each person."""

    def __init__(
        self,
        workplace: Workplace,
        *,
        settings: RestSettings = UNLIMITED,
        ticks: Callable[[], float] | None = None,
        hop: Hop | None = None,
    ) -> None:
        self.workplace = workplace
        self.hop = hop or Hop(threads=2)
        self.ticks = ticks or Ticks()
        self.app = build_rest(workplace.context, self.hop, settings, ticks=self.ticks)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://coach.example"
        )
        self._tokens: dict[str, str] = {}

    async def close(self) -> None:
        """Let go of the threads and the connections."""
        await self.http.aclose()
        self.hop.close()

    def token(self, name: str) -> str:
        """An access token of a client that acts for a person."""
        if name not in self._tokens:
            context = self.workplace.context
            client = coaching.create_client(
                context, email=f"{name.lower()}@example.com", name=f"{name}’s client"
            )
            issued = coaching.issue_token(context, client.client_id, client.client_secret)
            self._tokens[name] = issued.access_token
        return self._tokens[name]

    async def send(
        self, name: str, method: str, path: str, *, headers: Json | None = None, **request: Any
    ) -> httpx.Response:
        """Send a request for a person; the path is below the base of the API."""
        authorization = {"Authorization": f"Bearer {self.token(name)}"}
        return await self.http.request(
            method,
            path if path.startswith("http") else BASE + path,
            headers=authorization | (headers or {}),
            **request,
        )

    async def get(self, name: str, path: str, **params: Any) -> Json:
        """Get something that is there."""
        return read(await self.send(name, "GET", path, params=params or None), 200)

    async def post(self, name: str, path: str, body: Any, status: int = 201) -> Json:
        """Post something that is accepted."""
        return read(await self.send(name, "POST", path, json=body), status)

    async def patch(self, name: str, path: str, body: Any) -> Json:
        """Change something."""
        return read(await self.send(name, "PATCH", path, json=body), 200)

    def body(self, *attendees: str, **changes: Any) -> Json:
        """A session to schedule, in JSON; a change to None leaves the field out."""
        request = self.workplace.request(*attendees)
        body = {
            "name": request.name,
            "description": request.description,
            "dateStart": request.starts_at.isoformat(),
            "lengthInMinutes": request.length_minutes,
            "attendeeIds": list(request.attendee_ids),
        } | changes
        return {name: value for name, value in body.items() if value is not None}


def read(response: httpx.Response, status: int) -> Json:
    """Give the JSON of an answer that has this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["ININ-Correlation-Id"]
    return cast(Json, msgspec.json.decode(response.content))


def read_error(response: httpx.Response) -> tuple[int, str]:
    """Give the status and the code of a refusal, whose body is as the contract says."""
    body = read(response, response.status_code)
    assert set(body) == {
        "message",
        "code",
        "status",
        "contextId",
        "messageWithParams",
        "messageParams",
        "details",
        "errors",
    }
    assert body["status"] == response.status_code
    assert body["message"]
    assert body["contextId"] == response.headers["ININ-Correlation-Id"]
    return response.status_code, body["code"]
