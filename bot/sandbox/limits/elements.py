"""Which elements there are, and what Slack demands of each."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.sandbox.limits.inputs import (
    date_picker,
    datetime_picker,
    email_input,
    file_input,
    number_input,
    plain_text_input,
    rich_text_input,
    time_picker,
    url_input,
)
from bot.sandbox.limits.menus import (
    channels_select,
    checkboxes,
    conversations_select,
    external_select,
    multi_channels_select,
    multi_conversations_select,
    multi_external_select,
    multi_static_select,
    multi_users_select,
    overflow,
    radio_buttons,
    static_select,
    users_select,
)
from bot.sandbox.limits.options import confirm
from bot.sandbox.limits.pictures import picture_source
from bot.sandbox.limits.rules import one_of, string, text, web_address
from bot.sandbox.limits.spots import Shape, Spot, check_shape
from bot.sandbox.shapes import Json


def button() -> Shape:
    """A button: words, a value, perhaps an address."""
    return (
        text("text", 75, required=True),
        string("action_id", 255),
        string("value", 2000),
        web_address("url", 3000),
        one_of("style", "primary", "danger"),
        string("accessibility_label", 75),
        confirm(),
    )


def image_element() -> Shape:
    """A picture, with words for those who do not see it."""
    return (*picture_source(), string("alt_text", 2000, required=True))


ELEMENTS: Final[Mapping[str, Callable[[], Shape]]] = {
    "button": button,
    "image": image_element,
    "overflow": overflow,
    "checkboxes": checkboxes,
    "radio_buttons": radio_buttons,
    "static_select": static_select,
    "external_select": external_select,
    "users_select": users_select,
    "conversations_select": conversations_select,
    "channels_select": channels_select,
    "multi_static_select": multi_static_select,
    "multi_external_select": multi_external_select,
    "multi_users_select": multi_users_select,
    "multi_conversations_select": multi_conversations_select,
    "multi_channels_select": multi_channels_select,
    "datepicker": date_picker,
    "timepicker": time_picker,
    "datetimepicker": datetime_picker,
    "plain_text_input": plain_text_input,
    "number_input": number_input,
    "email_text_input": email_input,
    "url_text_input": url_input,
    "file_input": file_input,
    "rich_text_input": rich_text_input,
}
PICKERS: Final = ("datepicker", "timepicker", "datetimepicker")
CHOICES: Final = (
    "checkboxes",
    "radio_buttons",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
)
IN_ACTIONS: Final = ("button", "overflow", *CHOICES, *PICKERS)
IN_SECTION: Final = ("image", *IN_ACTIONS)
IN_INPUT: Final = (
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "file_input",
    "rich_text_input",
    *CHOICES,
    *PICKERS,
)


def check_element(spot: Spot, element: object, allowed: tuple[str, ...]) -> None:
    """Hold an element to its kind, where only some kinds are allowed."""
    if not isinstance(element, dict):
        spot.refuse("must provide an object")
        return
    kind = element.get("type")
    if not isinstance(kind, str):
        spot.refuse("missing required field: type")
    elif kind not in ELEMENTS or kind not in allowed:
        spot.refuse(f"unsupported type: {kind}")
    else:
        check_shape(spot, element, ELEMENTS[kind]())


def action_id_of(element: object) -> str | None:
    """Give the name under which an element's actions arrive."""
    value = element.get("action_id") if isinstance(element, dict) else None
    return value if isinstance(value, str) else None


def wants_focus(element: Json) -> bool:
    """Whether this element asks to be the first one typed in."""
    return element.get("focus_on_load") is True
