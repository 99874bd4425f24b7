"""The lines on which the front end speaks to Slack: messages, response addresses and views.

No message is sent twice: a lost connection is not tried again. Where Slack asks to wait, nothing
was done, and it is done after the wait. The same view may be put in its place twice.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from bot.logger import get_logger
from bot.slack.blocks import kit
from bot.slack.blocks.kit import Said
from bot.slack.blocks.rendering import Written, all_rendered, rendered
from bot.slack.transport.answers import Permalink, ViewAnswer, read_answer
from bot.slack.transport.problems import problem_of
from bot.slack.transport.reach import Reach
from bot.slack.transport.replies import reason_of
from bot.slack.transport.uploads import Upload, share

NOT_OURS: Final = frozenset(("not_found", "view_not_found", "hash_conflict"))
"""A view that was closed, or that the person or a newer update has changed."""
USELESS_TRIGGER: Final = frozenset(("expired_trigger_id", "invalid_trigger", "invalid_trigger_id"))
DONE_BEFORE: Final = frozenset(("exchanged_trigger_id",))
NOT_SHOWN: Final = (
    "That is done, but Slack did not show it in the page that you have open. "
    "Please close the page and open it again."
)

log = get_logger(__name__)


class TooLate(Exception):
    """Slack no longer lets a form be opened for what the person did."""


class Opened(NamedTuple):
    """A form or page that was opened: its id, and the hash of what it shows."""

    id: str
    hash: str


class Lines:
    """What can be said and shown to a person."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._times = reach.times
        self._client = reach.patient()
        self._publisher = reach.speaker()

    async def respond(self, address: str, said: Said) -> None:
        """Say something at a response address, for the one who acted."""
        await self._answer(address, said, replaces=False)

    async def replace(self, address: str, said: Said) -> None:
        """Put something in the place of the message that was acted on."""
        await self._answer(address, said, replaces=True)

    async def _answer(self, address: str, said: Said, *, replaces: bool) -> None:
        if not self._reach.may_answer(address):
            log.warning("NoAnswerAddress", is_given=bool(address))
            return
        body = {
            "text": said.fallback,
            "blocks": all_rendered(said.blocks),
            "response_type": "ephemeral",
            "replace_original": replaces,
        }
        answer = await self._reach.answer(address, body)
        if answer.status != 200:
            log.warning("AnswerRefused", status=answer.status, reason=answer.word)

    async def update(self, channel: str, message_ts: str, said: Said) -> None:
        """Put something in the place of a message in a conversation."""
        await self._client.chat_update(
            channel=channel, ts=message_ts, text=said.fallback, blocks=all_rendered(said.blocks)
        )

    async def open(self, trigger_id: str, view: View) -> Opened | None:
        """Open a form or page; answers None where the same act opened it before."""
        return await self._triggered("views.open", trigger_id, view)

    async def push(self, trigger_id: str, view: View) -> Opened | None:
        """Lay a page over a form; answers None where the same act laid it before."""
        return await self._triggered("views.push", trigger_id, view)

    async def _triggered(self, method: str, trigger_id: str, view: View) -> Opened | None:
        if not trigger_id:
            raise TooLate
        body = {"trigger_id": trigger_id, "view": rendered(view)}
        try:
            answer = await self._client.api_call(method, json=body)
        except SlackApiError as error:
            reason = reason_of(error)
            if reason in DONE_BEFORE:
                return None
            if reason in USELESS_TRIGGER:
                raise TooLate from error
            raise
        shown = read_answer(answer, ViewAnswer).view
        return Opened(shown.id, shown.hash) if shown.id else None

    async def permalink(self, channel: str, message_ts: str) -> str:
        """Find the address of a message; empty where Slack tells none.

        Raises SlackApiError where the message is not for the bot.
        """
        answer = await self._client.chat_getPermalink(channel=channel, message_ts=message_ts)
        return read_answer(answer, Permalink).permalink

    async def tell(self, user_id: str, said: Said) -> None:
        """Say something in somebody's direct message with the bot."""
        await self._client.chat_postMessage(
            channel=user_id, text=said.fallback, blocks=all_rendered(said.blocks)
        )

    async def share(self, user_id: str, files: Sequence[Upload], said: Said) -> None:
        """Put files into somebody's direct message with the bot. Raises NotUploadedError."""
        await share(self._client, user_id, files, said)

    def useful(self) -> asyncio.Timeout:
        """Bound what somebody waits for in a view that says to close it after half a minute."""
        return asyncio.timeout(self._times.view_useful.total_seconds())

    async def update_view(
        self, view_id: str, view: View, *, seen: str | None = None, is_last: bool = False
    ) -> bool:
        """Put a page in the place of another; answers whether it was still there to be replaced.

        With `seen`, the hash that the caller knows, a page that has changed since is left alone.
        A try that is lost, failed or put off is repeated while somebody may be waiting, unless it
        `is_last`. Raises SlackApiError where Slack refuses the page, and what the last try raised.
        """
        body = {"view_id": view_id, "view": rendered(view)}
        if seen:
            body["hash"] = seen
        until = time.monotonic() + (0 if is_last else self._times.view_useful.total_seconds())
        attempts = 0
        while True:
            attempts += 1
            try:
                await self._publisher.api_call("views.update", json=body)
            except (SlackApiError, aiohttp.ClientError, OSError) as error:
                if isinstance(error, SlackApiError) and reason_of(error) in NOT_OURS:
                    return False
                problem = problem_of(error, address=self._reach.address)
                wait = self._times.view_back_off.delay(attempts, asked=problem.wait).total_seconds()
                if problem.is_refusal or time.monotonic() + wait >= until:
                    raise
                log.info("ViewUpdateRepeated", reason=problem.code, attempts=attempts)
                await asyncio.sleep(wait)
            else:
                return True

    async def put(
        self,
        user_id: str,
        view_id: str,
        view: View,
        *,
        seen: str | None = None,
        otherwise: str = NOT_SHOWN,
    ) -> bool:
        """Put a page in the place of another; where Slack does not take it, say so in a message.

        Answers whether the page was still there to be replaced, or the person was told.
        """
        try:
            return await self.update_view(view_id, view, seen=seen)
        except (SlackApiError, aiohttp.ClientError, OSError) as error:
            reason = problem_of(error, address=self._reach.address).code
            log.warning("ViewNotFilled", user=user_id, reason=reason)
            await self.tell(user_id, kit.note(otherwise))
            return True

    async def publish(self, user_id: str, page: Written, *, seen: str | None = None) -> str | None:
        """Show the Home tab; answers its hash, None where it has changed since `seen`.

        Whoever keeps Home tabs true has a pace of their own, and so must hear of a wait.
        """
        body = {"user_id": user_id, "view": page}
        if seen:
            body["hash"] = seen
        try:
            answer = await self._publisher.api_call("views.publish", json=body)
        except SlackApiError as error:
            if reason_of(error) == "hash_conflict":
                return None
            raise
        return read_answer(answer, ViewAnswer).view.hash
