"""Files: announced, sent once, shown in one message; chosen by people in forms; served safely."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Actor, PersonRefusal, Sandbox, Terms
from tests.clocks import running_sandbox_clock
from tests.sandbox.tinybot import TinyBot, form, plain

Json = dict[str, Any]
Named = list[dict[str, str | None]]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PAGE = {"Sec-Fetch-Site": "same-origin"}
BOT = {"Authorization": "Bearer xoxb-sandbox"}


async def announce(client: AsyncWebClient, content: bytes, name: str = "chart.png") -> Json:
    answer = await client.files_getUploadURLExternal(
        filename=name, length=len(content), alt_txt="A chart"
    )
    return dict(answer.data)  # type: ignore[arg-type]


async def uploaded(client: AsyncWebClient, page: httpx.AsyncClient, name: str = "a.png") -> str:
    awaited = await announce(client, PNG, name)
    assert (await page.post(awaited["upload_url"], content=PNG)).text == f"OK - {len(PNG)}"
    return str(awaited["file_id"])


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_the_clients_own_way_ends_in_one_message(
    client: AsyncWebClient, sandbox: Sandbox, dana: Actor, page: httpx.AsyncClient
) -> None:
    sent = [
        {"filename": "chart.png", "content": PNG, "title": "This week", "alt_txt": "A chart"},
        {"filename": "report.csv", "content": b"a,b\n1,2\n", "title": "Figures"},
    ]
    await client.files_upload_v2(file_uploads=sent, channel=dana.dm, initial_comment="Here it is")
    [said] = dana.messages
    assert (said.text, [f.title for f in said.files]) == ("Here it is", ["This week", "Figures"])
    shown = (await page.get("/sandbox/state", params={"as": "U0DANA"})).json()
    chart, report = shown["conversations"][0]["messages"][0]["files"]
    assert (chart["is_image"], chart["alt_txt"]) == (True, "A chart")
    assert (report["is_image"], report["size"]) == (False, 8)
    assert (await page.get(chart["src"], headers=PAGE)).content == PNG
    told = (await client.files_info(file=chart["id"]))["file"]
    assert told["shares"] == {"private": {dana.dm: [{"ts": said.ts}]}}
    history = await client.conversations_history(channel=dana.dm)
    assert [f["id"] for f in history["messages"][0]["files"]] == [chart["id"], report["id"]]
    assert [record.method for record in sandbox.calls.all()].count("upload") == 2


async def test_an_address_takes_one_upload_of_the_announced_length(
    client: AsyncWebClient, page: httpx.AsyncClient
) -> None:
    awaited = await announce(client, PNG)
    assert (await page.post(awaited["upload_url"], content=PNG + b"x")).status_code == 400
    named = {"file": ("chart.png", PNG, "image/png")}
    assert (await page.post(awaited["upload_url"], files=named)).status_code == 200
    assert (await page.post(awaited["upload_url"], content=PNG)).status_code == 400


async def test_what_slack_refuses(
    client: AsyncWebClient, page: httpx.AsyncClient, dana: Actor
) -> None:
    awaited = await announce(client, PNG)
    early: Named = [{"id": awaited["file_id"]}]
    assert await refusal(client.files_completeUploadExternal(files=early)) == "file_not_found"
    done: Named = [{"id": await uploaded(client, page)}]
    general = client.files_completeUploadExternal(files=done, channel_id="C0GENERAL")
    assert await refusal(general) == "not_in_channel"
    for place in ("C0NONE", "U0DANA"):
        call = client.files_completeUploadExternal(files=done, channel_id=place)
        assert await refusal(call) == "channel_not_found"
    blocks = client.files_completeUploadExternal(
        files=done, channel_id=dana.dm, blocks=json.dumps([{"type": "nonsense"}])
    )
    assert await refusal(blocks) == "invalid_blocks"
    assert dana.messages == []
    await client.files_completeUploadExternal(files=done, channel_id=dana.dm)
    assert await refusal(client.files_completeUploadExternal(files=done)) == "file_not_found"
    assert await refusal(client.files_info(file="F0NONE")) == "file_not_found"
    empty = client.files_getUploadURLExternal(filename="a", length=0)
    assert await refusal(empty) == "invalid_arguments"


async def test_files_need_their_scopes(page: httpx.AsyncClient) -> None:
    async with Sandbox(
        clock=running_sandbox_clock(), terms=replace(Terms(), scopes=("chat:write",))
    ) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        asked = client.files_getUploadURLExternal(filename="a", length=1)
        assert await refusal(asked) == "missing_scope"
        assert await refusal(client.files_info(file="F")) == "missing_scope"


async def test_bad_days_come_over_uploads_too(
    client: AsyncWebClient, sandbox: Sandbox, page: httpx.AsyncClient
) -> None:
    awaited = await announce(client, PNG)
    sandbox.faults.add("upload", "server_error")
    assert (await page.post(awaited["upload_url"], content=PNG)).status_code == 500
    sandbox.faults.add("upload", "drop_before")
    with pytest.raises(httpx.TransportError):
        await page.post(awaited["upload_url"], content=PNG)
    assert (await page.post(awaited["upload_url"], content=PNG)).status_code == 200


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "script.js", "noname", "note.pdf"])
async def test_nothing_but_pictures_is_shown_in_place(
    dana: Actor, page: httpx.AsyncClient, name: str
) -> None:
    file = dana.upload(name, b"<script>alert(1)</script>")
    served = await page.get(file["url_private"], headers=PAGE, params={"as": dana.id})
    assert served.headers["content-disposition"].startswith("attachment")
    assert served.headers["content-type"] == "application/octet-stream"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in served.headers["content-security-policy"]


async def test_only_the_page_and_the_bot_read_a_file(
    client: AsyncWebClient, sandbox: Sandbox, dana: Actor, page: httpx.AsyncClient
) -> None:
    file_id = await uploaded(client, page)
    done: Named = [{"id": file_id}]
    await client.files_completeUploadExternal(files=done, channel_id=dana.dm)
    url = (await client.files_info(file=file_id))["file"]["url_private"]
    assert (await page.get(url, headers=PAGE, params={"as": dana.id})).content == PNG
    assert (await page.get(url, headers=BOT)).content == PNG
    for other in ({"as": "U0OMAR"}, {"as": "U0NOBODY"}):
        assert (await page.get(url, headers=PAGE, params=other)).status_code == 404
    for stranger in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Authorization": "Bearer x"}):
        assert (await page.get(url, headers=stranger)).status_code == 403


async def test_what_a_person_uploads_is_nobody_elses(
    client: AsyncWebClient, dana: Actor, page: httpx.AsyncClient
) -> None:
    file = dana.upload("a.png", PNG)
    url = file["url_private_download"]
    assert (await page.get(f"{url}&as={dana.id}", headers=PAGE)).content == PNG
    assert (await page.get(f"{url}&as=U0OMAR", headers=PAGE)).status_code == 404
    assert (await page.get(url, headers=BOT)).status_code == 404
    assert await refusal(client.files_info(file=file["id"])) == "file_not_found"


async def test_a_form_takes_the_persons_own_files_and_no_others(
    bot: TinyBot, sandbox: Sandbox, dana: Actor
) -> None:
    heard: list[Json] = []

    async def on_upload(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    bot.app.view("upload")(on_upload)
    element = {"type": "file_input", "action_id": "f", "filetypes": ["txt"], "max_files": 2}
    block = {"type": "input", "block_id": "files", "label": plain("Files"), "element": element}
    view = sandbox.world.views.open("U0DANA", form(callback_id="upload") | {"blocks": [block]})
    note, other = dana.upload("note.txt", b"One"), dana.upload("two.txt", b"Two")
    wrong = dana.upload("a.pdf", b"%PDF")
    foreign = sandbox.person("U0OMAR").upload("secret.txt", b"Between us")
    for values in ([], [wrong], [note, other, dana.upload("three.txt", b"3")]):
        with pytest.raises(PersonRefusal) as caught:
            await dana.submit(view, {"files": values})
        assert list(caught.value.errors) == ["files"]
    with pytest.raises(PersonRefusal, match="no longer there"):
        await dana.submit(view, {"files": [foreign]})
    assert heard == []
    await dana.submit(view, {"files": [note | {"name": "forged.txt", "size": 1}, other]})
    sent = heard[0]["view"]["state"]["values"]["files"]["f"]
    assert sent["type"] == "file_input"
    assert [(f["name"], f["size"], f["user"]) for f in sent["files"]] == [
        ("note.txt", 3, "U0DANA"),
        ("two.txt", 3, "U0DANA"),
    ]
    told = await bot.app.client.files_info(file=note["id"])
    assert told["file"]["name"] == "note.txt", "a form is a way to show the app a file"


async def test_a_picture_in_blocks_has_to_be_a_picture_that_is_there(
    client: AsyncWebClient, page: httpx.AsyncClient, dana: Actor
) -> None:
    picture, csv = await uploaded(client, page), await uploaded(client, page, "a.csv")
    both: Named = [{"id": picture}, {"id": csv}]

    def blocks(file_id: str) -> list[Json]:
        return [{"type": "image", "slack_file": {"id": file_id}, "alt_text": "A chart"}]

    async def post(file_id: str) -> Any:
        return await client.chat_postMessage(channel=dana.dm, text="x", blocks=blocks(file_id))

    assert await refusal(post(picture)) == "invalid_blocks"
    await client.files_completeUploadExternal(files=both)
    assert dana.messages == []
    assert await refusal(post(csv)) == "invalid_blocks"
    await post(picture)
    home = {"type": "home", "blocks": blocks(csv)}
    assert await refusal(client.views_publish(user_id="U0DANA", view=home)) == "invalid_arguments"
    shown = (await page.get("/sandbox/state", params={"as": "U0DANA"})).json()
    block = shown["conversations"][0]["messages"][0]["blocks"][0]
    assert (await page.get(block["src"], headers=PAGE)).content == PNG
