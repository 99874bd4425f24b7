"""The real process starts with what the README names, and says what keeps it from its work."""

import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import coaching
from bot.app import DEAF
from bot.coaching import Caller, Source
from bot.database import opened_context
from bot.sandbox import Actor, Sandbox, View
from bot.sandbox.terms import APP_TOKEN, BOT_TOKEN, HttpDelivery, Terms
from bot.sandbox.wire.requests import sign
from bot.settings import read_settings
from tests.clocks import signed_at, true_now, true_sandbox_clock, working_noon
from tests.replicas.process import Replica, free_port, started

README = Path(__file__).parents[2] / "README.md"
RUN = ("bot", "run")
PEOPLE = (
    {"email": "dana@x.example", "name": "Dana", "slack_user_id": "U0DANA", "roles": "Supervisor"},
    {"email": "priya@x.example", "name": "Priya", "slack_user_id": "U0PRIYA"},
)


def seed(environment: dict[str, str]) -> None:
    """Let Dana have scheduled two sessions with Priya, of which nobody was told yet."""
    with opened_context(read_settings(environment), clock=true_now, may_upgrade=True) as context:
        coaching.import_people(context, Caller("", Source.COMMAND_LINE), PEOPLE)
        ids = {each.person.name: each.person.id for each in coaching.members(context)}
        for days in (2, 3):
            request = coaching.NewAppointment(
                name="Call review",
                description="Two calls",
                starts_at=working_noon() + timedelta(days=days),
                length_minutes=30,
                attendee_ids=[ids["Priya"]],
            )
            coaching.schedule(context, Caller(ids["Dana"], Source.REST), request)


def picking(actor: Actor) -> View | None:
    """The page with the menu that is looked up, once it is there."""
    return actor.modal if actor.modal and "notes_pick" in str(actor.modal.blocks) else None


def named_for_http() -> set[str]:
    """The variables that the README names for a start by HTTP."""
    text = README.read_text(encoding="utf-8").split("**By HTTP**")[1]
    lines = text.split("```")[1].split()
    return {each.split("=")[0] for each in lines}


async def test_by_http_it_starts_with_what_the_readme_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside those it is told only where the pretend Slack, a free port and a home are."""
    secret, port = secrets.token_hex(16), free_port()
    address = f"http://127.0.0.1:{port}/slack/events"
    given = {
        "COACHBOT_SLACK_MODE": "http",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": secret,
    }
    assert named_for_http() == set(given)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    seed({})
    terms = Terms(http=HttpDelivery(request_url=address, signing_secret=secret))
    async with Sandbox(clock=true_sandbox_clock(), terms=terms) as sandbox:
        place = {
            "SLACK_API_URL": sandbox.api_url,
            "COACHBOT_API_PORT": str(port),
            "HOME": str(tmp_path),
        }
        async with started(RUN, given | place) as replica, httpx.AsyncClient() as slack:
            await replica.until("event=SlackConnected")
            priya = sandbox.person("U0PRIYA")
            await priya.command("/coach note call review")
            menu = await priya.until(picking)
            assert len(await priya.suggest(menu, "notes_pick", "")) == 2
            body = b'{"type":"url_verification","challenge":"abc","token":"x"}'
            headers = sign(body, secret=secret, at=int(signed_at()))
            kind = {"Content-Type": "application/json"}
            answer = await slack.post(address, content=body, headers=headers | kind)
            assert (answer.status_code, "abc" in answer.text) == (200, True)
            old = sign(body, secret=secret, at=int(signed_at(seconds_ago=900)))
            assert (await slack.post(address, content=body, headers=old)).status_code == 401
            figures = (await slack.get(f"http://127.0.0.1:{port}/metrics")).text
            assert 'coachbot_requests_refused_total{reason="stale"} 1.0' in figures
            [started_line] = [each for each in replica.lines if "event=Started" in each]
            assert f"mode=http served=http://127.0.0.1:{port}" in started_line
            assert await replica.end() == 0


async def ready(port: int) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(timeout=10) as asking:
        answer = await asking.get(f"http://127.0.0.1:{port}/health/ready")
        return answer.status_code, answer.json()


async def test_during_an_outage_of_slack_it_serves_and_sends_afterwards(tmp_path: Path) -> None:
    slack_port, port = free_port(), free_port()
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'coachbot.db'}"}
    seed(database)
    given = database | {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "COACHBOT_API_PORT": port,
    }
    async with started(RUN, given) as replica, httpx.AsyncClient() as program:
        await replica.until("event=SlackUnavailable")
        status, facts = await ready(port)
        assert (status, facts["slack"]["reason"]) == (503, "unreachable")
        assert "cannot be reached" in facts["slack"]["message"]
        assert (await program.get(f"http://127.0.0.1:{port}/openapi.json")).status_code == 200
        assert (await program.get(f"http://127.0.0.1:{port}/health/live")).status_code == 200
        sandbox = Sandbox(clock=true_sandbox_clock())
        sandbox.faults.add("auth.test", "error", error="token_revoked")
        async with sandbox.serve(slack_port):
            await replica.until("event=SlackConnected")
            # What was due before the start is looked for first, and Slack could not be asked.
            await sandbox.person("U0PRIYA").message_with("Call review", seconds=20)
            status, facts = await ready(port)
            assert (status, facts["slack"]) == (200, {"connected": True})
            reasons = re.findall(r"SlackUnavailable reason=(\w+)", "\n".join(replica.lines))
            assert reasons == ["unreachable", "token_revoked"], "one line for each"
            assert await replica.end() == 0


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, 2, "Slack does not know SLACK_BOT_TOKEN."),
        ({"COACHBOT_DEAF_AFTER_SECONDS": "1"}, DEAF, "event=SlackDeaf"),
    ],
)
async def test_where_nothing_can_come_of_it_the_process_ends(
    tmp_path: Path, settings: dict[str, str], code: int, said: str
) -> None:
    async with Sandbox(clock=true_sandbox_clock()) as sandbox:
        sandbox.faults.add("socket", "drop_before", times=10_000)
        given = {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'coachbot.db'}",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": sandbox.api_url,
            "COACHBOT_API_PORT": "0",
            "COACHBOT_HEALTH_PORT": "0",
        }
        async with started(RUN, given | settings) as replica:
            found, words = await replica.ended()
    assert (found, said in words) == (code, True)
    assert "Traceback" not in words


@contextmanager
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


async def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with taken() as port:
        given = {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'coachbot.db'}",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "COACHBOT_API_PORT": port,
        }
        async with started(RUN, given) as replica:
            code, words = await replica.ended()
    assert code == 2
    assert f"Port {port} on 127.0.0.1 can’t be taken" in words.splitlines()[-1]
    assert "Traceback" not in words


async def until_started(replica: Replica) -> str:
    await replica.until("event=Started")
    [line] = [each for each in replica.lines if "event=Started" in each]
    return line.rsplit("served=", 1)[1]


async def test_the_api_alone_tells_its_health_without_slack(tmp_path: Path) -> None:
    given = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'coachbot.db'}",
        "COACHBOT_API_PORT": str(free_port()),
    }
    seed(given)
    async with started(("bot", "api"), given) as replica, httpx.AsyncClient() as asking:
        address = await until_started(replica)
        answer = await asking.get(f"{address}/health/ready")
        facts = answer.json()
        assert (answer.status_code, facts["status"]) == (200, "ready")
        assert facts["due"]["count"] > 0
        assert not {"slack", "heartbeat"} & set(facts)
        assert (await asking.get(f"{address}/health/live")).json()["status"] == "live"
        figures = (await asking.get(f"{address}/metrics")).text
        assert "coachbot_deliveries_due " in figures
        assert await replica.end() == 0
