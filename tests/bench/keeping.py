"""Promises claimed, sent to nobody and settled per second, beside raw SQL and two job queues.

One process; 100,000 more are promised for later. The raw SQL takes and settles in batches of the
same size, by the same statements, and does nothing else.
"""

import asyncio
import json
import sqlite3
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bot import coaching
from bot.coaching import Context
from bot.delivery.deciding import Announce
from bot.delivery.events import Tried
from bot.delivery.outbox import Outbox
from bot.delivery.outcomes import Sent
from bot.delivery.pacing import Pace
from bot.delivery.sender import Sender
from bot.delivery.settings import Settings
from bot.hop import Hop
from storage.claim_statements import COLUMNS
from tests.bench import peers
from tests.bench.places import both_databases, plain
from tests.bench.promising import Nobody, Promises, said_without_looking
from tests.conftest import FrozenClock

LATER, DUE, TIMES = 100_000, 2_000, 3
UNPACED = Pace(per_channel=timedelta(0), per_workspace=timedelta(0))
WAYS = Settings(pace=UNPACED)
DUE_SQL = (
    "SELECT d.id, d.revision = a.revision FROM deliveries d "
    "JOIN appointments a ON a.id = d.appointment_id "
    "WHERE d.state = 'pending' AND d.next_at <= {0} ORDER BY d.next_at, d.id LIMIT {0}"
)
TAKE_SQL = (
    "UPDATE deliveries SET state = 'sending', claim = {0}, claimed_at = {0}, "
    "claimed_until = {0}, attempts = attempts + 1, told_starts_at = NULL, refresh_at = NULL "
    "WHERE id IN (SELECT CAST(value ->> 0 AS BIGINT) FROM {1}) "
    "RETURNING " + ", ".join(each.name for each in COLUMNS)
)
SETTLE_SQL = (
    "UPDATE deliveries SET state = 'sent', channel = value ->> 2, message_ts = value ->> 3, "
    "reason = NULL, settled_at = {0} FROM {1} "
    "WHERE deliveries.id = CAST(value ->> 0 AS BIGINT) AND claim = value ->> 1 "
    "AND state = 'sending'"
)
SQLITE = "?", "json_each(?)"
POSTGRES = "%s", "json_array_elements(%s::json)"


def run() -> None:
    """Measure and print, on SQLite and on PostgreSQL."""
    with both_databases() as databases:
        for name, address in databases:
            found = _measure(address, sqlite=name == "SQLite")
            if name == "PostgreSQL":
                found |= peers.keep(address, due=DUE, later=LATER)
            print(f"\nClaimed, sent to nobody and settled per second, {LATER:,} for later, {name}")
            for contender, rates in found.items():
                print(f"  {contender:<46} {rates}")
            _compare(found)


def _compare(found: dict[str, str]) -> None:
    rates = {name: float(each.split("/")[0].replace(",", "")) for name, each in found.items()}
    floor = rates.pop("raw SQL of the same statements, in batches")
    ours = rates.pop("claim and settle")
    whole = rates.pop("the whole sender")
    rates.pop("the whole sender, composing each message")
    print(f"  claim and settle to the raw SQL: {ours / floor:.2f} (aim: at least 0.5)")
    for name, rate in rates.items():
        print(f"  the whole sender to {name}: {whole / rate:.1f} times as many")


def _measure(address: str, *, sqlite: bool) -> dict[str, str]:
    promises = Promises(address, FrozenClock(datetime(2026, 3, 2, 9, tzinfo=UTC)))
    promises.promise_later(LATER)
    promises.settle_statistics()
    context = promises.context
    contenders: dict[str, Callable[[], int]] = {
        "raw SQL of the same statements, in batches": partial(
            _raw_sqlite if sqlite else _raw_postgres, address, context
        ),
        "claim and settle": partial(_claim_and_settle, context),
        "the whole sender": partial(_send, context, said_without_looking),
        "the whole sender, composing each message": partial(
            _send, context, partial(coaching.announce, context)
        ),
    }
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(TIMES):
        for name, work in contenders.items():
            promises.promise_now(DUE)
            began = time.perf_counter()
            assert work() == DUE
            rates[name].append(DUE / (time.perf_counter() - began))
    promises.close()
    return {name: f"{max(each):,.0f}/s" for name, each in rates.items()}


def _claim_and_settle(context: Context) -> int:
    outbox, done = Outbox(context, WAYS), 0
    while claimed := outbox.claim():
        outbox.record([Tried(each, Sent("D1", f"{each.id}.0")) for each in claimed])
        done += len(claimed)
    return done


def _send(context: Context, announce: Announce) -> int:
    async def send() -> int:
        hop = Hop(threads=4)
        sender = Sender(context, Nobody(), announce=announce, hop=hop, settings=WAYS)
        try:
            return await sender.deliver_due()
        finally:
            hop.close()

    return asyncio.run(send())


def _raw_sqlite(address: str, context: Context) -> int:
    now, done = int(context.clock().timestamp() * 1_000_000), 0
    path = Path(address.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        while True:
            claim = str(uuid.uuid4())
            connection.execute("BEGIN IMMEDIATE")
            due = connection.execute(DUE_SQL.format("?"), [now, WAYS.batch]).fetchall()
            ids = json.dumps([[each] for each, _ in due])
            taken = [claim, now, now, ids]
            connection.execute(TAKE_SQL.format(*SQLITE), taken).fetchall()
            connection.execute("COMMIT")
            if not due:
                return done
            settled = json.dumps([[each, claim, "D1", "1.0"] for each, _ in due])
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(SETTLE_SQL.format(*SQLITE), [now, settled])
            connection.execute("COMMIT")
            done += len(due)


def _raw_postgres(address: str, context: Context) -> int:
    now, done = context.clock(), 0
    with psycopg.connect(plain(address)) as connection:
        return _take_and_settle(connection, now, done)


def _take_and_settle(connection: psycopg.Connection[Any], now: datetime, done: int) -> int:
    while True:
        claim = str(uuid.uuid4())
        query = DUE_SQL.format("%s") + " FOR UPDATE OF d SKIP LOCKED"
        due = [each for each, _ in connection.execute(query, [now, WAYS.batch])]
        taken = [claim, now, now, json.dumps([[each] for each in due])]
        connection.execute(TAKE_SQL.format(*POSTGRES), taken).fetchall()
        connection.commit()
        if not due:
            return done
        settled = json.dumps([[each, claim, "D1", "1.0"] for each in due])
        connection.execute(SETTLE_SQL.format(*POSTGRES), [now, settled])
        connection.commit()
        done += len(due)
