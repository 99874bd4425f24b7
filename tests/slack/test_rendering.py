"""What goes to Slack is what slack_sdk would write, to the letter, and refused where it refuses."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    DateTimePickerElement,
    ExternalDataSelectElement,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
    StaticSelectElement,
    UserMultiSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.blocks.block_elements import RichTextElement
from slack_sdk.models.views import View

from bot.slack.blocks import kit
from bot.slack.blocks.rendering import all_rendered, rendered

texts = st.text(max_size=400)
OPTION = Option(value="a", text=PlainTextObject(text="A"), description="About A")
CONFIRM = ConfirmObject(title="Sure?", text="Really?", confirm="Yes", deny="No")
STYLE = RichTextElementParts.TextStyle(bold=True, strike=False)


def written(thing: JsonObject) -> str:
    """What slack_sdk writes, to the last comma, or that it refuses to and why."""
    try:
        return json.dumps(thing.to_dict())
    except SlackObjectFormationError as error:
        return f"refused: {error}"


def written_here(thing: JsonObject) -> str:
    try:
        return json.dumps(rendered(thing))
    except SlackObjectFormationError as error:
        return f"refused: {error}"


@st.composite
def elements(draw: st.DrawFn) -> list[Any]:
    text, label = draw(texts), PlainTextObject(text=draw(texts))
    return [
        ButtonElement(text=label, action_id="a", value=text, style=draw(texts), confirm=CONFIRM),
        StaticSelectElement(action_id="b", options=[OPTION] * draw(st.integers(0, 101))),
        StaticSelectElement(action_id="b", options=[OPTION], initial_option=OPTION),
        ExternalDataSelectElement(action_id="c", placeholder=text, min_query_length=0),
        UserSelectElement(action_id="d", initial_user=text, focus_on_load=True),
        UserMultiSelectElement(action_id="e", initial_users=draw(st.lists(texts, max_size=3))),
        CheckboxesElement(action_id="f", options=[OPTION], initial_options=[OPTION]),
        DateTimePickerElement(action_id="g", initial_date_time=draw(st.integers(0, 10**10))),
        PlainTextInputElement(
            action_id="h",
            initial_value=text,
            multiline=draw(st.booleans()),
            max_length=draw(st.integers(0, 4000)),
            dispatch_action_config=DispatchActionConfig(trigger_actions_on=["on_enter_pressed"]),
        ),
    ]


@st.composite
def blocks(draw: st.DrawFn) -> list[Block]:
    inside, text = draw(elements()), draw(texts)
    parts: list[RichTextElement] = [
        RichTextElementParts.Text(text=text, style=STYLE),
        RichTextElementParts.Link(url="https://a.example", text=text),
        RichTextElementParts.User(user_id=text),
        RichTextElementParts.Date(timestamp=draw(st.integers()), format="{time}", fallback=text),
    ]
    section = RichTextSectionElement(elements=parts)
    empty = RichTextSectionElement(elements=[])
    return [
        kit.sentence(text),
        HeaderBlock(text=PlainTextObject(text=text)),
        SectionBlock(text=MarkdownTextObject(text=text), accessory=inside[0], block_id=text),
        SectionBlock(fields=[PlainTextObject(text=text)] * draw(st.integers(0, 11))),
        ActionsBlock(elements=inside[: draw(st.integers(0, 6))], block_id="x"),
        InputBlock(label=text, element=inside[-1], hint=text, optional=False),
        ImageBlock(image_url="https://a.example/b.png", alt_text=text, title=text),
        RichTextBlock(
            elements=[
                *(section, empty, RichTextQuoteElement(elements=[])),
                RichTextPreformattedElement(elements=parts),
                RichTextListElement(elements=[section, empty], style="bullet", indent=0),
            ]
        ),
        kit.divider(),
    ]


@given(st.data())
def test_every_piece_is_written_as_slack_sdk_writes_it(data: st.DataObject) -> None:
    for each in (*data.draw(blocks()), *data.draw(elements()), OPTION, CONFIRM):
        assert written_here(each) == written(each)


@given(blocks(), texts, texts)
def test_every_view_is_written_or_refused_as_slack_sdk_does(
    shown: list[Block], title: str, notes: str
) -> None:
    for each in shown:
        view = View(type="modal", title=title, blocks=[each], private_metadata=notes * 9)
        assert written_here(view) == written(view)
    home = View(type="home", title=title or None, close=title or None, blocks=shown[-2:])
    assert written_here(home) == written(home)


def test_what_slack_would_refuse_is_refused_in_the_same_words() -> None:
    too_long = HeaderBlock(text=PlainTextObject(text="x" * 151))
    with pytest.raises(SlackObjectFormationError, match="cannot exceed 150"):
        rendered(too_long)
    with pytest.raises(SlackObjectFormationError, match="cannot exceed 150"):
        all_rendered([kit.divider(), too_long])
