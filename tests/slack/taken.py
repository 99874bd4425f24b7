"""Whether Slack takes what is shown: our own rules, and another library that builds the same."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import slackblocks as other

from bot.sandbox.limits import (
    count_characters,
    find_faults,
    find_view_faults,
    is_message_too_long,
)
from tests.slack.test_blocks import walk

Payload = dict[str, Any]
ALL_CHARACTERS: Final = 13_000
"""Of all the blocks of a message together."""
VIEW_BYTES: Final = 250_000
"""As it is sent: what is no ASCII is written as six or twelve signs."""
UNKNOWN = ("rich_text",)
"""Kinds of block of which the other library knows no limits."""


def ensure_view_taken(view: Payload) -> None:
    """Hold a form or page to Slack’s terms."""
    assert find_view_faults(view) == []
    assert len(json.dumps(view)) <= VIEW_BYTES
    ensure_blocks_taken(view["blocks"])
    blocks = [rebuilt(each) for each in view["blocks"] if each["type"] not in UNKNOWN]
    notes = view.get("private_metadata")
    if view["type"] == "home":
        other.HomeTabView(blocks, private_metadata=notes)._resolve()
        return
    other.ModalView(
        blocks=blocks,
        title=text(view["title"]),
        close=text(view["close"]) if "close" in view else None,
        submit=text(view["submit"]) if "submit" in view else None,
        private_metadata=notes,
        callback_id=view.get("callback_id"),
    )._resolve()


def ensure_message_taken(said: str, blocks: list[Payload]) -> None:
    """Hold a message to Slack’s terms."""
    assert find_faults(blocks, "message") == []
    assert said.strip()
    assert not is_message_too_long(said)
    assert count_characters(blocks) <= ALL_CHARACTERS
    ensure_blocks_taken(blocks)


def ensure_blocks_taken(blocks: list[Payload]) -> None:
    """Nothing is mrkdwn, and the other library builds each block from the same words."""
    assert not any(each.get("type") == "mrkdwn" for each in walk(blocks))
    for each in blocks:
        if each["type"] not in UNKNOWN:
            assert rebuilt(each)._resolve()["type"] == each["type"]


def text(shown: Payload) -> other.Text:
    assert shown["type"] == "plain_text"
    return other.Text(shown["text"], type_=other.TextType.PLAINTEXT)


def rebuilt(block: Payload) -> other.Block:
    """Build a block by the other library; it refuses what Slack would refuse."""
    match block["type"]:
        case "header":
            return other.HeaderBlock(block["text"]["text"])
        case "divider":
            return other.DividerBlock()
        case "section":
            accessory = block.get("accessory")
            extra = element(accessory) if accessory else None
            return other.SectionBlock(text=text(block["text"]), accessory=extra)
        case "context":
            return other.ContextBlock([text(each) for each in block["elements"]])
        case "actions":
            return other.ActionsBlock([element(each) for each in block["elements"]])
        case "input":
            hint = block.get("hint")
            return other.InputBlock(
                label=text(block["label"]),
                element=element(block["element"]),
                block_id=block["block_id"],
                hint=text(hint) if hint else None,
            )
    raise AssertionError(f"No limits are known of {block['type']}")


def element(shown: Payload) -> other.Element:
    """Build an element by the other library."""
    action_id = shown["action_id"]
    confirm = confirmation(shown["confirm"]) if "confirm" in shown else None
    placeholder = text(shown["placeholder"]) if "placeholder" in shown else None
    match shown["type"]:
        case "button":
            return other.Button(
                text(shown["text"]),
                action_id,
                value=shown.get("value"),
                style=shown.get("style"),
                confirm=confirm,
                accessibility_label=shown.get("accessibility_label"),
            )
        case "static_select" if "option_groups" in shown:
            groups = [
                other.OptionGroup(text(each["label"]), options(each["options"]))
                for each in shown["option_groups"]
            ]
            return other.StaticSelectMenu(action_id, option_groups=groups, placeholder=placeholder)
        case "static_select":
            return other.StaticSelectMenu(
                action_id, options(shown["options"]), placeholder=placeholder
            )
        case "overflow":
            return other.OverflowMenu(action_id, options(shown["options"]))
    return field(shown, placeholder)


def field(shown: Payload, placeholder: other.Text | None) -> other.Element:
    """Build an element that is filled in."""
    return FIELDS[shown["type"]](shown, placeholder)


Build = Callable[[Payload, other.Text | None], other.Element]
FIELDS: Final[Mapping[str, Build]] = {
    "multi_static_select": lambda shown, words: other.StaticMultiSelectMenu(
        shown["action_id"], every_option(shown)[:100], placeholder=words
    ),
    "multi_external_select": lambda shown, words: other.ExternalMultiSelectMenu(
        shown["action_id"],
        shown["min_query_length"],
        options(shown.get("initial_options") or []) or None,
        placeholder=words,
    ),
    "external_select": lambda shown, words: other.ExternalSelectMenu(
        shown["action_id"], min_query_length=shown["min_query_length"], placeholder=words
    ),
    "users_select": lambda shown, words: other.UserSelectMenu(
        shown["action_id"], shown.get("initial_user"), placeholder=words
    ),
    "multi_users_select": lambda shown, words: other.UserMultiSelectMenu(
        shown["action_id"],
        shown.get("initial_users"),
        max_selected_items=shown.get("max_selected_items"),
        placeholder=words,
    ),
    "checkboxes": lambda shown, _: other.CheckboxGroup(
        shown["action_id"], options(shown["options"])
    ),
    "radio_buttons": lambda shown, _: other.RadioButtonGroup(
        shown["action_id"], options(shown["options"])
    ),
    "datetimepicker": lambda shown, _: other.DateTimePicker(
        shown["action_id"], shown.get("initial_date_time")
    ),
    "timepicker": lambda shown, words: other.TimePicker(
        shown["action_id"], shown.get("initial_time"), placeholder=words
    ),
    "file_input": lambda shown, _: other.FileInput(
        shown["action_id"], max_files=shown.get("max_files")
    ),
    "plain_text_input": lambda shown, words: other.PlainTextInput(
        shown["action_id"],
        shown.get("initial_value"),
        max_length=shown.get("max_length"),
        placeholder=words,
    ),
}


def every_option(shown: Payload) -> list[other.Option]:
    groups = shown.get("option_groups") or [shown]
    return [each for group in groups for each in options(group["options"])]


def options(shown: list[Payload]) -> list[other.Option]:
    return [
        other.Option(
            text(each["text"]),
            each["value"],
            description=text(each["description"]) if "description" in each else None,
        )
        for each in shown
    ]


def confirmation(shown: Payload) -> other.ConfirmationDialogue:
    return other.ConfirmationDialogue(
        text(shown["title"]),
        text(shown["text"]),
        text(shown["confirm"]),
        text(shown["deny"]),
        style=shown.get("style"),
    )
