"""Putting files into a conversation: announced, sent, and shown in one message.

Each step is tried once. A file goes nowhere but to the address that Slack gave for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.loopback import is_loopback
from bot.slack.blocks.kit import Said
from bot.slack.blocks.words import clip
from bot.slack.transport.answers import OpenedConversation, UploadPlace, read_answer
from bot.slack.transport.proxies import proxy_for
from bot.slack.transport.reading import NotUnderstood

ALT_TEXT: Final = 1000


class NotUploadedError(Exception):
    """The files could not be put there; some of them may have been sent, and none is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file to be put into a conversation, and what it says to those who do not see it."""

    name: str
    title: str
    content: bytes
    alt_text: str | None = None


async def share(client: AsyncWebClient, user_id: str, files: Sequence[Upload], said: Said) -> None:
    """Put files into somebody's direct message with the bot. Raises NotUploadedError."""
    try:
        answer = await client.conversations_open(users=user_id)
        sent = [{"id": await _send(client, each), "title": clip(each.title, 255)} for each in files]
        # The library's own method writes blocks so that they cannot be sent.
        body = {
            "files": sent,
            "channel_id": read_answer(answer, OpenedConversation).channel.id,
            "blocks": [each.to_dict() for each in said.blocks],
        }
        await client.api_call("files.completeUploadExternal", json=body)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, NotUnderstood) as error:
        raise NotUploadedError from error


async def _send(client: AsyncWebClient, file: Upload) -> str:
    """Send the content of one file; answers the id under which Slack keeps it."""
    answer = await client.files_getUploadURLExternal(
        filename=file.name,
        length=len(file.content),
        alt_txt=clip(file.alt_text, ALT_TEXT) if file.alt_text else None,
    )
    place = read_answer(answer, UploadPlace)
    address = place.upload_url
    _ensure_sound(client, address)
    limit = aiohttp.ClientTimeout(total=client.timeout)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.post(
            address, data=file.content, proxy=proxy_for(address), allow_redirects=False
        ) as taken,
    ):
        if taken.status != 200:
            raise NotUploadedError(f"status {taken.status}")
    return place.file_id


def _ensure_sound(client: AsyncWebClient, address: str) -> None:
    """Refuse an address that is not encrypted, unless Slack itself is on this computer."""
    wanted, api = urlsplit(address), urlsplit(client.base_url)
    is_here = is_loopback(wanted.hostname) and is_loopback(api.hostname)
    if wanted.scheme != "https" and not is_here:
        raise NotUploadedError("an address without encryption")
