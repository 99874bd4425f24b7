"""People join the workspace, change and leave, and the bot hears of it."""

from collections.abc import Mapping
from dataclasses import asdict

from bot.sandbox import descriptions
from bot.sandbox.acts.stage import Stage
from bot.sandbox.cast import Person
from bot.sandbox.wire import payloads


def take_in(stage: Stage, person: Person) -> None:
    """Let somebody join, or take in a change of somebody known."""
    world = stage.world
    is_new = world.directory.put(person)
    world.conversations.open_for(person)
    world.changes.touch_all()
    event = {
        "type": "team_join" if is_new else "user_change",
        "user": descriptions.user(world, person),
        "cache_ts": int(world.clock.now().timestamp()),
    }
    stage.dispatcher.announce(payloads.event(world, event))


def change_person(stage: Stage, user_id: str, changes: Mapping[str, str | bool]) -> Person:
    """Change somebody known; fields are named as in Person."""
    old = stage.world.directory.find(user_id)
    person = Person(**(asdict(old) | dict(changes)))
    take_in(stage, person)
    return person
