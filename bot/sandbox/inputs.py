"""What people filled in: Slack's shape of it, what it starts with, and what a form lets pass."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from bot.sandbox.limits import elements_of
from bot.sandbox.shapes import Json

# element type: where its value stands in the state, and where its first value stands in the element
FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", "initial_files"),
}
FILES_MOST: Final = 10
Values = dict[str, dict[str, Json]]


def each_input(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Go through everything that can be filled in, with the block in which it stands."""
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in FIELDS:
                yield block, element


def is_many(kind: str) -> bool:
    """Whether an element of this kind holds a list."""
    return FIELDS[kind][0].endswith("s")


def value_of(entry: Json) -> object:
    """Give the bare value out of an entry of the state."""
    kind = str(entry.get("type"))
    return entry.get(FIELDS[kind][0]) if kind in FIELDS else None


def initial_values(blocks: Sequence[Json]) -> Values:
    """Say what a form holds before anybody touched it."""
    values: Values = {}
    for block, element in each_input(blocks):
        kind = element["type"]
        name, initial = FIELDS[kind]
        empty: object = [] if is_many(kind) else None
        entry = {"type": kind, name: element.get(initial, empty), **zone_of(element)}
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def zone_of(element: Json) -> Json:
    """Give the zone that a time of day carries with it, where its element names one."""
    is_zoned = element["type"] == "timepicker" and element.get("timezone")
    return {"timezone": element["timezone"]} if is_zoned else {}


def merge_values(blocks: Sequence[Json], known: Values, sent: object) -> Values:
    """Lay what was sent over what was known, for the inputs that are really there."""
    merged = initial_values(blocks)
    for layer in (known, sent):
        if not isinstance(layer, dict):
            continue
        for block_id, entries in merged.items():
            found = layer.get(block_id)
            for action_id, entry in entries.items():
                newer = found.get(action_id) if isinstance(found, dict) else None
                if isinstance(newer, dict) and newer.get("type") == entry["type"]:
                    entries[action_id] = newer
    return merged


def find_mistakes(blocks: Sequence[Json], values: Values) -> dict[str, str]:
    """Say, by block, what the person has to correct before the form is sent."""
    mistakes: dict[str, str] = {}
    for block, element in each_input(blocks):
        if block.get("type") != "input":
            continue
        value = value_of(values[block["block_id"]][element["action_id"]])
        sentence = find_mistake(element, value, is_optional=bool(block.get("optional")))
        if sentence:
            mistakes[block["block_id"]] = sentence
    return mistakes


def find_mistake(element: Json, value: object, *, is_optional: bool) -> str | None:
    """Say what is wrong with one value, or nothing."""
    if value is None or value in ("", []):
        return None if is_optional else "Please complete this required field."
    if element["type"] == "file_input" and isinstance(value, list):
        return _find_files_mistake(element, value)
    if isinstance(value, list):
        most = element.get("max_selected_items") or len(value)
        return f"Please select no more than {most}." if len(value) > most else None
    return _find_typing_mistake(element, str(value))


def _find_files_mistake(element: Json, files: Sequence[Json]) -> str | None:
    most = element.get("max_files", FILES_MOST)
    if len(files) > most:
        return f"Please choose no more than {most} {'file' if most == 1 else 'files'}."
    wanted = [str(kind).lower() for kind in element.get("filetypes") or ()]
    if wanted and any(file.get("filetype") not in wanted for file in files):
        return f"Please choose only files of these types: {', '.join(wanted)}."
    return None


def _find_typing_mistake(element: Json, value: str) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        return _find_length_mistake(element, value)
    if kind == "number_input":
        return _find_number_mistake(element, value)
    if kind == "email_text_input" and not _is_address(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S", value):
        return "Please enter a valid URL."
    return None


def _is_address(value: str) -> bool:
    """Whether there is one @, something before it, and a dot between others behind it."""
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+", value)) and "." in value.partition("@")[2][1:-1]


def _find_length_mistake(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter no more than {most} characters."
    return None


def _find_number_mistake(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"Please enter a number of {least} or more."
    if most is not None and number > Decimal(most):
        return f"Please enter a number of {most} or less."
    return None
