"""Sending and closing forms, and opening the home page."""

from collections.abc import Mapping

from bot.sandbox.acts.places import find_view
from bot.sandbox.acts.stage import Stage
from bot.sandbox.acts.uploads import with_own_files
from bot.sandbox.acts.using import TROUBLE
from bot.sandbox.api.views import ensure_view
from bot.sandbox.errors import PersonRefusal, SlackRefusal
from bot.sandbox.inputs import find_mistakes, merge_values
from bot.sandbox.shapes import Json
from bot.sandbox.views import View
from bot.sandbox.wire import payloads
from bot.sandbox.wire.transport import NotAcknowledged

PLEASE_CORRECT = "Please correct what is marked."


async def submit(stage: Stage, user_id: str, view_id: str, values: object) -> None:
    """Send a form: check it as Slack does, ask the bot, and do what it answers."""
    world = stage.world
    person = world.directory.find_actable(user_id)
    view = find_view(world, person, view_id)
    if view not in world.views.stack(person.id)[-1:]:
        raise PersonRefusal("view_not_found", "Another form lies on top of this one.", status=409)
    merged = merge_values(view.blocks, view.values, values)
    view.values = with_own_files(world, person, merged)
    _mark(stage, view, find_mistakes(view.blocks, view.values))
    envelope = payloads.view_submission(world, person, view)
    answer = await stage.ask(envelope, late=TROUBLE, lost=TROUBLE)
    try:
        _follow(stage, view, answer)
    except SlackRefusal as refusal:
        stage.complain(f"answer to {view.callback_id}: {refusal}")
        raise PersonRefusal("bad_response", TROUBLE, status=502) from None
    world.changes.touch([person.id])


def _mark(stage: Stage, view: View, mistakes: Mapping[str, str]) -> None:
    had_errors = bool(view.errors)
    view.errors = dict(mistakes)
    if mistakes or had_errors:
        stage.world.changes.touch([view.owner_id])
    if mistakes:
        raise PersonRefusal("errors", PLEASE_CORRECT, errors=mistakes)


def _follow(stage: Stage, view: View, answer: Json) -> None:
    views = stage.world.views
    match answer.get("response_action"):
        case None:
            views.close(view)
        case "clear":
            views.close(view, everything=True)
        case "update":
            views.update(view, ensure_view(answer.get("view"), allowed=("modal",)))
        case "push":
            views.open(view.owner_id, ensure_view(answer.get("view"), allowed=("modal",)))
        case "errors":
            _mark(stage, view, _read_errors(view, answer.get("errors")))
        case other:
            raise SlackRefusal("invalid_arguments", messages=[f"response_action {other}"])


def _read_errors(view: View, errors: object) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise SlackRefusal("invalid_arguments", messages=["errors must be an object, not empty"])
    for block_id, sentence in errors.items():
        block = view.find_block(block_id)
        if block is None or block.get("type") != "input":
            raise SlackRefusal("invalid_arguments", messages=[f"no input block {block_id}"])
        if not isinstance(sentence, str) or not sentence:
            raise SlackRefusal("invalid_arguments", messages=[f"no sentence for {block_id}"])
    return errors


async def close(stage: Stage, user_id: str, view_id: str) -> None:
    """Close a form, and tell the bot if it wants to know."""
    world = stage.world
    person = world.directory.find_actable(user_id)
    view = find_view(world, person, view_id)
    is_cleared = bool(view.payload.get("clear_on_close"))
    closed = world.views.close(view, everything=is_cleared)
    world.changes.touch([person.id])
    for gone in reversed(closed):
        if gone.payload.get("notify_on_close"):
            envelope = payloads.view_closed(world, person, gone, is_cleared=is_cleared)
            try:
                await stage.dispatcher.ask(envelope)
            except NotAcknowledged:
                continue


def open_home(stage: Stage, user_id: str) -> None:
    """Tell the bot that a person looks at its home page."""
    world = stage.world
    person = world.directory.find_actable(user_id)
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": world.conversations.im_of(person.id).id,
        "tab": "home",
    }
    home = world.views.home(person.id)
    if home:
        event["view"] = payloads.home_of(world, home)
    stage.dispatcher.announce(payloads.event(world, event))
