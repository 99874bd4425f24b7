"""Ports that are taken, and addresses that are read from a pipe: as a person meets them."""

import asyncio
import contextlib
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest

from bot.playground import FIRST_PORT, playing
from bot.serving import CannotListen
from bot.settings import read_settings
from tests.clocks import bare_environment, running_sandbox_clock
from tests.databases import SqliteFiles


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    """Hold a port of this computer, so that nobody else can have it."""
    with socket.socket() as holder:
        with contextlib.suppress(OSError):  # Then somebody else holds it, which is as good.
            holder.bind(("127.0.0.1", port))
            holder.listen()
        yield port or holder.getsockname()[1]


@asynccontextmanager
async def started(folder: Path, *arguments: str) -> AsyncIterator[Process]:
    """Start a command whose output is a pipe, in a folder of its own and without settings."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments),
        cwd=Path(__file__).parents[1],
        env={
            **bare_environment(),
            "HOME": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'coachbot.db'}",
        },
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


async def read_line(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def test_the_sandbox_takes_the_next_free_ports_and_says_so_to_a_pipe(tmp_path: Path) -> None:
    with taken(FIRST_PORT):
        async with started(tmp_path, "sandbox", "--empty") as process, httpx.AsyncClient() as web:
            page = (await read_line(process)).split()[-1]
            port = int(page.rsplit(":", 1)[1])
            assert port > FIRST_PORT
            assert f"http://127.0.0.1:{port + 1}/docs" in await read_line(process)
            assert (await web.get(page)).status_code == 200
            assert (await web.get(f"http://127.0.0.1:{port + 1}/docs")).status_code == 200


async def test_the_api_says_its_address_to_a_pipe(tmp_path: Path) -> None:
    SqliteFiles(tmp_path, "coachbot.db")
    async with started(tmp_path, "api", "--port", "0") as process:
        assert "Coachbot’s REST API: http://127.0.0.1:" in await read_line(process)


@pytest.mark.parametrize("command", ["sandbox", "api"])
async def test_a_port_that_was_asked_for_and_is_taken_is_one_sentence(
    tmp_path: Path, command: str
) -> None:
    SqliteFiles(tmp_path, "coachbot.db")
    with taken() as port:
        async with started(tmp_path, command, "--port", str(port)) as process:
            out, err = await process.communicate()
    assert (process.returncode, out) == (2, b"")
    [line] = err.decode().splitlines()
    assert line.startswith(f"Port {port} on 127.0.0.1 can’t be taken: ")


async def test_the_port_after_the_page_is_needed_too() -> None:
    settings = read_settings({})
    for _ in range(20):
        with taken() as port:
            # The port before it may be somebody else's, who is then told of instead.
            with pytest.raises(CannotListen) as refused:
                async with playing(settings, port=port - 1, clock=running_sandbox_clock()):
                    pass
            if f"needs ports {port - 1} and {port}" in str(refused.value):
                break
    else:
        pytest.fail("No two ports beside each other were free.")
    with pytest.raises(CannotListen):
        async with playing(settings, port=65535, clock=running_sandbox_clock()):
            pass
