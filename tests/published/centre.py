"""A contact centre whose API is served on loopback, and published clients of it."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import coaching
from bot.hop import Hop
from bot.rest import RestSettings, build_rest
from bot.serving import serving
from tests.coaching.workplace import Workplace
from tests.published.library import UNKNOWN_WORD, Library
from tests.rest.api import UNLIMITED, Ticks

ERROR_FIELDS = (
    "message code status contextId messageWithParams messageParams details errors".split()
)


@dataclass(frozen=True)
class Answered:
    """What went over the wire."""

    method: str
    path: str
    query: str
    status: int
    headers: dict[str, str]


class Watched:
    """Writes down how every request was answered, before whoever asked can know."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.answers: list[Answered] = []
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answers.append(_answered(scope, message))
            else:
                self.bodies.append(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, tell)


class Server:
    """An application in a thread of its own, as long as the block lasts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self.url = ""

    def __enter__(self) -> "Server":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        async with serving(self._app, host="127.0.0.1", port=0) as self.url:
            self._ready.set()
            await self._over.wait()


class Centre:
    """The people of a workplace, each with a published client."""

    def __init__(
        self, workplace: Workplace, library: Library, url: str, answers: list[Answered]
    ) -> None:
        self.workplace = workplace
        self.library = library
        self.url = url
        self.answers = answers
        self._apis: dict[str, Any] = {}

    @property
    def ids(self) -> dict[str, str]:
        """Everybody's id, by name."""
        return self.workplace.ids

    def credentials(self, name: str) -> coaching.NewClient:
        """Register a program that acts for a person."""
        email = f"{name.lower()}@example.com"
        return coaching.create_client(self.workplace.context, email=email, name="Published")

    def api(self, name: str) -> Any:
        """The coaching part of a client that logged in for a person."""
        if name not in self._apis:
            found = self.credentials(name)
            client = self.library.connect(self.url)
            client.get_client_credentials_token(found.client_id, found.client_secret)
            self._apis[name] = self.library.coaching(client)
        return self._apis[name]

    def request(self, *attendees: str, **changes: Any) -> Any:
        """A session to schedule, in the library's words."""
        wanted = self.workplace.request(*attendees)
        values = {
            "name": wanted.name,
            "description": wanted.description,
            "date_start": wanted.starts_at,
            "length_in_minutes": wanted.length_minutes,
            "attendee_ids": list(wanted.attendee_ids),
        }
        return self.library.make("CreateCoachingAppointmentRequest", **values | changes)

    def schedule(self, *attendees: str, by: str = "Dana", **changes: Any) -> Any:
        """Schedule a session by the library."""
        return self.api(by).post_coaching_appointments(self.request(*attendees, **changes))

    def refusal(self, call: Callable[[], Any]) -> str:
        """Give the status and code of a refusal, whose body is as the contract says."""
        with pytest.raises(self.library.refusal) as caught:
            call()
        error: Any = caught.value
        body = json.loads(error.body)
        assert sorted(body) == sorted(ERROR_FIELDS)
        assert body["status"] == error.status
        assert body["message"]
        assert body["contextId"] == error.headers["ININ-Correlation-Id"]
        return f"{error.status} {body['code']}"


@contextmanager
def served(
    workplace: Workplace,
    library: Library,
    *,
    settings: RestSettings = UNLIMITED,
    ticks: Callable[[], float] | None = None,
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
) -> Iterator[Centre]:
    """Serve a workplace; in the end, no answer may have held a null."""
    hop = Hop(threads=2)
    app = Watched(build_rest(workplace.context, hop, settings, ticks=ticks or Ticks()))
    try:
        with Server(around(app)) as server:
            yield Centre(workplace, library, server.url, app.answers)
    finally:
        hop.close()
    assert [each for each in app.bodies if each and _has_null(json.loads(each))] == []


def known(found: Any) -> Any:
    """Give an answer of the library's, in which it knew every word."""
    assert UNKNOWN_WORD not in str(found.to_dict())
    return found


def names(page: Any) -> list[str]:
    """The names on a page of a list."""
    return [each.name for each in known(page).entities]


def interval(start: datetime, end: datetime) -> str:
    """A span as the library's documentation writes it."""
    return f"{start:%Y-%m-%dT%H:%M:%S}/{end:%Y-%m-%dT%H:%M:%S}"


def _answered(scope: Scope, start: Message) -> Answered:
    return Answered(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode(),
        status=start["status"],
        headers={name.decode().lower(): value.decode() for name, value in start["headers"]},
    )


def _has_null(value: Any) -> bool:
    items = value.values() if isinstance(value, dict) else value
    return value is None or (isinstance(value, dict | list) and any(map(_has_null, items)))
