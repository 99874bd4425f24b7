"""Putting messages in front of people: one try each, and an honest word on how it ended."""

import json
import re
from collections.abc import Callable, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.models.metadata import Metadata
from slack_sdk.web.async_client import AsyncWebClient

from bot import coaching
from bot.delivery.last_moment import TooLate, ensure_in_time
from bot.delivery.outcomes import (
    Finding,
    GiveUp,
    Missing,
    Outcome,
    Scope,
    Sent,
    TryLater,
    Unreadable,
    Unsure,
    code_of,
)
from bot.hop import Hop
from bot.logger import get_logger
from bot.slack.blocks import kit
from bot.slack.messages import message as messages
from bot.slack.transport.answers import (
    OpenedConversation,
    Paged,
    PastMessage,
    Posted,
    read_answer,
)
from bot.slack.transport.error_codes import GONE, UNREACHED, Course, course_of
from bot.slack.transport.reading import NotUnderstood, read_all
from bot.slack.transport.replies import reason_of, retry_after, status_of

log = get_logger(__name__)

EVENT_TYPE: Final = "coachbot_delivery"
HISTORY_PAGE: Final = 200
SESSION: Final = re.compile(r'\\"appointment_id\\":\\"([^"\\]+)\\"')
"""The session in what a button of a message is about, which is JSON in JSON."""
NOT_YOURS: Final = "This message told of something that you can’t see any more."
AT_ONCE: Final = timedelta()
"""The sender's own back-off decides how long."""
A_WHILE: Final = timedelta(minutes=1)
A_MOMENT: Final = timedelta(seconds=1)
"""What Slack asks for when one conversation gets more than a message a second."""
NOT_THERE: Final = "channel_not_found"
"""Also what is said of a conversation that another app had with the reader."""


class SlackMessenger:
    """Writes to people's direct messages, and looks there for what was written."""

    def __init__(
        self,
        context: coaching.Context,
        hop: Hop,
        client: AsyncWebClient,
        *,
        delivered: Callable[[str], None],
    ) -> None:
        self._context = context
        self._hop = hop
        self._client = client
        self._delivered = delivered

    async def send(self, announcement: coaching.Announcement) -> Outcome:
        """Send one message, once, with its mark on it."""
        if announcement.unreached is not None:
            return GiveUp(announcement.unreached.value, announcement.unreached)
        if announcement.slack_user_id is None:
            return GiveUp(coaching.Unreached.NO_ACCOUNT.value)
        try:
            channel = await self._channel_of(announcement)
            words = messages.render(announcement)
        except Exception as error:
            return certainly_not_sent(error)
        try:
            posted = await self._post(channel, announcement, words)
        except Exception as error:
            return await self._lost(announcement, outcome_of(error))
        self._delivered(announcement.slack_user_id)
        return posted

    async def update(
        self, announcement: coaching.Announcement, channel: str, message_ts: str
    ) -> Outcome:
        """Put the words in the place of a message that was sent; its mark stays on it."""
        try:
            text, blocks = messages.render(announcement)
        except Exception as error:
            return outcome_of(error)
        mark = _mark(announcement)
        return await self._change(
            channel=channel, ts=message_ts, text=text, blocks=blocks, metadata=mark
        )

    async def withdraw(self, channel: str, message_ts: str) -> Outcome:
        """Let a message tell only that what it told is no longer for its reader to see.

        Slack keeps the mark that is on it.
        """
        blocks = [kit.sentence(NOT_YOURS)]
        return await self._change(channel=channel, ts=message_ts, text=NOT_YOURS, blocks=blocks)

    async def _change(self, *, channel: str, ts: str, **words: Any) -> Outcome:
        try:
            await self._client.chat_update(channel=channel, ts=ts, **words)
        except SlackApiError as error:
            return GiveUp(reason_of(error)) if reason_of(error) in GONE else outcome_of(error)
        except Exception as error:
            return outcome_of(error)
        return Sent(channel, ts)

    async def find(self, announcement: coaching.Announcement, since: datetime) -> Finding:
        """Look through the person's direct messages for this one."""
        if announcement.slack_user_id is None:
            return Missing()
        try:
            channel = await self._channel_of(announcement)
            return await self._look(channel, announcement, since)
        except SlackApiError as error:
            is_limited = status_of(error) == 429
            return Unreadable(reason_of(error), retry_after(error) if is_limited else AT_ONCE)
        except NotUnderstood as error:
            return Unreadable(type(error).__name__)
        except (aiohttp.ClientError, TimeoutError) as error:
            # As long as Slack is not reached, nothing could be sent either.
            return Unreadable(type(error).__name__, A_MOMENT)

    async def _post(
        self, channel: str, announcement: coaching.Announcement, words: tuple[str, Sequence[Block]]
    ) -> Sent:
        text, blocks = words
        async with _watched_session() as session:
            client = copy(self._client)
            client.session = session
            answer = await client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=blocks,
                metadata=_mark(announcement),
                unfurl_links=False,
                unfurl_media=False,
            )
        posted = read_answer(answer, Posted)
        return Sent(posted.channel or channel, posted.ts)

    async def _lost(self, announcement: coaching.Announcement, outcome: Outcome) -> Outcome:
        """Let the next try open a conversation where the remembered one is not there any more."""
        channel, reader_id = announcement.slack_channel, announcement.reader_id
        if channel is None or not isinstance(outcome, GiveUp) or outcome.reason != NOT_THERE:
            return outcome
        try:
            await self._hop(coaching.forget_channel, self._context, reader_id, channel)
        except coaching.CoachingError as error:
            return TryLater(AT_ONCE, _named(error))
        return TryLater(AT_ONCE, NOT_THERE)

    async def _channel_of(self, announcement: coaching.Announcement) -> str:
        """Give the person's direct message with the bot; opened once, and remembered."""
        if announcement.slack_channel is not None:
            return announcement.slack_channel
        answer = await self._client.conversations_open(users=announcement.slack_user_id)
        channel = read_answer(answer, OpenedConversation).channel.id
        await self._hop(
            coaching.remember_channel,
            self._context,
            announcement.reader_id,
            channel,
            account=announcement.slack_user_id or "",
        )
        return channel

    async def _look(
        self, channel: str, announcement: coaching.Announcement, since: datetime
    ) -> Finding:
        cursor = ""
        while True:
            answer = await self._client.conversations_history(
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                inclusive=True,
                include_all_metadata=True,
                limit=HISTORY_PAGE,
                cursor=cursor,
            )
            if not isinstance(answer.get("messages"), list):
                raise NotUnderstood("messages")
            for message in read_all(answer["messages"], PastMessage):
                if _carries(message, announcement):
                    return Sent(channel, message.ts)
            cursor = read_answer(answer, Paged).response_metadata.next_cursor
            if not cursor:
                return Missing()


def _watched_session() -> aiohttp.ClientSession:
    """Open a session that asks again when its connection is there, and just before it writes.

    The headers wait for the body, which a task of its own writes when its turn comes.
    """
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_ensure_in_time)
    trace.on_request_chunk_sent.append(_ensure_in_time)
    # The sender gives every try its time.
    return aiohttp.ClientSession(trace_configs=[trace])


async def _ensure_in_time(*_: object) -> None:
    ensure_in_time()


def _mark(announcement: coaching.Announcement) -> Metadata:
    said = {"mark": announcement.mark, "promise": announcement.promise}
    return Metadata(EVENT_TYPE, said)


def _carries(message: PastMessage, announcement: coaching.Announcement) -> bool:
    """Answer whether a message is the one that was promised.

    The mark says so, or the description of what was promised, which stays when the row is lost and
    written anew. A message of before there were marks has the number of its row alone, which may
    have come again: its buttons must not be about another session.
    """
    if message.metadata.event_type != EVENT_TYPE:
        return False
    said = message.metadata.event_payload
    if "mark" in said:
        is_promised = bool(announcement.promise) and said.get("promise") == announcement.promise
        return said["mark"] == announcement.mark or is_promised
    is_numbered = announcement.number is not None
    return (
        is_numbered
        and said.get("delivery_id") == announcement.number
        and _may_be_about(message, announcement.card.appointment_id)
    )


def _may_be_about(message: PastMessage, appointment_id: str) -> bool:
    named = set(SESSION.findall(json.dumps(message.blocks)))
    return not named or appointment_id in named


def certainly_not_sent(error: Exception) -> Outcome:
    """Say how a try ended that never came to the message itself."""
    found = outcome_of(error)
    return TryLater(AT_ONCE, found.reason) if isinstance(found, Unsure) else found


def outcome_of(error: Exception) -> Outcome:
    """Say how a try ended that raised this error."""
    if isinstance(error, SlackApiError):
        return _outcome_of_refusal(error)
    if isinstance(error, TooLate) or isinstance(error.__cause__, TooLate):
        return TryLater(AT_ONCE, "too late")
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return TryLater(AT_ONCE, type(error).__name__)
    return Unsure(_named(error))


def _named(error: Exception) -> str:
    """Name what went wrong; a fault of our own is logged, since the name tells nothing of it."""
    if isinstance(error, aiohttp.ClientError):
        return type(error).__name__
    code = code_of(error)
    if code == coaching.OWN_ERROR:
        log.error("OwnError", exc_info=error)
    return code


def _outcome_of_refusal(error: SlackApiError) -> Outcome:
    reason, status = reason_of(error), status_of(error)
    if status == 429 or reason in ("ratelimited", "rate_limited"):
        wait = retry_after(error)
        return TryLater(wait, "ratelimited", Scope.CHANNEL if wait <= A_MOMENT else Scope.WORKSPACE)
    course = course_of(reason)
    if status >= 500 or course is Course.UNSURE:
        return Unsure(reason or f"status_{status}")
    match course:
        case Course.ENDS_FOR_READER | Course.ENDS_AS_WRITTEN:
            return GiveUp(reason, UNREACHED.get(reason))
        case Course.WAITS_FOR_CONVERSATION:
            return TryLater(AT_ONCE, reason, Scope.CHANNEL)
        case Course.WAITS_FOR_INSTALLATION:
            return TryLater(A_WHILE, reason, Scope.WORKSPACE)
        case _:
            return TryLater(AT_ONCE, reason)
