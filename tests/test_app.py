"""The bot put together: the sandbox starts with a story, over Slack's own protocol, and an API."""

import base64
import socket
from datetime import UTC, datetime
from typing import Final

import httpx
import pytest

from bot import coaching
from bot.playground import playing
from bot.sandbox.conversations import Message
from bot.serving import CannotListen, serving
from bot.settings import Settings, read_settings
from tests.clocks import running_sandbox_clock

TUESDAY: Final = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)
"""Ten in the morning for Dana, half past eight in the evening for Priya: both are at work."""
SUNDAY: Final = datetime(2027, 1, 17, 3, 0, tzinfo=UTC)


@pytest.fixture
def settings() -> Settings:
    return read_settings({"COACHBOT_LOG_LEVEL": "ERROR"})


def is_startable_and_over(message: Message) -> bool:
    """Answer whether a message offers to start the session that is completed."""
    return "Silence on the line" in message.words and "Start" in message.words.split("\n")


@pytest.mark.parametrize(
    ("started_at", "home", "statuses"),
    [
        (TUESDAY, "unread overdue today next", "Scheduled; In progress; Completed; Overdue"),
        (SUNDAY, "unread overdue next", "Scheduled; Completed; Overdue"),
    ],
)
async def test_the_sandbox_starts_with_something_in_every_view(
    settings: Settings, started_at: datetime, home: str, statuses: str
) -> None:
    clock = running_sandbox_clock(started_at)
    async with playing(settings, clock=clock) as playground:
        sandbox = playground.sandbox
        dana, priya = sandbox.person("U0DANA"), sandbox.person("U0PRIYA")
        await dana.open_home()
        shown = await dana.until(lambda me: me.home)
        for words in home.split():
            assert words in shown.words.lower()
        assert len(priya.messages) > 5
        said = " ".join(each.words for each in [*dana.messages, *priya.messages])
        for status in statuses.split("; "):
            assert status in said
        told = " ".join(each.words for each in sandbox.person("U0OMAR").messages)
        assert "needs a new time" in told
        # No message invites to start what is over, also on the very first screen.
        await dana.until(lambda me: not any(map(is_startable_and_over, me.messages)))
        # The button that every visitor presses first: to the next due message.
        due = coaching.next_due_at(playground.bot.context)
        assert due is not None
        clock.move_to(due)
        await dana.until(lambda me: "starts in" in me.messages[-1].text)
        assert sandbox.calls.refused() == []
        assert sandbox.complaints == []


async def test_the_sandbox_serves_the_same_sessions_to_programs(settings: Settings) -> None:
    async with (
        playing(settings, clock=running_sandbox_clock()) as playground,
        httpx.AsyncClient() as browser,
    ):
        client = playground.client
        pair = f"{client.client_id}:{client.client_secret}".encode()
        basic = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        form = {"grant_type": "client_credentials"}
        address = playground.api_address
        answer = await browser.post(f"{address}/oauth/token", data=form, headers=basic)
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        listed = await browser.get(f"{address}/api/v2/coaching/appointments/me", headers=bearer)
        assert listed.status_code == 200
        assert {each["name"] for each in listed.json()["entities"]} >= {"Quality calibration"}
        assert (await browser.get(f"{address}/docs")).status_code == 200


async def test_a_taken_port_is_refused_in_plain_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"Port {port} on 127.0.0.1 can’t be taken"):
            async with serving(httpx.ASGITransport, host="127.0.0.1", port=port):  # type: ignore[arg-type]
                pass
