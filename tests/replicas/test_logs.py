"""A whole story logged at DEBUG by a real process: found by its ids, with nobody's words in it."""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import coaching
from bot.coaching import Caller, Context, NewAppointment, Source
from bot.sandbox import Actor, Message, Sandbox, View
from storage.engine import connect
from storage.transaction import Store
from tests.clocks import true_now, true_sandbox_clock, working_noon
from tests.replicas.process import free_port, running

OPERATOR = Caller("", Source.COMMAND_LINE)
DANA, PRIYA = "U0DANA", "U0PRIYA"
MARK = "Zsecretz"
TYPED = f"{MARK} typed"


def loaded(me: Actor) -> View | None:
    return me.modal if me.modal and "Looking" not in me.modal.words else None


def delivered(me: Actor) -> Message | None:
    return next((each for each in me.messages if each.content.metadata), None)


def book(context: Context) -> tuple[str, coaching.NewClient]:
    """Let Dana schedule a session full of marks, and a program act for her."""
    [dana] = [e.person for e in coaching.members(context) if e.person.slack_user_id == DANA]
    [priya] = [e.person for e in coaching.members(context) if e.person.slack_user_id == PRIYA]
    assert dana.email
    coaching.grant_role(context, OPERATOR, email=dana.email, role="Supervisor")
    client = coaching.create_client(context, email=dana.email, name=f"{MARK} client")
    request = NewAppointment(
        name=f"{MARK} session",
        description=f"{MARK} description",
        starts_at=working_noon(),
        length_minutes=30,
        attendee_ids=[priya.id],
        location=f"{MARK} room",
        external_links=[f"https://example.com/{MARK}"],
    )
    made = coaching.schedule(context, Caller(dana.id, Source.SLACK), request)
    caller, private = Caller(dana.id, Source.SLACK), coaching.AccessType.PRIVATE
    coaching.add_annotation(context, caller, made.id, text=f"{MARK} note", access_type=private)
    return made.id, client


async def act_in_slack(sandbox: Sandbox) -> None:
    dana, priya = sandbox.person(DANA), sandbox.person(PRIYA)
    await dana.command(f"/coach note {MARK}")
    view = await dana.until(loaded, seconds=15)
    [text] = [each for each in view.values if each.startswith("text")]
    await dana.submit(view, {text: TYPED})
    await dana.command(f"/coach {MARK} nonsense")
    await priya.command(f"/coach list {MARK}")
    await priya.open_home()
    await priya.say(f"{MARK} said to the bot", conversation=priya.dm)
    await priya.until(delivered, seconds=40)


async def act_over_rest(address: str, client: coaching.NewClient, session: str) -> list[str]:
    """Read, fail, and try to write lines into the log; answers the secrets and ids in use."""
    basic = base64.b64encode(f"{client.client_id}:{client.client_secret}".encode()).decode()
    base = f"{address}/api/v2/coaching/appointments"
    async with httpx.AsyncClient(timeout=20) as program:
        granted = await program.post(
            f"{address}/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {basic}"},
        )
        token = granted.json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        read = await program.get(f"{base}/{session}", headers=bearer)
        assert MARK in read.text
        body = {"text": f"{MARK} over REST", "accessType": "Nonsense"}
        refused = await program.post(f"{base}/{session}/annotations", json=body, headers=bearer)
        assert refused.status_code == 400
        await program.get(f"{base}/me?interval={MARK}", headers=bearer)
        assert (await program.get(f"{address}/health/ready")).json()["status"] == "ready"
        figures = (await program.get(f"{address}/metrics")).text
        assert "coachbot_deliveries_sent_total" in figures
        assert MARK not in figures
        ids = [each.headers["ININ-Correlation-Id"] for each in (read, refused)]
    return [token, client.client_secret, basic, *ids]


@pytest.mark.parametrize("form", ["json", "text"])
async def test_the_log_of_a_whole_story_tells_no_secrets(tmp_path: Path, form: str) -> None:
    database, port = f"sqlite:///{tmp_path / 'coachbot.db'}", free_port()
    given = {
        "COACHBOT_LOG_LEVEL": "DEBUG",
        "COACHBOT_LOG_FORMAT": form,
        "COACHBOT_API_PORT": port,
        "COACHBOT_LEASE_SECONDS": 30,
    }
    async with (
        Sandbox(clock=true_sandbox_clock()) as sandbox,
        running(sandbox, database, **given) as replica,
    ):
        await replica.until("PeoplePage")
        # Slack answers badly in the middle of it.
        sandbox.faults.add("chat.postMessage", "server_error")
        sandbox.faults.add("chat.postMessage", "error", error="invalid_blocks")
        store = Store(connect(database))
        session, client = await asyncio.to_thread(book, Context(store=store, clock=true_now))
        store.close()
        await act_in_slack(sandbox)
        *secrets, read, refused = await act_over_rest(f"http://127.0.0.1:{port}", client, session)
        assert await replica.end() == 0
        lines = replica.lines
        tokens = (sandbox.bot_token, sandbox.app_token, *secrets)
    log = "\n".join(lines)
    assert [line for line in lines if MARK.lower() in line.lower()] == []
    assert [line for line in lines if any(each in line for each in tokens)] == []
    assert [line for line in lines if "Whitfield" in line or "Priya" in line] == []
    assert "event=CommandTurn" in log or '"event": "CommandTurn"' in log
    if form == "json":
        _look_at(lines, read, refused)


def _look_at(lines: list[str], *requests: str) -> None:
    facts: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert {"time", "level", "logger"} <= set.intersection(*(set(each) for each in facts))
    for request in requests:
        assert [each for each in facts if each.get("context") == request]
    sent = [each for each in facts if each.get("event") == "Sent"]
    assert sent
    assert all(each["context"] == f"delivery-{each['delivery']}" for each in sent)
    turns = [each for each in facts if each.get("event") == "CommandTurn"]
    assert len({each["context"] for each in turns}) == len(turns) == 3
