"""The published library repeats requests of its own accord; nothing is ever done twice by it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.rest import RestSettings
from tests.coaching.workplace import Workplace
from tests.published.centre import Answered, Centre, served
from tests.published.library import Library

NEW = "/api/v2/coaching/appointments"
Serve = Callable[..., Any]


@pytest.fixture
def serve(workplace: Workplace, library: Library) -> Serve:
    """Serve the workplace in a way that a test needs."""
    return partial(served, workplace, library)


class Torn:
    """Loses the answer to the first request for something new, after all was done."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._torn = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._torn or (scope["method"], scope["path"]) != ("POST", NEW):
            await self._app(scope, receive, send)
            return
        self._torn = True
        await self._app(scope, receive, _lose)
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})


class Stopped:
    """A count of seconds that stands still until somebody was refused for asking too often."""

    def __init__(self) -> None:
        self.answers: list[Answered] = []

    def __call__(self) -> float:
        return 1060.0 if any(each.status == 429 for each in self.answers) else 1000.0


async def _lose(_message: Message) -> None:
    """The network is gone."""


def _posts(centre: Centre) -> list[Answered]:
    return [each for each in centre.answers if (each.method, each.path) == ("POST", NEW)]


def _sessions(centre: Centre) -> int:
    total: int = centre.api("Dana").get_coaching_appointments_me().total
    return total


def test_reading_too_often_is_repeated_and_succeeds(serve: Serve) -> None:
    ticks = Stopped()
    with serve(settings=RestSettings(rate_per_minute=60), ticks=ticks) as centre:
        ticks.answers = centre.answers
        dana = centre.api("Dana")
        for _ in range(61):
            assert dana.get_coaching_appointments_me().total == 0
        refused, served_then = centre.answers[-2:]
    assert (refused.status, refused.headers["retry-after"]) == (429, "1")
    assert (served_then.status, served_then.path) == (200, refused.path)


def test_writing_too_often_is_refused_at_once(serve: Serve) -> None:
    with serve(settings=RestSettings(rate_per_minute=3)) as centre:
        made = centre.schedule()
        dana = centre.api("Dana")
        dana.get_coaching_appointment(made.id)
        dana.get_coaching_appointment(made.id)
        for write in (
            partial(centre.schedule, "Jonas"),
            partial(dana.patch_coaching_appointment, made.id, {"name": "New"}),
            partial(dana.delete_coaching_appointment, made.id),
        ):
            before = len(centre.answers)
            assert centre.refusal(write) == "429 too.many.requests"
            assert len(centre.answers) == before + 1
            assert "retry-after" not in centre.answers[-1].headers
        assert len(centre.workplace.audit("appointment", made.id)) == 1


def test_a_body_that_is_too_large_is_refused_at_once(serve: Serve) -> None:
    with serve(settings=RestSettings(rate_per_minute=0, max_body_bytes=2000)) as centre:
        write = partial(centre.schedule, description="x" * 2000)
        assert centre.refusal(write) == "413 request.entity.too.large"
        assert len(_posts(centre)) == 1
        assert _sessions(centre) == 0


def test_a_database_that_is_held_is_told_once(centre: Centre) -> None:
    assert _sessions(centre) == 0
    file = centre.workplace.store.database.engine.url.database
    assert file
    with closing(sqlite3.connect(file, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        assert centre.refusal(centre.schedule) == "503 service.unavailable"
    [answered] = _posts(centre)
    assert "retry-after" not in answered.headers
    assert _sessions(centre) == 0


@pytest.fixture
def torn(serve: Serve) -> Iterator[Centre]:
    """A contact centre whose first answer to a new session gets lost."""
    with serve(around=Torn) as centre:
        yield centre


def test_a_lost_answer_makes_no_second_session(torn: Centre) -> None:
    assert torn.refusal(torn.schedule) == "409 appointment.conflict"
    assert [each.status for each in _posts(torn)] == [201, 409]
    assert _sessions(torn) == 1


def test_a_lost_answer_is_given_again_to_whoever_sends_a_key(torn: Centre) -> None:
    torn.api("Dana").api_client.set_default_header("Idempotency-Key", "one")
    made = torn.schedule()
    assert [each.status for each in _posts(torn)] == [201, 201]
    [found] = torn.api("Dana").get_coaching_appointments_me().entities
    assert found.to_dict() == made.to_dict()
