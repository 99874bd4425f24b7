"""Somebody types in a menu, and is shown what there is to pick; a menu has no room for words."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Option

from bot.slack.turns.payloads import Suggestion
from bot.slack.turns.turn import Acknowledge

MOST = 100


class SuggestionTurn:
    """Somebody is typing in a menu whose options are looked up."""

    waited = 0.0

    def __init__(self, suggestion: Suggestion, ack: Acknowledge) -> None:
        self.suggestion = suggestion
        self._ack = ack
        self._is_answered = False

    @property
    def user_id(self) -> str:
        """Who is typing."""
        return self.suggestion.user.id

    async def offer(self, options: Sequence[Option]) -> None:
        """Show what there is to pick."""
        if not self._is_answered:
            self._is_answered = True
            await self._ack(options=[each.to_dict() for each in options[:MOST]])

    async def hold(self) -> None:
        """Offer nothing for now; the next letter asks again."""
        await self.offer([])

    async def refuse(self, sentence: str, field: str | None = None) -> None:  # noqa: ARG002
        """Offer nothing."""
        await self.offer([])
