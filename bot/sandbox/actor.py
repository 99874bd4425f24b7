"""A person for tests: does what the page lets a person do, by the same acts."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.sandbox.acts import forms, talking, uploads, using
from bot.sandbox.acts.places import Container, InMessage, InView
from bot.sandbox.acts.stage import Stage
from bot.sandbox.cast import Person
from bot.sandbox.conversations import GENERAL, Message
from bot.sandbox.filling import chosen, fill, find_used
from bot.sandbox.shapes import Json
from bot.sandbox.views import View

Found = TypeVar("Found")
LOOK_SECONDS = 0.05


class Actor:
    """Somebody of the workspace, at work; what Slack or the bot refuses is raised."""

    def __init__(self, stage: Stage, user_id: str) -> None:
        self._stage = stage
        self.id = user_id

    @property
    def profile(self) -> Person:
        """Who this is."""
        return self._stage.world.directory.find(self.id)

    @property
    def dm(self) -> str:
        """The id of the direct message with the bot."""
        return self._stage.world.conversations.im_of(self.id).id

    @property
    def messages(self) -> list[Message]:
        """What stands in the direct message with the bot, oldest first."""
        return self._stage.world.conversations.im_of(self.id).seen_by(self.id)

    @property
    def general(self) -> list[Message]:
        """What this person sees in #general, oldest first."""
        return self._stage.world.conversations.find(GENERAL).seen_by(self.id)

    @property
    def modals(self) -> list[View]:
        """The open forms, the lowest first."""
        return self._stage.world.views.stack(self.id)

    @property
    def modal(self) -> View | None:
        """The form on top, if one is open."""
        return next(reversed(self.modals), None)

    @property
    def home(self) -> View | None:
        """The home page, if one was published."""
        return self._stage.world.views.home(self.id)

    async def command(self, text: str, *, conversation: str | None = None) -> None:
        """Type a command, in the direct message unless said otherwise."""
        await talking.type_command(self._stage, self.id, conversation or self.dm, text)

    async def say(self, text: str, *, conversation: str | None = None) -> Message:
        """Say something in plain words."""
        return talking.say(self._stage, self.id, conversation or self.dm, text)

    async def read(self, *, conversation: str | None = None) -> None:
        """Look at a conversation."""
        talking.mark_read(self._stage, self.id, conversation or self.dm)

    async def open_home(self) -> None:
        """Open the home page."""
        forms.open_home(self._stage, self.id)

    async def click(
        self,
        where: Message | View,
        action_id: str,
        value: object = None,
        *,
        block_id: str | None = None,
    ) -> None:
        """Press a button, or choose this value in a menu or picker."""
        block, element = find_used(where.blocks, action_id, value, block_id=block_id)
        values = where.values if isinstance(where, View) else None
        use = using.Use(block["block_id"], action_id, chosen(element, value), values)
        await using.use_element(self._stage, self.id, self._container(where), use)

    async def suggest(self, where: Message | View, action_id: str, typed: str) -> list[Json]:
        """Type into a menu whose options the bot loads; give those it offers."""
        block, _ = find_used(where.blocks, action_id, None)
        use = using.Use(block["block_id"], action_id)
        found = await using.load_options(self._stage, self.id, self._container(where), use, typed)
        groups: list[Json] = found.get("option_groups") or [found]
        return [option for group in groups for option in group.get("options") or ()]

    def fill(self, view: View, values: Mapping[str, object]) -> None:
        """Fill in a form without sending it; values are named by block_id or action_id."""
        fill(view, values)

    async def submit(self, view: View, values: Mapping[str, object] | None = None) -> None:
        """Fill in a form and send it; refused input is raised with the sentence of each block."""
        fill(view, values or {})
        await forms.submit(self._stage, self.id, view.id, view.values)

    async def close(self, view: View) -> None:
        """Close a form without sending it."""
        await forms.close(self._stage, self.id, view.id)

    async def shortcut(self, callback_id: str, on: Message | None = None) -> None:
        """Choose a shortcut, on a message or anywhere."""
        where = self._in_message(on) if on else None
        await using.take_shortcut(self._stage, self.id, callback_id, where)

    async def message_shortcut(self, message: Message, callback_id: str) -> None:
        """Choose a shortcut from the menu of a message."""
        await self.shortcut(callback_id, on=message)

    def upload(self, name: str, content: bytes) -> Json:
        """Upload a file, and give it as the value of a file input takes it."""
        return uploads.upload(self._stage, self.id, name, content)

    async def until(
        self, look: Callable[["Actor"], Found | None], *, seconds: float = 3.0
    ) -> Found:
        """Wait until a look at this person finds something, and give it."""
        async with asyncio.timeout(seconds):
            with self._stage.world.changes.watching(self.id) as watch:
                while not (found := look(self)):
                    await watch.wait(LOOK_SECONDS)
        return found

    async def message_with(self, words: str, *, seconds: float = 3.0) -> Message:
        """Wait for a direct message that says these words, and give the newest such."""
        return await self.until(
            lambda me: next((m for m in reversed(me.messages) if words in m.words), None),
            seconds=seconds,
        )

    def _container(self, where: Message | View) -> Container:
        return InView(where.id) if isinstance(where, View) else self._in_message(where)

    def _in_message(self, said: Message) -> InMessage:
        for place in self._stage.world.conversations.of_person(self.id):
            if any(message is said for message in place.messages):
                return InMessage(place.id, said.ts)
        return InMessage(self.dm, said.ts)
