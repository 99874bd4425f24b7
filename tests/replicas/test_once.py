"""Any number of replicas do a thing once, and none is lost that somebody left."""

import asyncio
import random
from datetime import timedelta

import pytest

from bot import coaching
from bot.coaching import Context, Hold
from bot.coaching.ground.once import KEPT, LEASE
from bot.hop import Hop
from bot.slack.turns.once import Once
from storage import models
from storage.transaction import Store
from tests.clocks import true_now


async def test_each_of_many_is_done_once_though_some_fail_at_first(store: Store) -> None:
    context, hop = Context(store=store, clock=true_now), Hop(threads=8)
    replicas = [Once(context, hop) for _ in range(3)]
    done: list[str] = []
    begun: list[str] = []
    skipped: list[str] = []
    chance = random.Random(5)

    async def bring(replica: Once, key: str) -> None:
        async def work() -> None:
            begun.append(key)
            await asyncio.sleep(chance.random() / 50)
            if begun.count(key) == 1 and key.startswith("hard"):
                raise ValueError(key)
            done.append(key)

        async def otherwise() -> None:
            skipped.append(key)

        try:
            await replica.do(key, work, otherwise=otherwise)
        except ValueError:
            await replica.do(key, work, otherwise=otherwise)

    keys = [f"{word} {number}" for number in range(5) for word in ("easy", "hard")]
    try:
        for _ in range(2):
            await asyncio.gather(*(bring(each, key) for key in keys for each in replicas))
    finally:
        hop.close()
    assert sorted(done) == sorted(keys)
    assert sorted(skipped) == sorted(key for key in keys for _ in range(5))


def test_what_was_left_lying_is_taken_up_by_one_after_a_while(store: Store) -> None:
    context = Context(store=store, clock=true_now)
    assert coaching.take_act(context, "a") is Hold.OURS
    assert coaching.take_act(context, "a") is Hold.OTHERS
    age(store, LEASE)
    assert coaching.look_at_act(context, "a") is Hold.OURS
    assert [coaching.take_act(context, "a") for _ in range(2)] == [Hold.OURS, Hold.OTHERS]
    coaching.finish_act(context, "a")
    coaching.let_go_of_act(context, "a")
    assert coaching.take_act(context, "a") is Hold.DONE


@pytest.mark.parametrize(("days", "is_known"), [(0.9, True), (1.1, False)])
def test_it_is_forgotten_after_a_day(store: Store, days: float, is_known: bool) -> None:
    context = Context(store=store, clock=true_now)
    coaching.take_act(context, "old")
    coaching.finish_act(context, "old")
    age(store, KEPT * days)
    coaching.take_act(context, "new")
    coaching.finish_act(context, "new")
    assert (coaching.look_at_act(context, "old") is Hold.DONE) == is_known


def age(store: Store, span: timedelta) -> None:
    with store.begin() as tx:
        for row in tx.session.query(models.Act):
            row.seen_at -= span
            if row.held_until is not None:
                row.held_until -= span
