"""Use cases: what is heard of more than once, by several replicas perhaps, is done once.

Whoever takes it in hand has a while for it; what was left lying by then may be taken up by others.
"""

from datetime import timedelta
from typing import Final

from bot.coaching.ground.context import Context
from storage.acts import Hold

LEASE: Final = timedelta(seconds=20)
"""Far longer than anything that somebody does in Slack takes."""
KEPT: Final = timedelta(days=1)
"""Slack brings nothing again after an hour."""


def take_act(context: Context, key: str) -> Hold:
    """Take something in hand that was heard of. Raises Unavailable."""
    with context.begin() as tx:
        return tx.acts.take(key, lease=LEASE)


def look_at_act(context: Context, key: str) -> Hold:
    """Tell how far something has come that somebody else has in hand. Raises Unavailable."""
    with context.read() as tx:
        return tx.acts.look(key)


def finish_act(context: Context, key: str) -> None:
    """Write down that something is done, and forget what is long done. Raises Unavailable."""
    with context.begin() as tx:
        tx.acts.finish(key)
        tx.acts.forget(KEPT)


def let_go_of_act(context: Context, key: str) -> None:
    """Leave something undone, so that it may be tried again. Raises Unavailable."""
    with context.begin() as tx:
        tx.acts.let_go(key)
