"""views.*: opening, pushing and changing forms, publishing home pages."""

from bot.sandbox import descriptions
from bot.sandbox.api.arguments import Arguments, missing
from bot.sandbox.api.pictures import ensure_pictures
from bot.sandbox.errors import SlackRefusal
from bot.sandbox.limits import find_view_faults, is_view_too_large
from bot.sandbox.shapes import Json
from bot.sandbox.triggers import Trigger
from bot.sandbox.views import View
from bot.sandbox.world import World


def open_view(world: World, arguments: Arguments) -> Json:
    """Open a form in answer to what a person just did."""
    payload = read_view(world, arguments, allowed=("modal",))
    return _stack(world, _find_trigger(world, arguments), payload)


def push(world: World, arguments: Arguments) -> Json:
    """Lay a form over the one in which a person just did something."""
    payload = read_view(world, arguments, allowed=("modal",))
    trigger = _find_trigger(world, arguments)
    stack = world.views.stack(trigger.user_id)
    if trigger.view_id is None or trigger.view_id not in [view.id for view in stack]:
        raise SlackRefusal("not_found")
    return _stack(world, trigger, payload)


def _find_trigger(world: World, arguments: Arguments) -> Trigger:
    return world.triggers.find(arguments.required("trigger_id"))


def _stack(world: World, trigger: Trigger, payload: Json) -> Json:
    view = world.views.open(trigger.user_id, payload)
    trigger.is_spent = True
    return _changed(world, view)


def update(world: World, arguments: Arguments) -> Json:
    """Change what an open form or a home page shows."""
    payload = read_view(world, arguments)
    view_id, external_id = arguments.text("view_id"), arguments.text("external_id")
    if not view_id and not external_id:
        raise missing("view_id")
    view = world.views.find(view_id=view_id, external_id=external_id)
    if payload["type"] != view.kind:
        raise SlackRefusal("invalid_arguments", messages=["view type cannot change"])
    world.views.update(view, payload, expected_hash=arguments.text("hash") or None)
    return _changed(world, view)


def publish(world: World, arguments: Arguments) -> Json:
    """Publish a person's home page."""
    payload = read_view(world, arguments, allowed=("home",))
    person = world.directory.get(arguments.required("user_id"))
    if person is None or person.is_bot:
        raise SlackRefusal("invalid_arguments", messages=["invalid `user_id`"])
    expected_hash = arguments.text("hash") or None
    view = world.views.publish(person.id, payload, expected_hash=expected_hash)
    return _changed(world, view)


def _changed(world: World, view: View) -> Json:
    world.changes.touch([view.owner_id])
    return {"view": descriptions.view(world.cast, view)}


def read_view(
    world: World, arguments: Arguments, *, allowed: tuple[str, ...] = ("modal", "home")
) -> Json:
    """Read a view out of the arguments, or refuse it as Slack does."""
    payload = arguments.parsed("view")
    if payload is None:
        raise missing("view")
    view = ensure_view(payload, allowed=allowed)
    ensure_pictures(world, view["blocks"], error="invalid_arguments")
    return view


def ensure_view(payload: object, *, allowed: tuple[str, ...]) -> Json:
    """Give back a view that Slack would show, or refuse it."""
    faults = find_view_faults(payload, allowed=allowed)
    if faults or not isinstance(payload, dict):
        raise SlackRefusal("invalid_arguments", messages=faults)
    if is_view_too_large(payload):
        raise SlackRefusal("view_too_large")
    return payload
