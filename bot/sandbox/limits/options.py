"""Options of menus, and the question asked before an action: their sizes and their agreement."""

from bot.sandbox.limits.rules import ANY_TEXT, PLAIN, one_of, string, text, web_address
from bot.sandbox.limits.spots import Rule, Shape, Spot, check_shape, field_of, list_of, objects_of
from bot.sandbox.shapes import Json

MENU_MOST = 100


def confirm() -> Rule:
    """The question asked before an action is taken."""
    shape: Shape = (
        text("title", 100, required=True),
        text("text", 300, kinds=ANY_TEXT, required=True),
        text("confirm", 30, required=True),
        text("deny", 30, required=True),
        one_of("style", "primary", "danger"),
    )

    def check(spot: Spot, thing: Json) -> None:
        value = thing.get("confirm")
        if isinstance(value, dict):
            check_shape(spot.at("confirm"), value, shape)
        elif value is not None:
            spot.at("confirm").refuse("must provide an object")

    return Rule(("confirm",), check)


def option_shape(kinds: tuple[str, ...] = PLAIN, *, has_url: bool = False) -> Shape:
    """What one option may say."""
    shape: Shape = (
        text("text", 75, kinds=kinds, required=True),
        string("value", 150, least=1, required=True),
        text("description", 75, kinds=kinds),
    )
    return (*shape, web_address("url", 3000)) if has_url else shape


def options(least: int, most: int, *, shape: Shape) -> Rule:
    """A plain list of options."""

    def check(spot: Spot, thing: Json) -> None:
        items = list_of(spot, thing, "options", least=least, most=most)
        for place, item in objects_of(spot.at("options"), items):
            check_shape(place, item, shape)

    return Rule(("options",), check)


def menu() -> Rule:
    """Options or groups of options, never both and never neither."""
    plain = options(1, MENU_MOST, shape=option_shape())

    def check(spot: Spot, thing: Json) -> None:
        has_options = thing.get("options") is not None
        if has_options and thing.get("option_groups") is not None:
            spot.refuse("only one of `options` or `option_groups` can be provided")
        elif has_options:
            plain.check(spot, thing)
        else:
            _check_groups(spot, thing)

    return Rule(("options", "option_groups"), check)


def _check_groups(spot: Spot, thing: Json) -> None:
    if thing.get("option_groups") is None:
        spot.refuse("missing required field: options")
        return
    group: Shape = (
        text("label", 75, required=True),
        options(1, MENU_MOST, shape=option_shape()),
    )
    items = list_of(spot, thing, "option_groups", least=1, most=MENU_MOST)
    for place, item in objects_of(spot.at("option_groups"), items):
        check_shape(place, item, group)


def initial_option(*, shape: Shape | None = None) -> Rule:
    """The option chosen at first, which must be one of those offered."""

    def check(spot: Spot, thing: Json) -> None:
        value = thing.get("initial_option")
        if value is not None:
            _check_chosen(spot.at("initial_option"), value, thing, shape)

    return Rule(("initial_option",), check)


def initial_options(*, shape: Shape | None = None) -> Rule:
    """The options chosen at first, each one of those offered."""

    def check(spot: Spot, thing: Json) -> None:
        if thing.get("initial_options") is None:
            return
        items = list_of(spot, thing, "initial_options", least=1, most=MENU_MOST)
        for place, item in objects_of(spot.at("initial_options"), items):
            _check_chosen(place, item, thing, shape)

    return Rule(("initial_options",), check)


def _check_chosen(spot: Spot, value: object, thing: Json, shape: Shape | None) -> None:
    if not isinstance(value, dict):
        spot.refuse("must provide an object")
        return
    check_shape(spot, value, shape or option_shape())
    if thing.get("type") in ("external_select", "multi_external_select"):
        return
    if not any(_is_same_option(value, offered) for offered in offered_options(thing)):
        spot.refuse("must match one of the options provided")


def _is_same_option(one: Json, other: Json) -> bool:
    return one.get("value") == other.get("value") and _words(one) == _words(other)


def _words(option: Json) -> object:
    said = option.get("text")
    return said.get("text") if isinstance(said, dict) else None


def offered_options(thing: Json) -> list[Json]:
    """List the options that a menu offers, in groups or not."""
    offered = list(thing.get("options") or ())
    for group in thing.get("option_groups") or ():
        if isinstance(group, dict):
            offered += group.get("options") or ()
    return [option for option in offered if isinstance(option, dict)]


def find_option_faults(answer: Json) -> list[str]:
    """Name what Slack would not show of a list of options that the bot loaded."""
    faults: list[str] = []
    spot = Spot("", faults)
    if answer.get("option_groups") is None and field_of(spot, answer, "options") == []:
        return faults
    check_shape(spot, answer, (menu(),))
    return faults
