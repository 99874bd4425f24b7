"""A stop lets what was begun be finished, and a lost connection comes back by itself."""

import asyncio
import threading
from datetime import timedelta

import pytest

from bot.hop import Hop
from bot.sandbox import Sandbox
from bot.slack.front import build_front
from bot.slack.transport.reach import Reach, SlackSettings
from bot.slack.transport.running import Running
from storage.transaction import Store
from tests.slack.gate import GatedHop
from tests.slack.office import Office, opened, settings_for


async def test_a_stop_waits_for_the_answer_that_is_being_made(
    office: Office, hop: GatedHop
) -> None:
    dana = office.person("U0DANA")
    with hop.shut():
        asked = asyncio.create_task(dana.command("/coach help"))
        await hop.reached()
        stopping = asyncio.create_task(office.front.connection.stop())
        await asyncio.sleep(0.05)
        assert not stopping.done()
    await asyncio.gather(asked, stopping)
    assert "Hello Dana" in dana.messages[-1].words
    assert not office.front.connection.status.is_connected
    await office.front.connection.stop()


async def test_a_stop_does_not_wait_for_ever(office: Office, hop: GatedHop) -> None:
    dana = office.person("U0DANA")
    with hop.shut():
        asked = asyncio.create_task(dana.command("/coach help"))
        await hop.reached()
        await office.front.connection.stop(timedelta(milliseconds=50))
        await asyncio.gather(asked, return_exceptions=True)


async def test_a_connection_is_heard_from_start_to_stop(office: Office) -> None:
    assert office.front.connection.status.is_connected
    await office.front.connection.stop()
    assert not office.front.connection.status.is_connected


async def test_a_pretend_slack_is_reached_directly_whatever_proxy_is_set(
    monkeypatch: pytest.MonkeyPatch, sqlite_store: Store, sandbox: Sandbox, hop: GatedHop
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with opened(sqlite_store, sandbox, hop) as office:
        await office.schedule()
        await office.person("U0DANA").command("/coach list")
        await office.person("U0DANA").click(office.person("U0DANA").messages[-1], "start")
        await office.settle()
    assert "In progress" in office.person("U0DANA").messages[-1].words
    elsewhere = Reach(SlackSettings(bot_token="xoxb-none"))
    assert elsewhere.speaker().proxy == "http://127.0.0.1:9"


async def test_nothing_is_warned_of_where_the_token_is_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, office: Office, hop: GatedHop, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", office.sandbox.bot_token)
    build_front(office.context, hop, settings_for(office.sandbox))
    assert caplog.records == []


async def test_nothing_is_heard_before_slack_says_who_the_bot_is(
    office: Office, hop: GatedHop, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox, before = office.sandbox, len(office.sandbox.calls.to("auth.test"))
    sandbox.faults.add("auth.test", "error", error="token_revoked", times=2)
    another = build_front(office.context, hop, settings_for(sandbox)).connection
    await another.start()
    assert another.status.problem
    await asyncio.wait_for(another.wait_connected(), 20)
    assert another.status.is_connected
    for _ in range(3):  # over both sockets in turn
        await office.person("U0DANA").command("/coach help")
    asked = len(sandbox.calls.to("auth.test")) - before
    assert asked == 3, "until it is known, and never again"
    await another.stop()
    told = [each for each in caplog.messages if "SlackUnavailable" in each]
    assert len(told) == 1
    assert "token_revoked" in told[0]


async def test_what_runs_beside_is_waited_for_and_may_fail(
    caplog: pytest.LogCaptureFixture,
) -> None:
    running, gate = Running(), asyncio.Event()

    async def work() -> None:
        await gate.wait()
        raise RuntimeError("oh")

    running.beside(work())
    assert not await running.drain(timedelta(milliseconds=10))
    gate.set()
    assert await running.drain(timedelta(seconds=1))
    assert "event=WorkBesideFailed" in caplog.text


async def test_a_hop_carries_a_call_there_and_back() -> None:
    hop = Hop(threads=2)
    assert await hop(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await hop(divmod, 7, 0)
    hop.close()


async def test_a_hop_takes_no_more_threads_than_it_has_and_drains() -> None:
    hop, gate, busy = Hop(threads=2), threading.Event(), threading.Semaphore(0)

    def wait() -> str:
        busy.release()
        gate.wait(5)
        return threading.current_thread().name

    asked = [asyncio.create_task(hop(wait)) for _ in range(5)]
    await asyncio.to_thread(busy.acquire)
    await asyncio.to_thread(busy.acquire)
    assert not busy.acquire(blocking=False)
    asked[0].cancel()
    draining = asyncio.create_task(hop.drain())
    await asyncio.sleep(0.01)
    assert not draining.done()
    gate.set()
    await draining
    names = await asyncio.gather(*asked[1:])
    assert len(set(names)) <= 2
    hop.close()
