"""People for tests: what they fill in is what Slack would send, and mistakes are theirs to hear."""

import time
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import Sandbox, SandboxClock, northwind
from bot.sandbox.acts.mentions import escaped, with_mentions
from bot.sandbox.filling import chosen
from bot.sandbox.inputs import FIELDS, find_mistake, initial_values, merge_values
from bot.sandbox.people import Directory
from tests.clocks import running_sandbox_clock
from tests.sandbox.tinybot import form, options, plain

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("element", "value", "state"),
    [
        ({"type": "datepicker"}, date(2026, 3, 2), {"selected_date": "2026-03-02"}),
        ({"type": "timepicker"}, time_of_day(9, 5), {"selected_time": "09:05"}),
        (
            {"type": "datetimepicker"},
            datetime(2026, 3, 2, tzinfo=UTC),
            {"selected_date_time": 1772409600},
        ),
        ({"type": "users_select"}, "U0MEI", {"selected_user": "U0MEI"}),
        ({"type": "multi_users_select"}, ["U0MEI"], {"selected_users": ["U0MEI"]}),
        ({"type": "number_input"}, 30, {"value": "30"}),
        ({"type": "plain_text_input"}, None, {"value": None}),
        ({"type": "button"}, "7", {}),
        (
            {"type": "checkboxes", "options": options("a", "b")},
            ["b"],
            {"selected_options": [options("b")[0]]},
        ),
    ],
)
def test_values_take_slacks_shape(element: Json, value: object, state: Json) -> None:
    assert chosen(element, value) == state


@pytest.mark.parametrize(
    ("element", "good", "bad"),
    [
        ({"type": "plain_text_input", "min_length": 2, "max_length": 3}, "ab", "abcd"),
        ({"type": "plain_text_input", "min_length": 2}, "ab", "a"),
        ({"type": "number_input", "min_value": "1", "max_value": "60"}, "60", "61"),
        ({"type": "number_input", "min_value": "1"}, "1", "0"),
        ({"type": "number_input"}, "7", "7.5"),
        ({"type": "number_input", "is_decimal_allowed": True}, "7.5", "NaN"),
        ({"type": "email_text_input"}, "a@b.example", "a@b"),
        ({"type": "url_text_input"}, "https://b.example", "b.example"),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U1"], ["U1", "U2"]),
    ],
)
def test_a_form_lets_pass_what_slack_lets_pass(element: Json, good: object, bad: object) -> None:
    assert find_mistake(element, good, is_optional=False) is None
    assert find_mistake(element, bad, is_optional=True) is not None


@given(st.sampled_from(sorted(FIELDS)), st.sampled_from([None, "", []]))
def test_only_what_is_optional_may_be_empty(kind: str, nothing: object) -> None:
    assert find_mistake({"type": kind}, nothing, is_optional=True) is None
    assert find_mistake({"type": kind}, nothing, is_optional=False)


values = st.none() | st.text(max_size=3)
states = st.dictionaries(
    st.sampled_from(["topic", "who", "elsewhere"]),
    st.dictionaries(
        st.sampled_from(["text", "user"]),
        st.fixed_dictionaries(
            {"type": st.sampled_from(["plain_text_input", "users_select"]), "value": values}
        ),
    ),
)


@given(states, states)
def test_a_state_holds_the_inputs_that_are_there_and_no_others(known: Any, sent: Any) -> None:
    blocks = form()["blocks"]
    merged = merge_values(blocks, known, sent)
    names = {block_id: set(entries) for block_id, entries in initial_values(blocks).items()}
    assert {block_id: set(entries) for block_id, entries in merged.items()} == names
    newest = sent.get("topic", {}).get("text", {"type": ""})
    if newest["type"] == "plain_text_input":
        assert merged["topic"]["text"] == newest
    assert merge_values(blocks, merged, None) == merged


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("@priya", "<@U0PRIYA|priya>"),
        ("@Priya Raman tomorrow", "<@U0PRIYA|priya> tomorrow"),
        ("@PRIYA, please", "<@U0PRIYA|priya>, please"),
        ("@Tomás Lindqvist", "<@U0TOMAS|tomas>"),
        ("@nobody", "@nobody"),
        ("mail priya@northwind.example", "mail priya@northwind.example"),
        ("<@U0PRIYA>", "&lt;@U0PRIYA&gt;"),
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("#general", "<#C0GENERAL|general>"),
    ],
)
def test_what_is_typed_arrives_as_slack_escapes_it(typed: str, heard: str) -> None:
    assert with_mentions(escaped(typed), Directory(northwind())) == heard


@given(st.text(alphabet="a<>&@# priy", max_size=20))
def test_no_typed_character_can_pass_for_slacks_own(typed: str) -> None:
    heard = with_mentions(escaped(typed), Directory(northwind()))
    assert heard.count("<") == heard.count("<@U0PRIYA|priya>") + heard.count("<#C0GENERAL|")


def test_a_clock_tells_of_each_move() -> None:
    moves: list[datetime] = []
    clock = SandboxClock(real=lambda: datetime(2026, 3, 2, tzinfo=UTC))
    stop = clock.on_change(lambda: moves.append(clock.now()))
    clock.move_to(datetime(2026, 3, 3, tzinfo=UTC))
    clock.reset()
    stop()
    clock.move_to(datetime(2027, 1, 1, tzinfo=UTC))
    assert [move.day for move in moves] == [3, 2]
    with pytest.raises(ValueError, match="zone"):
        clock.move_to(datetime(2026, 3, 3))  # noqa: DTZ001


async def test_a_name_that_is_not_there_is_a_mistake_of_the_test(sandbox: Sandbox) -> None:
    dana = sandbox.person("U0DANA")
    sandbox.world.views.open("U0DANA", form())
    view = dana.modals[0]
    with pytest.raises(LookupError, match="topic/text"):
        dana.fill(view, {"subject": "x"})
    with pytest.raises(LookupError, match="No option"):
        dana.fill(view, {"length": "17"})
    with pytest.raises(LookupError, match="deeper"):
        await dana.click(view, "absent")


async def test_buttons_of_one_name_are_told_apart_by_value(sandbox: Sandbox) -> None:
    row = [
        {
            "type": "section",
            "text": plain(n),
            "accessory": {
                "type": "button",
                "action_id": "open",
                "text": plain("Open"),
                "value": n,
            },
        }
        for n in "12"
    ]
    sandbox.world.views.publish("U0DANA", {"type": "home", "blocks": row})
    dana = sandbox.person("U0DANA")
    home = dana.home
    assert home
    with pytest.raises(LookupError, match="2 elements"):
        await dana.click(home, "open")
    with pytest.raises(Exception, match="trouble connecting"):
        await dana.click(home, "open", "2")


def test_a_sandbox_runs_in_a_thread_of_its_own() -> None:
    sandbox = Sandbox(clock=running_sandbox_clock()).start_in_thread()
    try:
        answer = httpx.get(f"{sandbox.url}/sandbox/people", trust_env=False)
        dana = sandbox.person("U0DANA")
        said = sandbox.call(dana.say("From another thread"))
        shown = httpx.get(f"{sandbox.url}/sandbox/state?as=U0DANA", trust_env=False).json()
    finally:
        sandbox.stop()
    assert answer.json()["ok"]
    assert shown["conversations"][0]["messages"][0]["ts"] == said.ts
    with pytest.raises(httpx.ConnectError):
        httpx.get(sandbox.url, trust_env=False)


def test_a_port_that_is_taken_is_said_at_once() -> None:
    sandbox = Sandbox(clock=running_sandbox_clock()).start_in_thread()
    port = int(sandbox.url.rpartition(":")[2])
    other = Sandbox(clock=running_sandbox_clock())
    try:
        with pytest.raises(OSError, match="in use"):
            other.start_in_thread(port)
    finally:
        sandbox.stop()


async def test_stopping_does_not_wait_for_those_who_watch() -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as browser:
        async with Sandbox(clock=running_sandbox_clock()) as sandbox:
            address = f"{sandbox.url}/sandbox/events?as=U0DANA"
            stream = await browser.send(browser.build_request("GET", address), stream=True)
            lines = stream.aiter_lines()
            assert (await anext(lines)).startswith("data:")
            began = time.monotonic()
        assert time.monotonic() - began < 1.5
        rest = [line async for line in lines]
    assert all(line.startswith(("data:", ":")) for line in rest if line)
