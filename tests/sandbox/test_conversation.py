"""A person and a bot made of slack-bolt talk through the sandbox, from command to button."""

from functools import partial

import pytest

from bot.sandbox import Actor, PersonRefusal, Sandbox, View
from tests.sandbox.tinybot import TinyBot


def is_at(depth: int, person: Actor) -> bool:
    return len(person.modals) == depth


async def open_form(person: Actor) -> View:
    await person.command("/coach schedule")
    return await person.until(lambda me: me.modal)


async def test_a_session_is_planned_from_command_to_button(bot: TinyBot, dana: Actor) -> None:
    form = await open_form(dana)
    with pytest.raises(PersonRefusal) as missing:
        await dana.submit(form, {})
    assert missing.value.errors == {"topic": "Please complete this required field."}
    with pytest.raises(PersonRefusal) as refused:
        await dana.submit(form, {"topic": "taken", "user": "U0PRIYA"})
    assert refused.value.errors == {"topic": "That topic is taken."}
    assert dana.modals == [form]
    assert form.errors == {"topic": "That topic is taken."}

    await dana.submit(form, {"topic": "Tone of voice"})
    assert dana.modals == []
    planned = await dana.message_with("Tone of voice")
    await dana.click(planned, "done")
    await dana.until(lambda me: me.messages[-1].text == "Done")
    assert [message.edited_ts is None for message in dana.messages] == [False]
    assert dana.messages[-1].blocks == ()


async def test_the_submission_holds_what_was_filled_in(bot: TinyBot, dana: Actor) -> None:
    form = await open_form(dana)
    await dana.submit(form, {"topic": "Empathy", "user": "U0PRIYA", "length": "30"})
    sent = bot.heard[-1]["view"]["state"]["values"]
    assert sent["topic"] == {"text": {"type": "plain_text_input", "value": "Empathy"}}
    assert sent["who"] == {"user": {"type": "users_select", "selected_user": "U0PRIYA"}}
    assert sent["extras"]["length"]["selected_option"]["value"] == "30"


@pytest.mark.parametrize(
    ("topic", "titles"),
    [
        ("next", ["One more step"]),
        ("deep", ["Plan a session", "Deeper"]),
        ("clear", []),
    ],
)
async def test_the_bot_decides_what_follows_a_form(
    bot: TinyBot, dana: Actor, topic: str, titles: list[str]
) -> None:
    await dana.submit(await open_form(dana), {"topic": topic})
    assert [view.payload["title"]["text"] for view in dana.modals] == titles


async def test_errors_for_what_is_no_input_are_trouble(
    sandbox: Sandbox, bot: TinyBot, dana: Actor
) -> None:
    form = await open_form(dana)
    with pytest.raises(PersonRefusal, match="trouble connecting"):
        await dana.submit(form, {"topic": "nonsense"})
    assert dana.modal is form
    assert sandbox.complaints


async def test_a_stack_holds_three_forms(bot: TinyBot, sandbox: Sandbox, dana: Actor) -> None:
    await open_form(dana)
    for depth in (2, 3):
        await dana.click(dana.modals[-1], "deeper")
        await dana.until(partial(is_at, depth))
    await dana.click(dana.modals[-1], "deeper")
    refused = await dana.until(lambda _: sandbox.calls.refused())
    assert refused[-1].answer == {"ok": False, "error": "push_limit_reached"}
    first, second, third = dana.modals
    assert third.previous_view_id == second.id
    assert third.root_view_id == second.root_view_id == first.id
    await dana.close(third)
    assert dana.modals == [first, second]


async def test_closing_is_told_where_it_was_asked_for(bot: TinyBot, dana: Actor) -> None:
    await dana.submit(await open_form(dana), {"topic": "next"})
    top = dana.modals[-1]
    top.payload["notify_on_close"] = True
    await dana.close(top)
    assert dana.modals == []
    assert bot.heard[-1]["type"] == "view_closed"
    assert bot.heard[-1]["view"]["id"] == top.id


async def test_the_home_page_is_published_when_it_is_opened(bot: TinyBot, dana: Actor) -> None:
    assert dana.home is None
    await dana.open_home()
    home = await dana.until(lambda me: me.home)
    assert "Welcome home" in home.words
    assert bot.heard[-1]["event"]["channel"] == "D0DANA"


async def test_a_command_is_answered_for_one_or_for_all(bot: TinyBot, dana: Actor) -> None:
    await dana.command("/coach hello @Priya Raman & <you>")
    answer = dana.messages[-1]
    assert answer.only_for == "U0DANA"
    assert answer.text == "Hello, hello <@U0PRIYA|priya> &amp; &lt;you&gt;"
    await dana.command("/coach shout", conversation="C0GENERAL")
    assert dana.general[-1].only_for is None


async def test_a_command_that_fails_says_why(bot: TinyBot, dana: Actor) -> None:
    with pytest.raises(PersonRefusal, match="not a valid command"):
        await dana.command("/dance")
    with pytest.raises(PersonRefusal, match="msg_too_long"):
        await dana.command("/coach babble")


async def test_without_a_bot_a_command_fails_at_once(dana: Actor) -> None:
    with pytest.raises(PersonRefusal, match='failed with the error "dispatch_failed"'):
        await dana.command("/coach schedule")


async def test_a_command_carries_slacks_fields(bot: TinyBot, dana: Actor) -> None:
    await open_form(dana)
    body = bot.heard[-1]
    assert body["channel_name"] == "directmessage"
    assert (body["user_id"], body["user_name"]) == ("U0DANA", "dana")
    assert (body["command"], body["text"]) == ("/coach", "schedule")
    assert body["response_url"].startswith("http://127.0.0.1:")
    assert body["api_app_id"] == "A0COACHBOT"


async def test_a_shortcut_opens_a_form(bot: TinyBot, dana: Actor) -> None:
    said = await dana.say("Please coach me")
    await dana.shortcut("plan_it", on=said)
    await dana.until(lambda me: me.modal)
    assert bot.heard[-1]["message"]["text"] == "Please coach me"
