"""GET a page of 25 among 100,000 sessions with 16 callers, against a bare route with raw SQL."""

import asyncio
import json
import sqlite3
import tempfile
import threading
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot import coaching
from bot.hop import Hop
from bot.rest import RestSettings, build_rest
from storage import migrations
from storage.engine import connect
from storage.transaction import Store
from tests.bench.filling import fill
from tests.bench.measure import Figures, at_once, compare
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.databases import PostgresServer

SESSIONS, CALLERS, REQUESTS = 100_000, 16, 2_000
PATH = "/api/v2/coaching/appointments"
COLUMNS = (
    "id, name, description, starts_at, length_minutes, status, facilitator_id, creator_id, "
    "created_at, modified_by, modified_at, completed_at, location"
)
RELATED = (
    "SELECT appointment_id FROM attendees WHERE person_id = {0} "
    "UNION SELECT id FROM appointments WHERE facilitator_id = {0} "
    "UNION SELECT id FROM appointments WHERE creator_id = {0}"
)
WHERE = f"FROM appointments WHERE deleted_at IS NULL AND id IN ({RELATED})"
PAGE = f"SELECT {COLUMNS} {WHERE} ORDER BY starts_at DESC, id DESC LIMIT 25"
COUNT = f"SELECT count(*) {WHERE}"
ATTENDEES = "SELECT appointment_id, person_id FROM attendees WHERE appointment_id IN ({0})"


def run() -> None:
    """Measure and print, on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "bench.db"
        _compare("SQLite", f"sqlite:///{path}", _sqlite_reader(path))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = PostgresServer(Path(folder))
        stack.callback(server.close)
        address = stack.enter_context(server.address(Path(folder)))
        plain = address.replace("postgresql+psycopg://", "postgresql://")
        _compare("PostgreSQL", address, _postgres_reader(plain))


Reader = Callable[[str], bytes]


def _compare(name: str, address: str, read: Reader) -> None:
    database = connect(address, pool_size=10)
    migrations.upgrade(database)
    store = Store(database)
    workplace = Workplace(store, FrozenClock(datetime(2026, 3, 2, 9, tzinfo=UTC)))
    agents = fill(workplace, SESSIONS)
    if not database.is_sqlite:
        with store.database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
    ours, floor = asyncio.run(_measure(workplace, agents, read))
    store.close()
    compare(
        f"GET a page of 25 of {SESSIONS:,} sessions, {CALLERS} callers, {name}",
        ("bot.rest, token to JSON", ours),
        ("bare Starlette, raw SQL, msgspec", floor),
    )


async def _measure(
    workplace: Workplace, agents: list[str], read: Reader
) -> tuple[Figures, Figures]:
    hop = Hop(threads=8)
    ours = build_rest(workplace.context, hop, RestSettings(rate_per_minute=0))
    made = coaching.create_client(workplace.context, email="grace@example.com", name="bench")
    issued = coaching.issue_token(workplace.context, made.client_id, made.client_secret)
    bearer = [(b"authorization", f"Bearer {issued.access_token}".encode())]
    ask_ours = _asking(ours, bearer, agents)
    ask_floor = _asking(_bare(read), [], agents)
    same = [json.loads(await ask()) for ask in (ask_ours, ask_floor)]
    assert [each["id"] for each in same[0]["entities"]] == [
        each["id"] for each in same[1]["entities"]
    ]
    assert same[0]["total"] == same[1]["total"] > 25
    floor_figures = await at_once(ask_floor, callers=CALLERS, times=REQUESTS)
    our_figures = await at_once(ask_ours, callers=CALLERS, times=REQUESTS)
    await hop.drain()
    hop.close()
    return our_figures, floor_figures


def _asking(
    app: ASGIApp, headers: list[tuple[bytes, bytes]], agents: list[str]
) -> Callable[[], Awaitable[bytes]]:
    async def ask() -> bytes:
        scope: MutableMapping[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": PATH,
            "raw_path": PATH.encode(),
            "query_string": f"userIds={agents[7]}".encode(),
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), *headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        parts: list[bytes] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        await app(scope, receive, send)
        return b"".join(parts)

    return ask


def _bare(read: Reader) -> Starlette:
    def page(request: Request) -> Response:
        return Response(read(request.query_params["userIds"]), media_type="application/json")

    return Starlette(routes=[Route(PATH, page)])


def _sqlite_reader(path: Path) -> Reader:
    held = threading.local()

    def read(user_id: str) -> bytes:
        if not hasattr(held, "connection"):
            held.connection = sqlite3.connect(path)
        connection: sqlite3.Connection = held.connection
        marked = {"0": user_id}
        rows = connection.execute(PAGE.format(":0"), marked).fetchall()
        total = connection.execute(COUNT.format(":0"), marked).fetchone()[0]
        marks = ",".join("?" * len(rows))
        found = connection.execute(ATTENDEES.format(marks), [row[0] for row in rows]).fetchall()
        return _encode(rows, found, total)

    return read


def _postgres_reader(address: str) -> Reader:
    held = threading.local()

    def read(user_id: str) -> bytes:
        if not hasattr(held, "connection"):
            held.connection = psycopg.connect(address, autocommit=True)
        connection: psycopg.Connection[Any] = held.connection
        marked = {"u": user_id}
        rows = connection.execute(PAGE.format("%(u)s"), marked).fetchall()
        counted = connection.execute(COUNT.format("%(u)s"), marked).fetchone()
        marks = ",".join(["%s"] * len(rows))
        ids = [row[0] for row in rows]
        found = connection.execute(ATTENDEES.format(marks), ids).fetchall()
        return _encode(rows, found, counted[0] if counted else 0)

    return read


def _encode(rows: list[tuple[Any, ...]], attendees: list[tuple[Any, ...]], total: int) -> bytes:
    by_id: dict[str, list[str]] = {}
    for appointment_id, person_id in attendees:
        by_id.setdefault(appointment_id, []).append(person_id)
    names = [each.strip() for each in COLUMNS.split(",")]
    entities = [
        {**dict(zip(names, row, strict=True)), "attendees": by_id.get(row[0], [])} for row in rows
    ]
    return msgspec.json.encode({"entities": entities, "total": total})
