"""Every number of Slack's limits: at the limit it passes, one beyond it is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.limits import (
    find_faults,
    find_option_faults,
    find_view_faults,
    is_message_too_long,
    is_view_too_large,
)
from tests.sandbox.tinybot import plain

Json = dict[str, Any]
Make = Callable[[int], Json]


def option(**more: object) -> Json:
    return {"text": plain("One"), "value": "1", **more}


def options(count: int) -> list[Json]:
    return [option(value=str(n)) for n in range(count)]


def button(**more: object) -> Json:
    return {"type": "button", "text": plain("Go"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def labelled(element: Json, **more: object) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def section(**more: object) -> Json:
    return {"type": "section", "text": plain("Text"), **more}


def select(**more: object) -> Json:
    return {"type": "static_select", "options": options(2), **more}


def typed(**more: object) -> Json:
    return labelled({"type": "plain_text_input", **more})


def confirm(**more: object) -> Json:
    asked = {"title": "Sure", "text": "Really", "confirm": "Yes", "deny": "No"}
    return {name: plain(words) for name, words in asked.items()} | more


def asked(name: str) -> Make:
    return lambda n: actions(button(confirm=confirm(**{name: plain("x" * n)})))


def element_of(kind: str, name: str, **more: object) -> Make:
    return lambda n: actions({"type": kind, name: options(n), **more})


BLOCKS: dict[str, tuple[int, Make]] = {
    "section text": (3000, lambda n: section(text=plain("x" * n))),
    "section fields": (10, lambda n: section(fields=[plain("x")] * n)),
    "field": (2000, lambda n: section(fields=[plain("x" * n)])),
    "header": (150, lambda n: {"type": "header", "text": plain("x" * n)}),
    "context elements": (10, lambda n: {"type": "context", "elements": [plain("x")] * n}),
    "context text": (3000, lambda n: {"type": "context", "elements": [plain("x" * n)]}),
    "actions elements": (25, lambda n: actions(*(button() for _ in range(n)))),
    "block_id": (255, lambda n: section(block_id="x" * n)),
    "action_id": (255, lambda n: actions(button(action_id="x" * n))),
    "button text": (75, lambda n: actions(button(text=plain("x" * n)))),
    "button value": (2000, lambda n: actions(button(value="x" * n))),
    "button url": (3000, lambda n: actions(button(url="https://x.example/".ljust(n, "x")))),
    "confirm title": (100, asked("title")),
    "confirm text": (300, asked("text")),
    "confirm yes": (30, asked("confirm")),
    "confirm no": (30, asked("deny")),
    "option text": (75, lambda n: actions(select(options=[option(text=plain("x" * n))]))),
    "option value": (150, lambda n: actions(select(options=[option(value="x" * n)]))),
    "option description": (
        75,
        lambda n: actions(select(options=[option(description=plain("x" * n))])),
    ),
    "select options": (100, element_of("static_select", "options")),
    "multi-select options": (100, element_of("multi_static_select", "options")),
    "select groups": (
        100,
        lambda n: actions(
            {
                "type": "static_select",
                "option_groups": [{"label": plain("x"), "options": options(1)}] * n,
            }
        ),
    ),
    "options of a group": (
        100,
        lambda n: actions(
            {
                "type": "static_select",
                "option_groups": [{"label": plain("x"), "options": options(n)}],
            }
        ),
    ),
    "group label": (
        75,
        lambda n: actions(
            {
                "type": "static_select",
                "option_groups": [{"label": plain("x" * n), "options": options(1)}],
            }
        ),
    ),
    "placeholder": (150, lambda n: actions(select(placeholder=plain("x" * n)))),
    "overflow": (5, element_of("overflow", "options")),
    "radio buttons": (10, element_of("radio_buttons", "options")),
    "checkboxes": (10, element_of("checkboxes", "options")),
    "input label": (2000, lambda n: typed() | {"label": plain("x" * n)}),
    "input hint": (2000, lambda n: typed() | {"hint": plain("x" * n)}),
    "text input initial": (3000, lambda n: typed(initial_value="x" * n)),
    "text input max": (3000, lambda n: typed(max_length=n)),
    "text input min": (3000, lambda n: typed(min_length=n)),
    "files": (10, lambda n: labelled({"type": "file_input", "max_files": n})),
    "alt text": (
        2000,
        lambda n: {"type": "image", "image_url": "https://x.example", "alt_text": "x" * n},
    ),
}
VIEWS: dict[str, tuple[int, Make]] = {
    "title": (24, lambda n: view(title=plain("x" * n))),
    "submit": (24, lambda n: view(submit=plain("x" * n))),
    "close": (24, lambda n: view(close=plain("x" * n))),
    "private_metadata": (3000, lambda n: view(private_metadata="x" * n)),
    "callback_id": (255, lambda n: view(callback_id="x" * n)),
    "external_id": (255, lambda n: view(external_id="x" * n)),
    "blocks": (100, lambda n: view(blocks=[{"type": "divider"}] * n)),
    "focus": (1, lambda n: view(blocks=[typed(focus_on_load=True)] * n)),
}


def view(**more: object) -> Json:
    blocks: list[Json] = []
    return {"type": "modal", "title": plain("T"), "submit": plain("S"), "blocks": blocks, **more}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_passes_at_its_limit_and_no_further(name: str) -> None:
    most, make = BLOCKS[name]
    assert find_faults([make(most)], "modal") == []
    assert len(find_faults([make(most + 1)], "modal")) == 1


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_passes_at_its_limit_and_no_further(name: str) -> None:
    most, make = VIEWS[name]
    assert find_view_faults(make(most)) == []
    assert len(find_view_faults(make(most + 1))) == 1


def test_the_sizes_of_whole_messages_and_views() -> None:
    divider = {"type": "divider"}
    assert find_faults([divider] * 50, "message") == []
    assert len(find_faults([divider] * 51, "message")) == 1
    assert not is_message_too_long("x" * 4000)
    assert is_message_too_long("x" * 4001)
    frame = len('{"private_metadata":""}')
    assert not is_view_too_large({"private_metadata": "x" * (250_000 - frame)})
    assert is_view_too_large({"private_metadata": "x" * (250_001 - frame)})


BAD_IN_A_FORM: dict[str, list[Json]] = {
    "no elements": [actions()],
    "no elements in context": [{"type": "context", "elements": []}],
    "action_id twice in a block": [actions(button(action_id="a"), button(action_id="a"))],
    "block_id twice": [section(block_id="a"), section(block_id="a")],
    "not ten digits": [labelled({"type": "datetimepicker", "initial_date_time": 1_600_000})],
    "milliseconds": [labelled({"type": "datetimepicker", "initial_date_time": 1_600_000_000_000})],
    "a day that is none": [labelled({"type": "datepicker", "initial_date": "2026-02-30"})],
    "a day written otherwise": [labelled({"type": "datepicker", "initial_date": "20260228"})],
    "an hour that is none": [labelled({"type": "timepicker", "initial_time": "24:00"})],
    "an hour with seconds": [labelled({"type": "timepicker", "initial_time": "12:00:00"})],
    "a style that is none": [actions(button(style="default"))],
    "options and groups": [
        actions(select(option_groups=[{"label": plain("x"), "options": options(1)}]))
    ],
    "neither options nor groups": [actions({"type": "static_select"})],
    "an initial option not offered": [actions(select(initial_option=option(value="9")))],
    "an initial option said otherwise": [
        actions(select(initial_option=option(value="0", text=plain("Other"))))
    ],
    "initial options not offered": [
        actions(
            {
                "type": "multi_static_select",
                "options": options(2),
                "initial_options": [option(value="0"), option(value="2")],
            }
        )
    ],
    "an unknown block": [{"type": "carousel"}],
    "a block of messages": [{"type": "markdown", "text": "x"}],
    "an unknown element": [actions({"type": "slider"})],
    "a button in an input": [labelled(button())],
    "a text field in a row": [actions({"type": "plain_text_input"})],
    "a field that is none": [actions(button(colour="red"))],
    "no text": [{"type": "section"}],
    "empty text": [section(text=plain(""))],
    "mrkdwn in a header": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "mrkdwn on a button": [actions(button(text={"type": "mrkdwn", "text": "x"}))],
    "no label": [{"type": "input", "element": {"type": "plain_text_input"}}],
    "no element": [{"type": "input", "label": plain("x")}],
    "shortest longer than longest": [typed(min_length=5, max_length=4)],
    "initial longer than longest": [typed(max_length=2, initial_value="abc")],
    "a number that is none": [
        labelled({"type": "number_input", "is_decimal_allowed": True, "min_value": "many"})
    ],
    "whether decimals are allowed": [labelled({"type": "number_input"})],
    "no alt text": [{"type": "image", "image_url": "https://x.example/a.png"}],
    "an address that is none": [actions(button(url="coach"))],
    "no options": [actions({"type": "overflow", "options": []})],
    "an image without a picture": [{"type": "image", "alt_text": "x"}],
    "text without its object": [{"type": "section", "text": "x"}],
}


@pytest.mark.parametrize("name", BAD_IN_A_FORM)
def test_what_slack_refuses_in_a_form(name: str) -> None:
    faults = find_faults(BAD_IN_A_FORM[name], "modal")
    assert len(faults) == 1
    assert "[json-pointer:/view/blocks" in faults[0]


def test_files_are_for_forms_only() -> None:
    blocks = [labelled({"type": "file_input"})]
    assert find_faults(blocks, "modal") == []
    assert len(find_faults(blocks, "home")) == 1
    assert len(find_faults(blocks, "message")) == 1


def test_a_form_with_an_input_needs_a_button_to_send_it() -> None:
    assert find_view_faults(view(blocks=[section()], submit=None)) == []
    assert len(find_view_faults(view(blocks=[typed()], submit=None))) == 1


def test_a_home_page_has_no_title() -> None:
    home = {"type": "home", "blocks": [section()]}
    assert find_view_faults(home) == []
    assert len(find_view_faults(home | {"title": plain("x")})) == 1
    assert len(find_view_faults(home, allowed=("modal",))) == 1


def test_an_external_menu_may_start_with_any_option() -> None:
    element = {"type": "external_select", "initial_option": option(), "min_query_length": 0}
    assert find_faults([labelled(element)], "modal") == []


def test_loaded_options_are_held_to_the_same_sizes() -> None:
    assert find_option_faults({"options": []}) == []
    assert find_option_faults({"options": options(100)}) == []
    assert len(find_option_faults({"options": options(101)})) == 1
    assert len(find_option_faults({})) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "type text options elements element accessory blocks fields confirm label value "
                "initial_option initial_options option_groups block_id action_id rows title".split()
            )
            | st.text(max_size=3),
            inner
            | st.sampled_from(
                "section actions input context static_select overflow button plain_text modal home "
                "header image rich_text table checkboxes datepicker plain_text_input".split()
            ),
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(json_values, st.sampled_from(("message", "modal", "home")))
def test_any_payload_is_judged_and_none_breaks_the_judge(payload: Any, surface: Any) -> None:
    faults = [*find_faults(payload, surface), *find_view_faults(payload)]
    assert all("json-pointer:" in fault for fault in faults)
    assert find_view_faults(payload) or payload["type"] in ("modal", "home")
