"""Every code of the contract, asked for by a request that deserves it; nothing is ever written."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from string import Template

import pytest

from bot import coaching
from bot.rest.operations import ON_EVERY, OPERATIONS
from storage.errors import UnreachableError
from storage.transaction import Store, Transaction
from tests.coaching.workplace import Workplace
from tests.rest.api import BASE, Api, read_error
from tests.rest.rows import rows_of

TABLE = Path(__file__).parent / "refusals.txt"
PEOPLE = [f"p{number}" for number in range(101)]


@dataclass(frozen=True)
class Case:
    """One line of the table: somebody's request, and how it is refused."""

    refusal: str
    who: str
    what: str
    body: str


def cases() -> list[Case]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    parts = [line.split("  ", 3) for line in lines if line and not line.startswith("#")]
    return [Case(*each, *[""] * (4 - len(each))) for each in parts]


class ShakyStore(Store):
    """A store that raises what it is told to."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.failure: Exception | None = None

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        if self.failure:
            raise self.failure
        with self._store.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        if self.failure:
            raise self.failure
        with self._store.read() as tx:
            yield tx


@pytest.fixture
def scene(workplace: Workplace) -> dict[str, str]:
    """Sessions in several states, notes of both kinds, an inbox entry."""
    workplace.hire("Guest", division="Home", roles=())
    start = workplace.clock() + timedelta(days=1, hours=1)
    mine = workplace.schedule("Dana", starts_at=start)
    other = workplace.schedule("Dana", "Priya", "Jonas", facilitator="Grace")
    later = start + timedelta(days=3)
    done = workplace.schedule("Dana", starts_at=later)
    coaching.change_status(
        workplace.context, workplace.caller("Dana"), done.id, coaching.Status.COMPLETED
    )
    gone = workplace.schedule("Dana", starts_at=later + timedelta(days=1))
    coaching.delete(workplace.context, workplace.caller("Dana"), gone.id)
    ids = {"mine": mine.id, "other": other.id, "done": done.id, "gone": gone.id}
    notes = {
        name: _note(workplace, mine.id, kind)
        for name, kind in (("note", "Public"), ("secret", "Private"), ("deleted", "Public"))
    }
    coaching.delete_annotation(
        workplace.context, workplace.caller("Dana"), mine.id, notes["deleted"]
    )
    entry = workplace.notifications("Priya")[0].id
    crowd = [{"dimension": "attendeeId", "value": each} for each in PEOPLE]
    words = {
        "crowd": ",".join(PEOPLE),
        "crowd_of_predicates": json.dumps(crowd),
        "endless": "x" * 300,
    }
    return workplace.ids | ids | notes | words | {"entry": entry}


def _note(workplace: Workplace, appointment_id: str, kind: str) -> str:
    return coaching.add_annotation(
        workplace.context,
        workplace.caller("Dana"),
        appointment_id,
        text="A note",
        access_type=coaching.AccessType(kind),
    ).id


async def ask(api: Api, scene: dict[str, str], case: Case) -> str:
    """Send the request of a case; answers the status and the code of the refusal."""
    method, path = Template(case.what).substitute(scene).split(" ", 1)
    request = {"json": json.loads(Template(case.body).substitute(scene))} if case.body else {}
    if (method, path) == ("POST", "/appointments"):
        request["json"] = api.body(**request["json"])
    status, code = read_error(await api.send(case.who, method, path, **request))
    return f"{status} {code}"


async def test_the_code_of_each_refusal_and_nothing_is_written(
    api: Api, scene: dict[str, str]
) -> None:
    for name in ("Dana", "Priya", "Jonas", "Omar"):
        api.token(name)
    before = rows_of(api.workplace.store)
    got = {each: await ask(api, scene, each) for each in cases()}
    assert {each: found for each, found in got.items() if found != each.refusal} == {}
    assert rows_of(api.workplace.store) == before


def test_no_documented_code_is_left_untested() -> None:
    elsewhere = {"401", "413", "415", "429", "500", "503"}
    documented = {*ON_EVERY, *(code for each in OPERATIONS for code in each.errors)}
    left = documented - {case.refusal for case in cases()}
    assert {each for each in left if each[:3] not in elsewhere} == {"400 bad.request"}


async def test_nobody_is_let_in_without_a_token(api: Api) -> None:
    for given in ("", "Basic eDp5", "Bearer ", "Bearer"):
        response = await api.http.get(
            f"{BASE}/appointments/me", headers={"Authorization": given} if given else {}
        )
        assert read_error(response) == (401, "authentication.required")
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="coaching"'
    for token in ("nonsense", "\xff", "a" * 5000):
        response = await api.http.get(
            f"{BASE}/appointments/me",
            headers=[(b"Authorization", f"bearer {token}".encode("latin-1"))],
        )
        assert read_error(response) == (401, "bad.credentials")
        assert "invalid_token" in response.headers["WWW-Authenticate"]


async def test_who_is_asking_is_known_before_anything_is_read(api: Api) -> None:
    response = await api.http.post(
        f"{BASE}/appointments",
        content=b"nonsense",
        headers={"Authorization": "Bearer nonsense", "Content-Type": "application/json"},
    )
    assert read_error(response) == (401, "bad.credentials")


@pytest.fixture
async def shaky(workplace: Workplace) -> AsyncIterator[tuple[Api, ShakyStore]]:
    """The API on a store that fails when it is told to."""
    store = ShakyStore(workplace.store)
    workplace.context = replace(workplace.context, store=store)
    api = Api(workplace)
    api.token("Dana")
    yield api, store
    await api.close()


async def test_an_unforeseen_failure_tells_nothing_but_where_to_look(
    shaky: tuple[Api, ShakyStore], caplog: pytest.LogCaptureFixture
) -> None:
    api, store = shaky
    store.failure = RuntimeError("secret detail")
    response = await api.send("Dana", "GET", "/appointments/me")
    assert read_error(response) == (500, "internal.server.error")
    assert "secret detail" not in response.text
    assert "secret detail" not in caplog.text
    assert "event=Unforeseen" in caplog.text
    assert "RuntimeError at=" in caplog.text
    assert response.json()["contextId"] in caplog.text


async def test_a_store_out_of_reach_may_be_asked_again_only_by_reading(
    shaky: tuple[Api, ShakyStore],
) -> None:
    api, store = shaky
    body = api.body()
    store.failure = UnreachableError()
    asked = await api.send("Dana", "GET", "/appointments/me")
    assert read_error(asked) == (503, "service.unavailable")
    assert int(asked.headers["Retry-After"]) > 0
    written = await api.send("Dana", "POST", "/appointments", json=body)
    assert read_error(written) == (503, "service.unavailable")
    assert "Retry-After" not in written.headers


async def test_each_request_leaves_one_line_without_what_was_said(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.rest")
    response = await api.send("Dana", "POST", "/appointments", json=api.body(name="Hush"))
    [line] = [each for each in caplog.messages if "event=Request" in each]
    assert line.startswith(f"event=Request method=POST path={BASE}/appointments status=201 ")
    assert line.endswith(f" context={response.headers['ININ-Correlation-Id']}")
    assert "Hush" not in caplog.text
    assert api.token("Dana") not in caplog.text


async def test_nobody_writes_a_line_of_their_own_into_the_log(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.rest")
    await api.http.get("/x%0AGET%20/forged%20200")
    [line] = [each for each in caplog.messages if "event=Request" in each]
    assert line.startswith("event=Request method=GET path=/x%0AGET%20/forged%20200 status=404 ")
