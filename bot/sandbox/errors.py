"""Refusals, in the two tongues of the sandbox: Slack's error codes, and sentences for a person.

Refusal
├── SlackRefusal    a Web API method says no to the bot
└── PersonRefusal   the sandbox, or the bot, says no to the person at the page
"""

from collections.abc import Mapping, Sequence

from bot.sandbox.shapes import Json


class Refusal(Exception):
    """Something was asked for that Slack would not do."""


class SlackRefusal(Refusal):
    """A Web API method answers with one of Slack's own error codes."""

    def __init__(
        self, code: str, *, messages: Sequence[str] = (), extra: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = tuple(messages)
        self.extra = dict(extra or {})

    def answer(self) -> Json:
        """Give the body that Slack would send."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["errors"] = list(self.messages)
            body["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in self.messages]}
        return body


class PersonRefusal(Refusal):
    """What a person tried cannot be done; the message is a sentence for them."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        errors: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status
        self.errors = dict(errors or {})

    def answer(self) -> Json:
        """Give the body that the page reads."""
        body: Json = {"ok": False, "error": self.code, "message": self.message}
        if self.errors:
            body["errors"] = self.errors
        return body
