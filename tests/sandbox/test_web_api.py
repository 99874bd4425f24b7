"""The Web API answers and refuses as Slack does."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Actor, Sandbox, Terms
from bot.sandbox.terms import DEFAULT_SCOPES
from tests.clocks import running_sandbox_clock
from tests.sandbox.tinybot import done_button, form, plain

Json = dict[str, Any]
DM = "D0DANA"
HOME = {"type": "home", "blocks": [{"type": "section", "text": plain("Home")}]}


async def refusal_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


def trigger(sandbox: Sandbox, user_id: str = "U0DANA", view_id: str | None = None) -> str:
    return sandbox.world.triggers.mint(user_id, view_id=view_id)


async def test_who_the_token_speaks_for(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == ("T0NORTHWIND", "U0COACHBOT")
    assert answer.headers["x-oauth-scopes"].split(",") == list(DEFAULT_SCOPES)


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("", "not_authed"),
        ("xoxb-other", "invalid_auth"),
        ("xapp-sandbox", "not_allowed_token_type"),
    ],
)
async def test_a_wrong_token_is_refused(page: httpx.AsyncClient, token: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await page.post("/api/auth.test", headers=headers)
    assert answer.json() == {"ok": False, "error": error}


async def test_get_and_post_form_and_json_say_the_same(page: httpx.AsyncClient) -> None:
    arguments = {"token": "xoxb-sandbox", "user": "U0MEI"}
    bearer = {"Authorization": "Bearer xoxb-sandbox"}
    answers = [
        await page.get("/api/users.info", params=arguments),
        await page.post("/api/users.info", data=arguments),
        await page.post("/api/users.info", json={"user": "U0MEI"}, headers=bearer),
    ]
    assert [a.json()["user"]["tz_label"] for a in answers] == [
        answers[0].json()["user"]["tz_label"]
    ] * 3
    assert answers[0].json()["user"]["tz"] == "Australia/Sydney"


async def test_what_is_unknown_or_missing_is_refused(client: AsyncWebClient) -> None:
    assert await refusal_of(client.api_call("chat.whisper")) == "unknown_method"
    assert await refusal_of(client.api_call("chat.postMessage", json={"text": "x"})) == (
        "invalid_arguments"
    )
    assert await refusal_of(client.users_info(user="U0NOBODY")) == "user_not_found"
    assert await refusal_of(client.chat_postMessage(channel="D0NONE", text="x")) == (
        "channel_not_found"
    )


async def test_a_scope_that_was_not_granted_is_named() -> None:
    terms = Terms(scopes=("users:read",))
    async with Sandbox(clock=running_sandbox_clock(), terms=terms) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel=DM, text="x")
        answer = refused.value.response.data
        email = (await client.users_info(user="U0DANA"))["user"]["profile"].get("email")
    assert answer == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": "users:read",
    }
    assert email is None


async def test_everybody_is_listed_page_by_page(client: AsyncWebClient) -> None:
    found = [u async for page in await client.users_list(limit=4) for u in page["members"]]
    by_id = {user["id"]: user for user in found}
    assert len(found) == len(by_id) == 16
    assert by_id["U0RAVI"]["deleted"]
    assert "tz" not in by_id["U0RAVI"]
    assert by_id["U0PAT"]["is_stranger"]
    assert by_id["U0STANDUP"]["is_bot"]
    assert by_id["U0ALEX"]["is_admin"]
    assert by_id["U0DANA"]["profile"]["email"] == "dana@northwind.example"
    assert await refusal_of(client.users_list(cursor="nonsense")) == "invalid_cursor"


async def test_whom_one_can_write_to(client: AsyncWebClient) -> None:
    opened = await client.conversations_open(users="U0DANA")
    assert opened["channel"]["id"] == DM
    assert await refusal_of(client.conversations_open(users="U0STANDUP")) == "cannot_dm_bot"
    assert await refusal_of(client.conversations_open(users="U0RAVI")) == "user_disabled"
    # A deactivated user still has a direct message: ok is not delivery.
    assert (await client.chat_postMessage(channel="U0RAVI", text="x"))["ok"]


async def test_a_message_is_said_changed_and_taken_back(
    client: AsyncWebClient, dana: Actor
) -> None:
    said = await client.chat_postMessage(channel="U0DANA", text="One", blocks=done_button())
    ts = said["ts"]
    assert said["channel"] == DM
    assert dana.messages[-1].blocks[1]["elements"][0]["value"] == "7"
    await client.chat_update(channel=DM, ts=ts, text="Two")
    assert (dana.messages[-1].text, len(dana.messages[-1].blocks)) == ("Two", 2)
    assert (await client.chat_getPermalink(channel=DM, message_ts=ts))["permalink"].endswith(
        ts.replace(".", "")
    )
    await client.chat_delete(channel=DM, ts=ts)
    assert dana.messages == []
    assert await refusal_of(client.chat_update(channel=DM, ts=ts, text="x")) == "message_not_found"


async def test_what_a_person_said_cannot_be_changed(client: AsyncWebClient, dana: Actor) -> None:
    said = await dana.say("My own words")
    call = client.chat_update(channel=DM, ts=said.ts, text="x")
    assert await refusal_of(call) == "cant_update_message"
    assert await refusal_of(client.chat_delete(channel=DM, ts=said.ts)) == "cant_delete_message"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 4001}, "msg_too_long"),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "header"}]}, "invalid_blocks"),
        (
            {"text": "x", "blocks": [{"type": "section", "text": plain("x" * 2900)}] * 5},
            "msg_blocks_too_long",
        ),
        ({"text": "x", "metadata": {"event_type": "y"}}, "invalid_metadata_format"),
    ],
)
async def test_a_message_that_slack_refuses(
    client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    call = client.api_call("chat.postMessage", json={"channel": DM, **arguments})
    assert await refusal_of(call) == error


async def test_faults_of_blocks_are_named_with_their_place(client: AsyncWebClient) -> None:
    button = {"type": "button", "text": plain("x" * 76)}
    blocks = [{"type": "actions", "elements": [button]}]
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=DM, text="x", blocks=blocks)
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"
    ]


async def test_what_only_one_person_sees(client: AsyncWebClient, sandbox: Sandbox) -> None:
    general = "C0GENERAL"
    whisper: Json = {"channel": general, "user": "U0DANA", "text": "Psst"}
    assert await refusal_of(client.chat_postEphemeral(**whisper)) == "not_in_channel"
    await sandbox.person("U0OMAR").command("/invite @coachbot", conversation=general)
    await client.chat_postEphemeral(**whisper)
    seen = {who: sandbox.person(who).general for who in ("U0DANA", "U0OMAR")}
    assert [len(messages) for messages in seen.values()] == [1, 0]
    assert (
        await refusal_of(client.chat_postEphemeral(channel=DM, user="U0OMAR", text="x"))
        == "user_not_in_channel"
    )


async def test_history_is_read_back_with_metadata(client: AsyncWebClient, dana: Actor) -> None:
    metadata = {"event_type": "reminder", "event_payload": {"delivery": 7}}
    stamps = [
        (await client.chat_postMessage(channel=DM, text=str(n), metadata=metadata))["ts"]
        for n in range(5)
    ]
    assert stamps == sorted(set(stamps))
    answer = await client.conversations_history(channel=DM, limit=2)
    assert [m["text"] for m in answer["messages"]] == ["4", "3"]
    assert answer["has_more"]
    assert "metadata" not in answer["messages"][0]
    rest = await client.conversations_history(
        channel=DM, limit=2, cursor=answer["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for m in rest["messages"]] == ["2", "1"]
    between = {"channel": DM, "oldest": stamps[1], "latest": stamps[3]}
    inside = await client.conversations_history(**between, include_all_metadata=True)
    assert [m["metadata"] for m in inside["messages"]] == [metadata]
    whole = await client.conversations_history(**between, inclusive=True)
    assert [m["text"] for m in whole["messages"]] == ["3", "2", "1"]
    assert await refusal_of(client.conversations_history(channel=DM, limit=1000)) == "invalid_limit"


async def test_reading_a_channel_needs_its_own_scope(client: AsyncWebClient) -> None:
    assert await refusal_of(client.conversations_history(channel="C0GENERAL")) == "missing_scope"
    assert await refusal_of(client.conversations_info(channel=DM)) == "missing_scope"


async def test_a_message_carries_the_time_of_the_sandbox(
    client: AsyncWebClient, sandbox: Sandbox, dana: Actor
) -> None:
    sandbox.clock.move_to(datetime(2030, 5, 6, 7, 8, tzinfo=UTC))
    later = (await client.chat_postMessage(channel=DM, text="Later"))["ts"]
    assert dana.messages[-1].sent_at - datetime(2030, 5, 6, 7, 8, tzinfo=UTC) < timedelta(seconds=5)
    sandbox.clock.reset()
    assert (await client.chat_postMessage(channel=DM, text="Now"))["ts"] > later


async def test_a_trigger_opens_one_form_once(client: AsyncWebClient, sandbox: Sandbox) -> None:
    mine = trigger(sandbox)
    opened = await client.views_open(trigger_id=mine, view=form())
    assert opened["view"]["state"] == {"values": {}}
    assert await refusal_of(client.views_open(trigger_id=mine, view=form())) == (
        "exchanged_trigger_id"
    )
    assert await refusal_of(client.views_open(trigger_id="1.2.3", view=form())) == (
        "invalid_trigger_id"
    )


async def test_a_trigger_is_fresh_for_its_seconds_only() -> None:
    async with Sandbox(clock=running_sandbox_clock(), terms=Terms(trigger_seconds=0)) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        call = client.views_open(trigger_id=trigger(sandbox), view=form())
        assert await refusal_of(call) == "expired_trigger_id"


async def test_a_refused_form_leaves_its_trigger_unspent(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    mine = trigger(sandbox)
    bad = form(submit=None)
    assert await refusal_of(client.views_open(trigger_id=mine, view=bad)) == "invalid_arguments"
    assert (await client.views_open(trigger_id=mine, view=form()))["ok"]


async def test_a_form_is_pushed_only_from_a_form(client: AsyncWebClient, sandbox: Sandbox) -> None:
    call = client.views_push(trigger_id=trigger(sandbox), view=form())
    assert await refusal_of(call) == "not_found"


async def test_a_view_changes_only_from_what_the_bot_knows(
    client: AsyncWebClient, sandbox: Sandbox, dana: Actor
) -> None:
    view = (await client.views_open(trigger_id=trigger(sandbox), view=form(external_id="a")))[
        "view"
    ]
    newer = await client.views_update(external_id="a", view=form("Newer"), hash=view["hash"])
    call = client.views_update(view_id=view["id"], view=form("Lost"), hash=view["hash"])
    assert await refusal_of(call) == "hash_conflict"
    assert newer["view"]["hash"] != view["hash"]
    assert dana.modals[0].payload["title"]["text"] == "Newer"
    assert await refusal_of(client.views_update(view_id="V0NONE", view=form())) == "not_found"
    again = client.views_open(trigger_id=trigger(sandbox, "U0OMAR"), view=form(external_id="b"))
    assert (await again)["ok"]
    twice = client.views_update(view_id=view["id"], view=form(external_id="b"))
    assert await refusal_of(twice) == "duplicate_external_id"


async def test_a_home_page_is_published_over_the_one_known(client: AsyncWebClient) -> None:
    first = (await client.views_publish(user_id="U0DANA", view=HOME))["view"]
    second = (await client.views_publish(user_id="U0DANA", view=HOME, hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    call = client.views_publish(user_id="U0DANA", view=HOME, hash=first["hash"])
    assert await refusal_of(call) == "hash_conflict"
    assert await refusal_of(client.views_publish(user_id="U0NOBODY", view=HOME)) == (
        "invalid_arguments"
    )


async def test_a_view_of_more_than_250_kb_is_too_large(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    large = form(blocks=[{"type": "section", "text": plain("é" * 3000)}] * 50)
    assert len(json.dumps(large, ensure_ascii=False)) < 250_000
    call = client.views_open(trigger_id=trigger(sandbox), view=large)
    assert await refusal_of(call) == "view_too_large"


async def test_typed_input_survives_where_names_stay(
    client: AsyncWebClient, sandbox: Sandbox, dana: Actor
) -> None:
    await client.views_open(trigger_id=trigger(sandbox), view=form())
    view = dana.modals[0]
    dana.fill(view, {"topic": "Kept", "user": "U0MEI"})
    changed = form()
    changed["blocks"][1]["block_id"] = "whom"
    await client.views_update(view_id=view.id, view=changed)
    assert view.values["topic"]["text"]["value"] == "Kept"
    assert view.values["whom"]["user"]["selected_user"] is None
    assert "who" not in view.values
