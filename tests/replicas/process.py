"""The real bot as a process of its own, connected to a pretend Slack."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot.sandbox import Sandbox
from tests.clocks import bare_environment


@dataclass
class Replica:
    """One process of `coachbot run`, and what it wrote."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    heard_all: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process has written its last."""

    async def until(self, words: str, *, seconds: float = 30) -> None:
        """Wait until the process has written this."""
        async with asyncio.timeout(seconds):
            while not any(words in each for each in self.lines):
                assert self.process.returncode is None, self.lines[-20:]
                await asyncio.sleep(0.02)

    async def end(self, number: int = signal.SIGTERM, *, seconds: float = 20) -> int:
        """Send a signal and wait for the end; answers the code of the exit."""
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), seconds)

    async def ended(self, *, seconds: float = 30) -> tuple[int, str]:
        """Wait for the end; answers the code of the exit and all that was written."""
        code = await asyncio.wait_for(self.process.wait(), seconds)
        await self.heard_all.wait()
        return code, "\n".join(self.lines)

    async def listen(self) -> None:
        """Keep what the process writes."""
        assert self.process.stderr
        async for line in self.process.stderr:
            self.lines.append(line.decode(errors="replace").rstrip())
        self.heard_all.set()


def running(
    sandbox: Sandbox, database_url: str, **settings: object
) -> AbstractAsyncContextManager[Replica]:
    """Run the bot until the end of the block; one that is still there then is killed."""
    return running_as(("bot", "run"), sandbox, database_url, settings)


@asynccontextmanager
async def running_as(
    program: Sequence[str], sandbox: Sandbox, database_url: str, settings: Mapping[str, object]
) -> AsyncIterator[Replica]:
    """Run the bot as this module, with these words after it, until it hears Slack."""
    environment = {
        "DATABASE_URL": database_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "COACHBOT_API_PORT": "0",
        "COACHBOT_HEALTH_PORT": "0",
        **settings,
    }
    async with started(program, environment) as replica:
        for words in ("Started", "SlackConnected"):  # as text or as JSON
            await replica.until(words)
        yield replica


@asynccontextmanager
async def started(
    program: Sequence[str], environment: Mapping[str, object]
) -> AsyncIterator[Replica]:
    """Start a module with these variables alone; one that is there at the end is killed."""
    given = {name: str(value) for name, value in environment.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *program),
        env=bare_environment() | given,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    replica = Replica(process)
    listening = asyncio.create_task(replica.listen())
    try:
        yield replica
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.kill()
            await process.wait()
        await listening


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
