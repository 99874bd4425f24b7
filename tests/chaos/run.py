"""One run: everything is set up, things happen and go wrong, calm returns, and it is judged."""

import asyncio
import random
import secrets
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from bot import coaching
from bot.coaching import Context
from bot.delivery.settings import Settings as DeliverySettings
from bot.sandbox import northwind
from bot.sandbox.terms import HttpDelivery
from bot.settings import read_settings
from storage import migrations, models
from storage.engine import connect
from storage.transaction import Store
from storage.types import DeliveryState
from tests.chaos.arrivals import Watcher, labelled
from tests.chaos.clock import ChaosClock
from tests.chaos.crowd import Crowd, cast_of
from tests.chaos.forms import Forms
from tests.chaos.history import History
from tests.chaos.kinds import Minutes, Stage
from tests.chaos.lanes import Habit, Lane
from tests.chaos.pack import Member, Pack
from tests.chaos.troubles import LONGEST_DELAY_S, Rates, Troubles
from tests.chaos.verdict import Terms, Verdict
from tests.chaos.wires import UneasySandbox
from tests.databases import PostgresServer
from tests.replicas.process import free_port

GRACE_S: Final = 12.0
"""What is due in the last moments may still be on its way."""
LONGEST_CALM_S: Final = 180.0
QUIET_LOOKS: Final = 3
LOOK_S: Final = 1.0
ON_ITS_WAY_S: Final = 2.0
SPARE_THREADS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run is to be."""

    seed: int
    seconds: float
    replicas: int
    people: int = 60
    lanes: int = 6
    rate: float = 10.0
    """How much faster the bot's clock runs; 1: as it does."""
    habit: Habit = field(default_factory=lambda: Habit(each_second=2.0, open_sessions=40))
    rates: Rates = field(default_factory=Rates)
    lease: int = 12
    leads: str = "6m,2m"
    overdue_after: int = 2
    skew: float = 20.0
    """By how many of its own seconds a replica's clock may be wrong."""
    twice: float = 0.2
    heartbeat: float = 0.25
    more: Mapping[str, object] = field(default_factory=dict)
    """Other settings of the replicas."""
    kind: Minutes = field(default_factory=Minutes)

    def settings(self) -> dict[str, object]:
        """Give the settings of the replicas that are not the usual ones."""
        return {
            "COACHBOT_LEASE_SECONDS": self.lease,
            "COACHBOT_REMINDER_LEADS": self.leads,
            "COACHBOT_OVERDUE_AFTER_MINUTES": self.overdue_after,
            "COACHBOT_LATE_REMINDER_MINUTES": 60,
            "COACHBOT_MESSAGES_PER_MINUTE": 0,
            "COACHBOT_HEARTBEAT_SECONDS": self.heartbeat,
            **self.more,
        }


@dataclass(frozen=True)
class Ground:
    """What a run stands on: a migrated, empty database, and the server if it can be restarted."""

    address: str
    server: PostgresServer | None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everybody and everything that takes part in a run."""

    plan: Plan
    context: Context
    clock: ChaosClock
    history: History
    sandbox: UneasySandbox
    pack: Pack
    troubles: Troubles
    watcher: Watcher
    lanes: Sequence[Lane]
    forms: Forms


@dataclass(frozen=True)
class Outcome:
    """How a run went."""

    scene: Scene
    verdict: Verdict
    deliveries: int
    calm_for: float | None
    """How long it took until nothing was due any more; None: that did not come."""

    @property
    def complaints(self) -> list[str]:
        """Name what Slack would not have taken, and messages that are about nothing we know."""
        return [*self.scene.sandbox.complaints, *self.scene.watcher.unmarked]

    def logged(self, words: str) -> int:
        """Count the lines of the replicas' logs in which this is said."""
        return sum(words in line for each in self.scene.pack.members for line in each.lines)


async def run(plan: Plan, ground: Ground) -> Outcome:
    """Let a run take place, and judge it."""
    # Whoever waits for a database that is away must not keep it from being started.
    threads = ThreadPoolExecutor(plan.lanes + SPARE_THREADS)
    asyncio.get_running_loop().set_default_executor(threads)
    clock = ChaosClock(time.monotonic(), plan.rate, beginning=plan.kind.beginning)
    settings = {name: str(value) for name, value in plan.settings().items()}
    policy = read_settings({"DATABASE_URL": ground.address, **settings}).policy
    store = Store(connect(ground.address))
    try:
        context = Context(store=store, clock=clock, policy=policy)
        crowd = plan.kind.gather(plan.people)
        await asyncio.to_thread(plan.kind.settle_in, context, crowd)
        with tempfile.TemporaryDirectory(prefix="coachbot-chaos-") as folder:
            scene = _set_up(plan, context, clock, crowd, ground, Path(folder))
            calm_for = await _play(scene)
            for each in list(scene.forms.open_ends):
                await asyncio.to_thread(scene.forms.settle, each)
            seen = labelled(store, scene.watcher.seen, crowd.accounts())
            plan.kind.look_up(store, scene.history, crowd, clock)
            verdict = plan.kind.judge(scene.history, seen, _terms(scene), clock)
            return Outcome(scene, verdict, len(seen), calm_for)
    finally:
        store.close()


def _set_up(
    plan: Plan,
    context: Context,
    clock: ChaosClock,
    crowd: Crowd,
    ground: Ground,
    folder: Path,
) -> Scene:
    sandbox = UneasySandbox(_dice(plan, "wire"), cast=northwind(cast_of(crowd)))
    members = [Member(n, folder / f"clock{n}") for n in range(plan.replicas)]
    if plan.replicas > 1:
        _give_address(members[-1], sandbox, 1 / plan.replicas)
    pack = Pack(sandbox, ground.address, clock, plan.settings(), members, _dice(plan, "pack"))
    stage = Stage(
        context=context,
        clock=clock,
        crowd=crowd,
        history=plan.kind.history(context, crowd),
        sandbox=sandbox,
        watcher=Watcher(sandbox, clock, crowd.everybody),
    )
    dice = [_dice(plan, f"lane {n}") for n in range(plan.lanes)]
    lanes = plan.kind.lanes(stage, plan.habit, dice)
    return Scene(
        plan=plan,
        context=context,
        clock=clock,
        history=stage.history,
        sandbox=sandbox,
        pack=pack,
        troubles=Troubles(
            pack, sandbox, _dice(plan, "troubles"), plan.rates, plan.lease, plan.skew, ground.server
        ),
        watcher=stage.watcher,
        lanes=lanes,
        forms=lanes[0].forms,
    )


def _give_address(member: Member, sandbox: UneasySandbox, share: float) -> None:
    """Have one replica told by signed requests, while the others hold sockets."""
    secret, port = secrets.token_hex(16), free_port()
    address = f"http://127.0.0.1:{port}/slack/events"
    sandbox.wire.post_to(HttpDelivery(request_url=address, signing_secret=secret), share)
    member.settings = {
        "COACHBOT_SLACK_MODE": "http",
        "SLACK_SIGNING_SECRET": secret,
        "COACHBOT_API_PORT": port,
    }


async def _play(scene: Scene) -> float | None:
    """Let everything happen, then let calm return; answers how long that took."""
    pack = scene.pack
    async with scene.sandbox:
        living = [asyncio.create_task(pack.live(each)) for each in pack.members]
        watching = asyncio.create_task(scene.watcher.watch())
        try:
            await scene.sandbox.wire.wait_connected(60)
            await scene.plan.kind.begin(scene.lanes)
            scene.sandbox.wire.share = scene.plan.twice
            until = scene.clock.now() + scene.plan.seconds
            troubles = scene.troubles.make(until)
            await asyncio.gather(troubles, *(each.work(until) for each in scene.lanes))
            await scene.troubles.end()
            return await _calm(scene.context, scene.clock, scene.plan)
        finally:
            await pack.end()
            await asyncio.wait(living, timeout=30)
            for each in (*living, watching):
                each.cancel()
            await asyncio.gather(*living, watching, return_exceptions=True)
            scene.watcher.look()


def _dice(plan: Plan, name: str) -> random.Random:
    return random.Random(f"{plan.seed} {name}")


def _terms(scene: Scene) -> Terms:
    ways = DeliverySettings(lease=timedelta(seconds=scene.plan.lease))
    longest = (ways.latest_start + ways.send_timeout).total_seconds() + LONGEST_DELAY_S
    return Terms(
        skew=scene.plan.skew / scene.plan.rate,
        in_hand=longest,
        cut=scene.clock.now() - GRACE_S,
    )


async def _calm(context: Context, clock: ChaosClock, plan: Plan) -> float | None:
    """Wait until nothing hangs; what hangs for ever is judged by its absence."""
    began = clock.now()
    await asyncio.sleep(plan.lease / 2)
    quiet, before = 0, frozenset[int]()
    while quiet < QUIET_LOOKS and clock.now() - began < LONGEST_CALM_S:
        await asyncio.sleep(LOOK_S)
        try:
            waits, held = await asyncio.to_thread(_unfinished, context, clock)
        except coaching.Unavailable:
            waits, held = True, before
        quiet = 0 if waits or held & before else quiet + 1
        before = held
    return clock.now() - began if quiet >= QUIET_LOOKS else None


def _unfinished(context: Context, clock: ChaosClock) -> tuple[bool, frozenset[int]]:
    """Answer whether anything is due for longer than it takes, and list what is in hand."""
    now, delivery = clock.now(), models.Delivery
    with context.read() as tx:
        # What waits for the end of a night was due before it, and is waited for.
        pending = select(func.min(delivery.due_at)).where(delivery.state == DeliveryState.PENDING)
        due_at = tx.session.scalar(pending)
        sending = select(delivery.id).where(delivery.state == DeliveryState.SENDING)
        held = frozenset(tx.session.scalars(sending))
    return due_at is not None and clock.second(due_at) < now - ON_ITS_WAY_S, held


def migrated(address: str) -> str:
    """Bring an empty database to this version."""
    database = connect(address)
    migrations.upgrade(database)
    database.close()
    return address
