"""Each thing that a person does in Slack is a turn, and a turn knows how to answer that person.

An answer that comes in time is the acknowledgement itself. One that is late is announced by
`hold`, and reaches the person afterwards by the way that is left: a response address, or the view.
"""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import Any, Final, Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.slack.blocks import kit
from bot.slack.blocks.kit import Said
from bot.slack.blocks.rendering import all_rendered, rendered
from bot.slack.turns.lines import Lines, Opened, TooLate
from bot.slack.turns.payloads import Click, Command, SeenMessage, Shortcut, Submission

STILL_WORKING: Final = "Still working on it. One moment, please."
DONE: Final = "That is done."
HELD: Final = 0.3
"""Seconds that Slack needs to take in an acknowledgement before the view is touched again."""


class Acknowledge(Protocol):
    """Bolt's way to answer at once."""

    async def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Answer."""
        ...


class Turn(Protocol):
    """Something that a person did and is waiting for."""

    waited: float
    """Seconds that went by before anybody began to work on it."""

    @property
    def user_id(self) -> str:
        """Who did it: an account's id."""
        ...

    async def hold(self) -> None:
        """Say that it takes a moment."""
        ...

    async def refuse(self, sentence: str, field: str | None = None) -> None:
        """Say why not, where the person is looking."""
        ...


class CommandTurn:
    """Somebody typed a command; the answer is for their eyes only."""

    waited = 0.0

    def __init__(self, command: Command, ack: Acknowledge, lines: Lines) -> None:
        self.command = command
        self.rest = ""
        """What stands behind the name of the subcommand."""
        self._ack = ack
        self._lines = lines
        self._is_answered = False

    @property
    def user_id(self) -> str:
        """Who typed it."""
        return self.command.user_id

    async def hold(self) -> None:
        """Say that it takes a moment."""
        await self.say(kit.note(STILL_WORKING))

    async def refuse(self, sentence: str, field: str | None = None) -> None:  # noqa: ARG002
        """Say why not."""
        await self.say(kit.note(sentence))

    async def say(self, said: Said) -> None:
        """Answer, at once or by the response address."""
        if self._is_answered:
            await self._lines.respond(self.command.response_url, said)
            return
        self._is_answered = True
        await self._ack(text=said.fallback, blocks=all_rendered(said.blocks))

    async def open(self, view: View) -> Opened | None:
        """Open a form; the command itself is answered without a word."""
        self._is_answered = True
        await self._ack()
        return await self._lines.open(self.command.trigger_id, view)


class ShortcutTurn:
    """Somebody used a shortcut; whatever there is to say is said in a window."""

    waited = 0.0

    def __init__(self, shortcut: Shortcut, ack: Acknowledge, lines: Lines) -> None:
        self.shortcut = shortcut
        self._ack = ack
        self._lines = lines

    @property
    def user_id(self) -> str:
        """Who used it."""
        return self.shortcut.user.id

    async def hold(self) -> None:
        """Take it."""
        await self._ack()

    async def refuse(self, sentence: str, field: str | None = None) -> None:  # noqa: ARG002
        """Say why not; in a message where no window can be opened any more."""
        try:
            await self.open(_trouble(sentence))
        except (SlackApiError, TooLate):
            await self._lines.tell(self.user_id, kit.note(sentence))

    async def open(self, view: View) -> Opened | None:
        """Open a form or page; None where the same act opened it before."""
        await self._ack()
        return await self._lines.open(self.shortcut.trigger_id, view)


class SubmissionTurn:
    """Somebody sent a form."""

    waited = 0.0

    def __init__(self, submission: Submission, ack: Acknowledge, lines: Lines) -> None:
        self.submission = submission
        self.again: Callable[[str], View] | None = None
        """Builds the form anew, with what was typed and a sentence above it."""
        self._ack = ack
        self._lines = lines
        self._is_held = False

    @property
    def user_id(self) -> str:
        """Who sent it."""
        return self.submission.user.id

    @property
    def is_held(self) -> bool:
        """Whether the form has given way to a page that says that it is being saved."""
        return self._is_held

    async def hold(self) -> None:
        """Put a page in the form's place that says that it is being saved."""
        self._is_held = True
        saving = kit.note_modal("Saving…", "Saving this takes a little longer than usual.")
        await self._ack(response_action="update", view=rendered(saving))
        await asyncio.sleep(HELD)

    async def refuse(self, sentence: str, field: str | None = None) -> None:
        """Say why not, under the field; or above the form, when it has to be brought back."""
        inputs = self.submission.view.inputs
        if self._is_held:
            await self._bring_back(sentence)
        elif not inputs:
            await self._ack(response_action="update", view=rendered(_trouble(sentence)))
        else:
            place = field if field in inputs else inputs[0]
            await self._ack(response_action="errors", errors={place: sentence})

    async def update(self, view: View) -> None:
        """Put a page in the form's place."""
        if self._is_held:
            await self._lines.put(self.user_id, self.submission.view.id, view)
        else:
            await self._ack(response_action="update", view=rendered(view))

    async def close(self, done: str) -> None:
        """Close the form; where only a late word is possible, say that it is done."""
        if self._is_held:
            page = kit.note_modal("Done", done)
            await self._lines.put(self.user_id, self.submission.view.id, page, otherwise=done)
        else:
            await self._ack()

    async def _bring_back(self, sentence: str) -> None:
        """Show the form again; somebody who has closed it meanwhile is told by a message."""
        view = self.again(sentence) if self.again else _trouble(sentence)
        view_id = self.submission.view.id
        if not await self._lines.put(self.user_id, view_id, view, otherwise=sentence):
            await self._lines.tell(self.user_id, kit.note(sentence))


class Place(Enum):
    """Where a button stands."""

    MESSAGE = "message"
    EPHEMERAL = "ephemeral"
    HOME = "home"
    MODAL = "modal"


class ClickTurn:
    """Somebody pressed a button."""

    waited = 0.0

    def __init__(self, click: Click, ack: Acknowledge, lines: Lines) -> None:
        self.click = click
        self.value = click.actions[0].meant
        self._ack = ack
        self._lines = lines
        self._note: str | None = None
        """The page that was opened to say something where nothing else can be said."""

    @property
    def user_id(self) -> str:
        """Who pressed it."""
        return self.click.user.id

    @property
    def place(self) -> Place:
        """Where the button stands."""
        if self.click.view is not None:
            return Place.HOME if self.click.view.type == "home" else Place.MODAL
        return Place.EPHEMERAL if self.click.container.is_ephemeral else Place.MESSAGE

    @property
    def message(self) -> SeenMessage | None:
        """The message on which the button stands, where Slack shows it."""
        return self.click.message

    async def hold(self) -> None:
        """Take the press; where there is a trigger to lose, open the page for what follows."""
        await self._ack()
        if self.place in (Place.HOME, Place.MODAL):
            await self._open_note(STILL_WORKING)

    async def refuse(self, sentence: str, field: str | None = None) -> None:  # noqa: ARG002
        """Say why not: beside the message, or on a small page over a view."""
        await self._ack()
        if self.place in (Place.MESSAGE, Place.EPHEMERAL) and self.click.response_url:
            await self._lines.respond(self.click.response_url, kit.note(sentence))
        elif self._note:
            page = _trouble(sentence)
            await self._lines.put(self.user_id, self._note, page, otherwise=sentence)
        else:
            await self._say_above(sentence)

    async def done(self) -> None:
        """Take the press; all that there is to see is seen elsewhere."""
        await self._ack()
        if self._note:
            page = kit.note_modal("Done", DONE)
            await self._lines.put(self.user_id, self._note, page, otherwise=DONE)

    async def show(self, said: Said) -> None:
        """Put this in the place of what the button stood on; the Home tab follows by itself."""
        await self.done()
        click = self.click
        if self.place is Place.MESSAGE:
            await self._lines.update(click.container.channel_id, click.container.message_ts, said)
        elif self.place is Place.EPHEMERAL:
            await self._lines.replace(click.response_url, said)
        elif self.place is Place.MODAL and click.view:
            await self._lines.put(self.user_id, click.view.id, kit.modal("Inbox", said.blocks))

    async def open(self, view: View) -> Opened | None:
        """Open a form or page over what the person sees; None where it was opened before."""
        await self._ack()
        return await self._lines.open(self.click.trigger_id, view)

    async def push(self, view: View) -> Opened | None:
        """Lay a page over the one that the person sees; None where it was laid before."""
        await self._ack()
        return await self._lines.push(self.click.trigger_id, view)

    async def _say_above(self, sentence: str) -> None:
        """Say something on a page over the view; where there can be none, in a message."""
        try:
            await self._open_note(sentence)
        except (SlackApiError, TooLate):
            await self._lines.tell(self.user_id, kit.note(sentence))

    async def _open_note(self, sentence: str) -> None:
        view = _trouble(sentence)
        opener = self._lines.push if self.place is Place.MODAL else self._lines.open
        opened = await opener(self.click.trigger_id, view)
        self._note = opened.id if opened else None


def _trouble(sentence: str) -> View:
    return kit.note_modal("Coaching", sentence)


def without_buttons(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Give the blocks of a message without anything that can be pressed."""
    return tuple(block for block in blocks if block.type != "actions")
