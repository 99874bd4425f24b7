"""Using elements: buttons, menus, pickers, shortcuts, and menus whose options the bot loads."""

from dataclasses import dataclass, field

from bot.sandbox.acts.places import (
    Container,
    InMessage,
    InView,
    Spot,
    find_element,
    find_message,
    find_view,
)
from bot.sandbox.acts.stage import Stage
from bot.sandbox.acts.uploads import with_own_files
from bot.sandbox.cast import Person
from bot.sandbox.conversations import Message
from bot.sandbox.errors import PersonRefusal
from bot.sandbox.inputs import FIELDS, Values, merge_values
from bot.sandbox.limits import find_option_faults, offered_options
from bot.sandbox.shapes import Json
from bot.sandbox.views import View
from bot.sandbox.wire import payloads
from bot.sandbox.world import World

TROUBLE = "We had some trouble connecting. Try again?"
NO_RESULTS = "We had some trouble loading the options. Try again?"
QUERY_LEAST = 3


@dataclass(frozen=True, slots=True)
class Use:
    """Which element is used, how, and what else is filled in around it."""

    block_id: str
    action_id: str
    chosen: Json = field(default_factory=dict)
    values: object = None

    def on(self, shown: Message | View) -> Json:
        """Give the element that is meant; raise PersonRefusal where it was never shown."""
        return find_element(shown, Spot(self.block_id, self.action_id), self.chosen)


async def use_element(stage: Stage, user_id: str, where: Container, use: Use) -> None:
    """Tell the bot that a person used an element."""
    world = stage.world
    person = world.directory.find_actable(user_id)
    if isinstance(where, InView):
        view = find_view(world, person, where.view_id)
        action = _action(world, use.on(view), use)
        merged = merge_values(view.blocks, view.values, use.values)
        view.values = with_own_files(world, person, _with_choice(merged, action))
        envelope = payloads.view_action(world, person, view, action)
    else:
        place, said = find_message(world, person, where)
        blocks = list(said.content.blocks)
        action = _action(world, use.on(said), use)
        values = _with_choice(merge_values(blocks, {}, use.values), action)
        happened = {"state": {"values": values}, "actions": [action]}
        envelope = payloads.message_action(world, person, place, said, happened)
    await stage.ask(envelope, late=TROUBLE, lost=TROUBLE)


def _action(world: World, element: Json, use: Use) -> Json:
    kind = element["type"]
    _ensure_possible(world, element, use.chosen)
    described = {
        name: value
        for name, value in element.items()
        if name in ("text", "value", "style", "placeholder", "confirm", "url")
        or name.startswith("initial_")
    }
    taken = {
        n: v for n, v in use.chosen.items() if n.startswith("selected_") or n in ("value", "files")
    }
    if kind == "button":
        taken = {}
    return {
        **described,
        **taken,
        "type": kind,
        "action_id": use.action_id,
        "block_id": use.block_id,
        "action_ts": payloads.now_ts(world),
    }


def _ensure_possible(world: World, element: Json, chosen: Json) -> None:
    option = chosen.get("selected_option")
    is_fixed = not element["type"].endswith("external_select")
    if isinstance(option, dict) and is_fixed:
        offered = [known.get("value") for known in offered_options(element)]
        if option.get("value") not in offered:
            raise PersonRefusal("option_not_found", "That choice is not offered.", status=409)
    user_id = chosen.get("selected_user")
    if isinstance(user_id, str) and world.directory.get(user_id) is None:
        raise PersonRefusal("user_not_found", "Nobody by that id is here.", status=404)


def _with_choice(values: Values, action: Json) -> Values:
    kind = action["type"]
    entries = values.get(action["block_id"], {})
    if kind in FIELDS and action["action_id"] in entries:
        name = FIELDS[kind][0]
        entries[action["action_id"]] = {"type": kind, name: action.get(name)}
    return values


async def load_options(stage: Stage, user_id: str, where: Container, use: Use, typed: str) -> Json:
    """Ask the bot for the options that fit what is typed."""
    world = stage.world
    person = world.directory.find_actable(user_id)
    asked, shown = _asked_about(world, person, where)
    if len(typed) < use.on(shown).get("min_query_length", QUERY_LEAST):
        return {"options": []}
    asked |= {"action_id": use.action_id, "block_id": use.block_id, "value": typed}
    envelope = payloads.suggestion(world, person, asked)
    answer = await stage.ask(envelope, late=NO_RESULTS, lost=NO_RESULTS)
    faults = find_option_faults(answer)
    if faults:
        stage.complain(f"options of {use.action_id}: {'; '.join(faults)}")
        raise PersonRefusal("bad_response", NO_RESULTS, status=502)
    return {name: answer[name] for name in ("options", "option_groups") if name in answer}


def _asked_about(world: World, person: Person, where: Container) -> tuple[Json, Message | View]:
    if isinstance(where, InView):
        view = find_view(world, person, where.view_id)
        return payloads.asked_in_view(world, view), view
    place, said = find_message(world, person, where)
    return payloads.asked_in_message(world, place, said), said


async def take_shortcut(
    stage: Stage, user_id: str, callback_id: str, where: InMessage | None = None
) -> None:
    """Tell the bot that a person chose a shortcut, on a message or anywhere."""
    world = stage.world
    person = world.directory.find_actable(user_id)
    if not world.terms.offers(callback_id, "global" if where is None else "message"):
        raise PersonRefusal("shortcut_not_found", "That shortcut is not there.", status=404)
    if where is None:
        envelope = payloads.shortcut(world, person, callback_id)
    else:
        place, said = find_message(world, person, where)
        if said.only_for:
            raise PersonRefusal("message_not_found", "Only you see that message.", status=409)
        envelope = payloads.message_shortcut(world, person, place, said, callback_id)
    await stage.ask(envelope, late=TROUBLE, lost=TROUBLE)
