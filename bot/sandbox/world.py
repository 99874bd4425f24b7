"""The pretend workspace: everything in it, and who is told when something changes."""

from dataclasses import dataclass, field

from bot.sandbox.cast import Cast
from bot.sandbox.changes import Changes
from bot.sandbox.clock import SandboxClock
from bot.sandbox.conversations import Conversation, Conversations
from bot.sandbox.files import Files
from bot.sandbox.people import Directory
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.terms import Terms
from bot.sandbox.triggers import Triggers
from bot.sandbox.views import Views


@dataclass(slots=True)
class World:
    """Everything in the workspace."""

    cast: Cast
    clock: SandboxClock
    terms: Terms
    url: str = ""
    complaints: list[str] = field(default_factory=list)
    directory: Directory = field(init=False)
    conversations: Conversations = field(init=False)
    views: Views = field(init=False)
    triggers: Triggers = field(init=False)
    response_urls: ResponseUrls = field(init=False)
    files: Files = field(init=False)
    changes: Changes = field(init=False)

    def __post_init__(self) -> None:
        self.directory = Directory(self.cast)
        self.conversations = Conversations(self.directory, self.clock)
        self.views = Views(self.clock)
        self.triggers = Triggers(seconds=self.terms.trigger_seconds)
        self.response_urls = ResponseUrls()
        self.files = Files(self.clock)
        self.changes = Changes()

    def touch(self, conversation: Conversation) -> None:
        """Tell those in a conversation that it changed."""
        if conversation.person_id is None:
            self.changes.touch_all()
        else:
            self.changes.touch([conversation.person_id])

    def response_url(
        self, user_id: str, conversation_id: str, message_ts: str | None = None
    ) -> str:
        """Give an address at which the bot may answer what this person did."""
        name = self.response_urls.mint(user_id, conversation_id, message_ts)
        return f"{self.url}/response/{name}"
