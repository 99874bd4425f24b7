"""`make chaos`: one run or several, each with its figures; fails where a promise was broken."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.chaos.days.lanes import HABIT
from tests.chaos.days.plan import days_at
from tests.chaos.lanes import Habit
from tests.chaos.report import written
from tests.chaos.run import Ground, Outcome, Plan, migrated, run
from tests.databases import PostgresServer

DAY_S = 86_400
MOST_IN_DAYS = 72
LONG = 3.5
"""From so many days on there is time to ask three times before somebody above is told."""


def main() -> int:
    """Run what is asked for; answers 1 where anything was lost, doubled or stale."""
    options = _parser().parse_args()
    broken = 0
    for seed in range(options.seed, options.seed + options.runs):
        outcome = once(plan_of(options, seed), options.database)
        sys.stdout.write(f"{written(outcome)}\n")
        sys.stdout.flush()
        if options.logs:
            keep_logs(outcome, Path(options.logs))
        broken += not outcome.verdict.is_clean
    return 1 if broken else 0


def once(plan: Plan, database: str) -> Outcome:
    """Run one plan on a database of its own."""
    with prepared(database) as ground:
        return asyncio.run(run(plan, ground))


@contextmanager
def prepared(database: str) -> Iterator[Ground]:
    """Give a migrated, empty database, and the server if there is one to restart."""
    with tempfile.TemporaryDirectory(prefix="coachbot-chaos-") as folder:
        if database == "sqlite":
            yield Ground(migrated(f"sqlite:///{folder}/coachbot.db"), None)
            return
        server = PostgresServer(Path(folder))
        try:
            with server.address(Path(folder)) as address:
                yield Ground(address, server)
        finally:
            server.close()


def plan_of(options: argparse.Namespace, seed: int) -> Plan:
    """Read what a run is to be."""
    is_sqlite = options.database == "sqlite"
    plan = Plan(
        seed=seed,
        seconds=options.minutes * 60,
        replicas=options.replicas or (1 if is_sqlite else 3),
        rate=options.rate,
        people=options.people,
    )
    if options.days:
        plan = whole_days(options, plan)
        return replace(plan, rates=plan.rates.times(options.trouble))
    busy = Habit(each_second=options.acts / plan.lanes, open_sessions=options.sessions)
    if options.rate <= 2:
        # As fast as real time, sessions come soon, so that there is something to remind of.
        busy = replace(busy, soonest=2, latest=5)
        plan = replace(plan, leads="2m,1m", overdue_after=1, skew=5.0, heartbeat=1.0)
    return replace(plan, habit=busy, rates=plan.rates.times(options.trouble))


def whole_days(options: argparse.Namespace, plan: Plan) -> Plan:
    """Make a run of whole days of a plan: as long as was asked for, each in so many seconds."""
    rate = DAY_S / options.day_seconds
    return replace(
        plan,
        seconds=options.days * options.day_seconds,
        people=min(options.people, MOST_IN_DAYS),
        rate=rate,
        habit=replace(HABIT, each_second=options.acts / plan.lanes),
        **days_at(rate, times=3 if options.days >= LONG else 2),
    )


def keep_logs(outcome: Outcome, folder: Path) -> None:
    """Write down what the replicas said, and what went wrong when."""
    folder.mkdir(parents=True, exist_ok=True)
    seed = outcome.scene.plan.seed
    for each in outcome.scene.pack.members:
        (folder / f"seed{seed}-replica{each.number}.log").write_text("\n".join(each.lines))
    diary = "\n".join(f"{second:9.3f} {said}" for second, said in outcome.scene.troubles.diary)
    (folder / f"seed{seed}-troubles.log").write_text(diary)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seed", type=int, default=1, help="decides everything that is random")
    parser.add_argument("--runs", type=int, default=1, help="so many seeds, one after the other")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--replicas", type=int, help="1 on SQLite, 3 on PostgreSQL")
    parser.add_argument("--rate", type=float, default=10.0, help="how fast the bot's clock runs")
    parser.add_argument("--trouble", type=float, default=1.0, help="so many times as much of it")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--acts", type=float, default=12.0, help="how much people do in a second")
    parser.add_argument("--sessions", type=int, default=25, help="how many are open in a lane")
    parser.add_argument(
        "--days",
        type=float,
        help="instead of minutes of a Monday, so many whole days over a change of clocks, in many "
        "zones: nights, agendas, digests, questions on later days, escalation, snoozing",
    )
    parser.add_argument(
        "--day-seconds", type=float, default=72.0, help="how long a whole day takes"
    )
    parser.add_argument("--logs", help="a folder for what the replicas said")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
