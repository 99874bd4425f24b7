"""Start the bot as the README says, over HTTP, and measure it at rest and under each attack."""

import argparse
import asyncio
import re
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx

from bot.sandbox import Sandbox
from bot.sandbox.terms import HttpDelivery, Terms
from bot.sandbox.wire import payloads
from bot.sandbox.wire.requests import sign
from tests.attacks.strangers import ATTACKS, FORM, START
from tests.bench.measure import figures
from tests.clocks import signed_at, true_sandbox_clock
from tests.replicas.process import Replica, free_port, running

DANA: Final = "U0DANA"
DESCRIPTORS: Final = 1024
"""What most systems give a process."""
ALWAYS_NEW: Final = httpx.Limits(max_connections=None, max_keepalive_connections=0)
"""Each request over a connection of its own: one that is open already shows no crowd."""
PAUSE_S: Final = 0.1
LONGEST_S: Final = 60


@dataclass
class Place:
    """The running bot, and how it is asked."""

    sandbox: Sandbox
    replica: Replica
    port: int
    secret: str
    client: httpx.AsyncClient
    help_s: list[float] = field(default_factory=list)
    live_s: list[float] = field(default_factory=list)
    lost: int = 0
    most_kb: int = 0

    async def measure(self, seconds: float) -> None:
        """Ask for help and for health at a steady rate, over new connections, as others would.

        Nobody waits for the answer to somebody else: one that hangs would hide all after it.
        """
        self.help_s, self.live_s, self.lost, self.most_kb = [], [], 0, 0
        end = time.perf_counter() + seconds
        async with asyncio.TaskGroup() as asked:
            while time.perf_counter() < end:
                self.most_kb = max(self.most_kb, self._resident_kb())
                help_wanted = self.command("/coach help")
                asked.create_task(self._ask(self.help_s, "POST", "/slack/events", help_wanted))
                asked.create_task(self._ask(self.live_s, "GET", "/health/live", b""))
                await asyncio.sleep(PAUSE_S)

    def command(self, typed: str) -> bytes:
        """Give the body by which Slack tells that Dana typed this."""
        dana = self.sandbox.person(DANA)
        place = self.sandbox.world.conversations.im_of(DANA)
        envelope = payloads.slash_command(self.sandbox.world, dana.profile, place, typed)
        return urlencode(envelope.payload).encode()

    def request(self, typed: str) -> bytes:
        """Give the whole signed request."""
        body = self.command(typed)
        signed = sign(body, secret=self.secret, at=int(signed_at()))
        headers = "".join(f"{name}: {value}\r\n" for name, value in signed.items()).encode()
        length = b"content-length: %d\r\n\r\n" % len(body)
        return START % b"/slack/events" + FORM + headers + length + body

    async def _ask(self, durations: list[float], method: str, path: str, body: bytes) -> None:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        headers |= sign(body, secret=self.secret, at=int(signed_at())) if body else {}
        address = f"http://127.0.0.1:{self.port}{path}"
        began = time.perf_counter()
        try:
            answer = await self.client.request(method, address, content=body, headers=headers)
            self.lost += answer.status_code != 200
        except httpx.TransportError:
            self.lost += 1
        durations.append(time.perf_counter() - began)

    def _resident_kb(self) -> int:
        status = Path(f"/proc/{self.replica.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) if found else 0


@contextmanager
def few_descriptors() -> Iterator[None]:
    """Let what is started here have as few as most systems give."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(DESCRIPTORS, soft), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def measure_all(names: list[str], seconds: float) -> None:
    """Start the bot and print a line for each attack."""
    secret, port = secrets.token_hex(16), free_port()
    address = f"http://127.0.0.1:{port}/slack/events"
    terms = Terms(http=HttpDelivery(request_url=address, signing_secret=secret))
    settings = {
        "COACHBOT_SLACK_MODE": "http",
        "SLACK_SIGNING_SECRET": secret,
        "COACHBOT_API_PORT": port,
    }
    with tempfile.TemporaryDirectory() as folder, few_descriptors():
        async with (
            Sandbox(clock=true_sandbox_clock(), terms=terms) as sandbox,
            running(sandbox, f"sqlite:///{folder}/coachbot.db", **settings) as replica,
            httpx.AsyncClient(timeout=LONGEST_S, limits=ALWAYS_NEW) as client,
        ):
            place = Place(sandbox, replica, port, secret, client)
            await place.measure(2)  # the first requests warm everything up
            print(
                f"{'':9} {'tries':>7} {'help p99':>12} {'live p99':>12} {'lost':>5} {'memory':>8}"
            )
            for name in ["rest", *names]:
                print(await line(place, name, seconds), flush=True)
            print(f"{len(replica.lines)} lines of log")


async def line(place: Place, name: str, seconds: float) -> str:
    """Measure under one attack, and say how it was."""
    tries = ""
    if name == "rest":
        await place.measure(seconds)
    else:
        strangers = await let_loose(place, name, seconds + 2)
        await asyncio.sleep(1)
        await place.measure(seconds)
        told, _ = await strangers.communicate()
        tries = told.decode().strip()
    asked, lived = (figures(each, seconds) for each in (place.help_s, place.live_s))
    return (
        f"{name:9} {tries:>7} {asked.p99_ms:>9.0f} ms {lived.p99_ms:>9.0f} ms "
        f"{place.lost:>5} {place.most_kb // 1024:>5} MB"
    )


async def let_loose(place: Place, name: str, seconds: float) -> asyncio.subprocess.Process:
    """Start an attack; it has begun when this returns."""
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.attacks.strangers",
            name,
            str(place.port),
            str(seconds),
        ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # They need more descriptors than the bot has.
        preexec_fn=_many_descriptors,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(place.request("/coach schedule " + "," * 8_000))
    process.stdin.close()
    await process.stdout.readline()
    return process


def _many_descriptors() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    """Measure what is named on the command line, or everything."""
    words = argparse.ArgumentParser(prog="make attacks")
    words.add_argument("names", nargs="*", choices=[*ATTACKS, []], default=[])
    words.add_argument("--seconds", type=float, default=10)
    given = words.parse_args()
    asyncio.run(measure_all(given.names or list(ATTACKS), given.seconds))


if __name__ == "__main__":
    main()
