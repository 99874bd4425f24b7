"""A replica that freezes in the middle of a try and wakes after its lease sends nothing again."""

import asyncio
import signal

import pytest
from sqlalchemy import text

from bot.sandbox import Sandbox
from tests.clocks import true_sandbox_clock
from tests.replicas.centre import centre_at
from tests.replicas.process import running

SETTINGS = {
    "COACHBOT_MESSAGES_PER_MINUTE": 0,
    "COACHBOT_HEALTH_PORT": 0,
    "COACHBOT_LEASE_SECONDS": 6,
}
SLOWLY_CLAIMED = """
CREATE FUNCTION be_slow() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(2); RETURN NEW; END $$
LANGUAGE plpgsql;
CREATE TRIGGER slow BEFORE UPDATE ON deliveries FOR EACH ROW
WHEN (NEW.state = 'sending' AND OLD.state = 'pending') EXECUTE FUNCTION be_slow();
"""
AT_SPEED = "DROP TRIGGER slow ON deliveries"


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_a_try_that_was_frozen_ends_without_a_second_message(
    address: str, method: str
) -> None:
    """Frozen between the claim and the message, or while the message is on its way."""
    async with (
        Sandbox(clock=true_sandbox_clock()) as sandbox,
        running(sandbox, address, **SETTINGS) as frozen,
    ):
        with centre_at(sandbox, address) as centre:
            sandbox.faults.add(method, "delay", seconds=0.8, times=3)
            await asyncio.to_thread(centre.schedule, 3)
            await centre.until(lambda: "sending" in centre.states().values())
            await asyncio.sleep(0.4)
            frozen.process.send_signal(signal.SIGSTOP)
            async with running(sandbox, address, **SETTINGS) as other:
                await centre.until_all_arrived()
                frozen.process.send_signal(signal.SIGCONT)
                await asyncio.sleep(2.5)
                await centre.until_all_arrived()
                assert any("event=TakenOver" in line for line in other.lines)


async def test_a_claim_that_was_frozen_before_its_commit_holds_up_nobody_for_long(
    postgres_only: str,
) -> None:
    async with (
        Sandbox(clock=true_sandbox_clock()) as sandbox,
        running(sandbox, postgres_only, **SETTINGS) as frozen,
    ):
        with centre_at(sandbox, postgres_only) as centre:
            with centre.store.begin() as tx:
                tx.session.execute(text(SLOWLY_CLAIMED))
            await asyncio.to_thread(centre.schedule, 1)
            await asyncio.sleep(1.5)
            frozen.process.send_signal(signal.SIGSTOP)
            assert "sending" not in centre.states().values()
            async with running(sandbox, postgres_only, **SETTINGS):
                await asyncio.sleep(2.5)
                await centre.until_all_arrived(seconds=40)
                with centre.store.begin() as tx:
                    tx.session.execute(text(AT_SPEED))
                frozen.process.send_signal(signal.SIGCONT)
                await asyncio.sleep(2.5)
                await centre.until_all_arrived()
