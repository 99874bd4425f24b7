"""Elements from which one chooses: menus of options, of people, of places, boxes and buttons."""

from bot.sandbox.limits.options import (
    confirm,
    initial_option,
    initial_options,
    menu,
    option_shape,
    options,
)
from bot.sandbox.limits.rules import ANY_TEXT, anything, flag, string, text, valid, whole
from bot.sandbox.limits.spots import Rule, Shape

MANY = 10**9


def _common() -> Shape:
    return (string("action_id", 255), confirm(), flag("focus_on_load"))


def _menu() -> Shape:
    return (*_common(), text("placeholder", 150))


def _multi_menu() -> Shape:
    return (*_menu(), whole("max_selected_items", 1, MANY))


def _ids(name: str) -> Rule:
    def is_ids(value: object) -> bool:
        return isinstance(value, list) and all(isinstance(item, str) and item for item in value)

    return valid(name, is_ids, "must be an array of ids")


def overflow() -> Shape:
    """The menu behind three dots."""
    shape = option_shape(has_url=True)
    return (string("action_id", 255), confirm(), options(1, 5, shape=shape))


def checkboxes() -> Shape:
    """Boxes to tick."""
    shape = option_shape(ANY_TEXT)
    return (*_common(), options(1, 10, shape=shape), initial_options(shape=shape))


def radio_buttons() -> Shape:
    """Choices of which one holds."""
    shape = option_shape(ANY_TEXT)
    return (*_common(), options(1, 10, shape=shape), initial_option(shape=shape))


def static_select() -> Shape:
    """One of the options that come with the menu."""
    return (*_menu(), menu(), initial_option())


def multi_static_select() -> Shape:
    """Several of the options that come with the menu."""
    return (*_multi_menu(), menu(), initial_options())


def external_select() -> Shape:
    """One of the options that the bot loads."""
    return (*_menu(), initial_option(), whole("min_query_length", 0, MANY))


def multi_external_select() -> Shape:
    """Several of the options that the bot loads."""
    return (*_multi_menu(), initial_options(), whole("min_query_length", 0, MANY))


def users_select() -> Shape:
    """One user of the workspace."""
    return (*_menu(), string("initial_user", 255, least=1))


def multi_users_select() -> Shape:
    """Several users of the workspace."""
    return (*_multi_menu(), _ids("initial_users"))


def _places() -> Shape:
    return (flag("default_to_current_conversation"), anything("filter"))


def conversations_select() -> Shape:
    """One conversation."""
    initial = string("initial_conversation", 255, least=1)
    return (*_menu(), *_places(), initial, flag("response_url_enabled"))


def multi_conversations_select() -> Shape:
    """Several conversations."""
    return (*_multi_menu(), *_places(), _ids("initial_conversations"))


def channels_select() -> Shape:
    """One public channel."""
    return (*_menu(), string("initial_channel", 255, least=1), flag("response_url_enabled"))


def multi_channels_select() -> Shape:
    """Several public channels."""
    return (*_multi_menu(), _ids("initial_channels"))
