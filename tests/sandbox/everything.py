"""One of every element and block, as a form shows them."""

from typing import Any

from tests.sandbox.tinybot import options, plain

Json = dict[str, Any]
TWO = options("a", "b")
CONFIRM = {name: plain("Sure") for name in ("title", "text", "confirm", "deny")}
DISPATCH = {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}

INPUTS: list[Json] = [
    {"type": "plain_text_input", "initial_value": "x", "dispatch_action_config": DISPATCH},
    {"type": "number_input", "is_decimal_allowed": False, "initial_value": "7", "min_value": "1"},
    {"type": "email_text_input", "initial_value": "a@b.example"},
    {"type": "url_text_input", "initial_value": "https://b.example"},
    {"type": "rich_text_input", "initial_value": {"type": "rich_text", "elements": []}},
    {"type": "datepicker", "initial_date": "2026-03-02", "placeholder": plain("When")},
    {"type": "timepicker", "initial_time": "09:30", "timezone": "Europe/London"},
    {"type": "datetimepicker", "initial_date_time": 1772409600},
    {"type": "static_select", "options": TWO, "initial_option": TWO[1], "confirm": CONFIRM},
    {"type": "external_select", "initial_option": TWO[0], "min_query_length": 1},
    {"type": "radio_buttons", "options": TWO, "initial_option": TWO[0]},
    {"type": "users_select", "initial_user": "U0MEI", "focus_on_load": True},
    {"type": "conversations_select", "initial_conversation": "C0GENERAL"},
    {"type": "channels_select", "initial_channel": "C0GENERAL"},
    {"type": "checkboxes", "options": TWO, "initial_options": TWO},
    {"type": "multi_static_select", "options": TWO, "initial_options": TWO[:1]},
    {"type": "multi_external_select", "initial_options": TWO},
    {"type": "multi_users_select", "initial_users": ["U0MEI"], "max_selected_items": 3},
    {"type": "multi_conversations_select", "initial_conversations": ["C0GENERAL"]},
    {"type": "multi_channels_select", "initial_channels": ["C0GENERAL"]},
]
FILES: Json = {"type": "file_input", "filetypes": ["pdf"], "max_files": 2}
PICTURE: Json = {"type": "image", "image_url": "https://b.example/a.png", "alt_text": "A"}
SHOWN: list[Json] = [
    {"type": "header", "text": plain("Everything")},
    {"type": "divider"},
    {"type": "section", "fields": [plain("a"), {"type": "mrkdwn", "text": "b", "verbatim": True}]},
    {"type": "section", "text": plain("a"), "accessory": PICTURE},
    {"type": "context", "elements": [PICTURE, plain("a")]},
    {**PICTURE, "title": plain("A picture")},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": plain("Go"), "style": "primary", "confirm": CONFIRM},
            {"type": "overflow", "options": [{**TWO[0], "url": "https://b.example"}]},
        ],
    },
]
IN_MESSAGES: list[Json] = [
    {"type": "markdown", "text": "# Hello"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
    {
        "type": "data_table",
        "caption": "Numbers",
        "rows": [
            [{"type": "raw_text", "text": "a"}],
            [{"type": "raw_number", "value": 1, "text": "1"}],
        ],
    },
    {
        "type": "data_visualization",
        "title": "Slices",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
    },
]


def labelled(element: Json) -> Json:
    """One input of a form, named after its kind."""
    kind = element["type"]
    named = {**element, "action_id": kind}
    return {"type": "input", "block_id": kind, "label": plain(kind), "element": named}


def everything() -> list[Json]:
    """One of everything that a form can hold."""
    return [*SHOWN, *map(labelled, [*INPUTS, FILES])]
