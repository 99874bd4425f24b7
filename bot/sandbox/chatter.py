"""What people said in #general before anybody looked, so that there is something to act on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.sandbox.conversations import GENERAL, Content, Message, microseconds, ts_of
from bot.sandbox.world import World

SAID: Final[Sequence[tuple[str, int, str]]] = (
    ("U0GRACE", 172, "Hello all. Refund questions are up a third since the new fare rules."),
    ("U0PRIYA", 151, "I just spent 25 minutes on one refund. I could not find the right rule."),
    ("U0JONAS", 148, "Same here. I put the customer on hold three times."),
    ("U0LUCIA", 96, "A caller thanked me twice today for calling back when I said I would."),
    ("U0DANA", 91, "That is how it is done, Lucía. Would you tell the others how you keep track?"),
    ("U0SAM", 34, "I closed a complaint in one call. Happy to walk anybody through it."),
)
"""Who said what, and how many minutes ago."""


def fill_general(world: World, until: datetime | None = None) -> None:
    """Let the people of the workspace have said a few things, which everybody has read.

    They said them in the three hours up to a moment; without one, up to now.
    """
    place = world.conversations.find(GENERAL)
    until = until or world.clock.now()
    for user_id, minutes, words in SAID:
        if world.directory.get(user_id):
            place.last_microsecond = microseconds(until - timedelta(minutes=minutes))
            said = Message(ts_of(place.last_microsecond), user_id, Content(words))
            place.messages.append(said)
    for person in world.directory.actable():
        place.read_ts[person.id] = ts_of(place.last_microsecond)
    world.touch(place)
