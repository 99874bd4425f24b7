"""What people do reaches one replica or the other, over sockets and over HTTP; one may be gone."""

import secrets
import signal
from functools import partial

import pytest

from bot.sandbox import Actor, Sandbox
from bot.sandbox.terms import HttpDelivery, Terms
from tests.clocks import true_sandbox_clock
from tests.replicas.balancer import balanced
from tests.replicas.centre import DANA
from tests.replicas.process import Replica, free_port, running

QUIET = {"COACHBOT_HEALTH_PORT": 0}
COMMANDS = 6


async def ask(sandbox: Sandbox, times: int) -> None:
    """Let Dana type a command again and again; each is answered."""
    dana = sandbox.person(DANA)
    for _ in range(times):
        more_than = partial(has_more_messages, before=len(dana.messages))
        await dana.command("/coach help")
        await dana.until(more_than)


def has_more_messages(me: Actor, *, before: int) -> bool:
    return len(me.messages) > before


def answered(replica: Replica) -> int:
    return sum("event=CommandTurn" in line for line in replica.lines)


async def test_slack_spreads_over_the_sockets_of_two_replicas(address: str) -> None:
    async with (
        Sandbox(clock=true_sandbox_clock()) as sandbox,
        running(sandbox, address, **QUIET) as one,
        running(sandbox, address, **QUIET) as two,
    ):
        await ask(sandbox, COMMANDS)
        assert await one.end() == 0
        seen = answered(one)
        assert 0 < seen < COMMANDS
        await ask(sandbox, COMMANDS)
        assert await two.end() == 0
        assert answered(two) == 2 * COMMANDS - seen


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
async def test_two_replicas_stand_behind_a_load_balancer(
    postgres_only: str, ending: signal.Signals
) -> None:
    secret, ports = secrets.token_hex(16), [free_port(), free_port()]
    ways = [
        {
            "COACHBOT_SLACK_MODE": "http",
            "SLACK_SIGNING_SECRET": secret,
            "COACHBOT_API_PORT": port,
        }
        for port in ports
    ]
    async with balanced(ports) as front:
        address = f"http://127.0.0.1:{front}/slack/events"
        terms = Terms(http=HttpDelivery(request_url=address, signing_secret=secret))
        async with (
            Sandbox(clock=true_sandbox_clock(), terms=terms) as sandbox,
            running(sandbox, postgres_only, **ways[0]) as one,
            running(sandbox, postgres_only, **ways[1]) as two,
        ):
            await ask(sandbox, COMMANDS)
            assert await one.end(ending) == (0 if ending is signal.SIGTERM else -ending)
            await ask(sandbox, COMMANDS)
            await two.end()
            assert answered(one) > 0
            assert answered(one) + answered(two) == 2 * COMMANDS
