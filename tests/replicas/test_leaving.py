"""A replica that is told to stop finishes what it has in hand, and leaves the rest to others."""

import asyncio
import time

from bot.sandbox import Sandbox
from storage.types import DeliveryState
from tests.clocks import true_sandbox_clock
from tests.replicas.centre import DANA, centre_at
from tests.replicas.process import running

NO_PACE = {"COACHBOT_MESSAGES_PER_MINUTE": 0, "COACHBOT_HEALTH_PORT": 0}
SESSIONS = 30
SLOW = 1.5


async def test_what_is_in_hand_is_finished_and_the_rest_is_left(address: str) -> None:
    async with Sandbox(clock=true_sandbox_clock()) as sandbox:
        async with running(sandbox, address, **NO_PACE) as leaving:
            with centre_at(sandbox, address) as centre:
                sandbox.faults.add("chat.postMessage", "delay", seconds=SLOW, times=1000)
                sandbox.faults.add("views.open", "delay", seconds=SLOW)
                await asyncio.to_thread(centre.schedule, SESSIONS)
                await centre.until(lambda: centre.called("conversations.open") >= 4)
                dana = sandbox.person(DANA)
                await dana.command("/coach settings")
                began = time.monotonic()
                assert await leaving.end() == 0
                assert time.monotonic() - began < 20
                await dana.until(lambda me: me.modal)  # a form that was asked for is opened
                states = centre.states()
                assert set(states.values()) == {DeliveryState.SENT, DeliveryState.PENDING}
                sent = {each for each, state in states.items() if state is DeliveryState.SENT}
                assert sent == centre.arrived().keys()
                sandbox.faults.clear()
                async with running(sandbox, address, **NO_PACE):
                    await centre.until_all_arrived()
        errors = [each for each in leaving.lines if " ERROR " in each or "Traceback" in each]
        assert not errors, errors


async def test_it_leaves_in_time_though_slack_hangs(address: str) -> None:
    async with (
        Sandbox(clock=true_sandbox_clock()) as sandbox,
        running(sandbox, address, **NO_PACE) as leaving,
    ):
        with centre_at(sandbox, address) as centre:
            sandbox.faults.add("chat.postMessage", "delay", seconds=120, times=1000)
            sandbox.faults.add("views.open", "delay", seconds=120)
            await asyncio.to_thread(centre.schedule, 4)
            await centre.until(lambda: centre.called("conversations.open") >= 4)
            await sandbox.person(DANA).command("/coach settings")
            began = time.monotonic()
            assert await leaving.end() == 0
            assert time.monotonic() - began < 20
            sandbox.faults.clear()
            async with running(sandbox, address, **NO_PACE):
                await centre.until_all_arrived()


async def test_two_replicas_share_the_work_and_nothing_is_sent_twice(address: str) -> None:
    async with (
        Sandbox(clock=true_sandbox_clock()) as sandbox,
        running(sandbox, address, **NO_PACE) as one,
        running(sandbox, address, **NO_PACE) as two,
    ):
        with centre_at(sandbox, address) as centre:
            sandbox.faults.add("chat.postMessage", "delay", seconds=0.2, times=40)
            await asyncio.to_thread(centre.schedule, 60)
            await centre.until_all_arrived()
            sent = [sum("event=Sent" in line for line in each.lines) for each in (one, two)]
            assert sum(sent) == 60
            assert min(sent) > 0
