"""Asking what to say now, so that one promise that cannot be put into words holds up no other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.coaching.ground.errors import Unavailable
from bot.coaching.ground.values import Announcement
from bot.delivery import log
from bot.delivery.hop import Hop
from bot.delivery.outcomes import code_of
from storage.records import Delivery

Announce = Callable[[Sequence[int]], Mapping[int, Announcement | None]]
"""What to say now for each of these promises; None: it is no longer true."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with promises that were taken in hand."""

    words: dict[int, Announcement] = field(default_factory=dict)
    stale: list[Delivery] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    """Why nobody could say; another try may succeed."""


async def decide(announce: Announce, hop: Hop, deliveries: Sequence[Delivery]) -> Decision:
    """Ask about all of them in one hop, and one by one when that fails."""
    decision = Decision()
    if deliveries:
        try:
            said = await hop(announce, [each.id for each in deliveries])
            _sort(decision, deliveries, said)
        except Exception as error:
            log.write_trouble("AnnounceFailed", deliveries[0], error)
            await _decide_singly(decision, announce, hop, deliveries, error)
    return decision


async def _decide_singly(
    decision: Decision,
    announce: Announce,
    hop: Hop,
    deliveries: Sequence[Delivery],
    error: Exception,
) -> None:
    if len(deliveries) == 1 or isinstance(error, Unavailable):
        decision.failed.update((each.id, code_of(error)) for each in deliveries)
        return
    for each in deliveries:
        alone = await decide(announce, hop, [each])
        decision.words.update(alone.words)
        decision.stale.extend(alone.stale)
        decision.failed.update(alone.failed)


def _sort(
    decision: Decision,
    deliveries: Sequence[Delivery],
    said: Mapping[int, Announcement | None],
) -> None:
    missing = [each.id for each in deliveries if each.id not in said]
    if missing:
        raise KeyError(missing[0])
    for each in deliveries:
        words = said[each.id]
        if words is None:
            decision.stale.append(each)
        else:
            decision.words[each.id] = words
