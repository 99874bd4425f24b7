"""What Slack's Web API answers, as typed values; a field without a default is always needed."""

from typing import Any

from msgspec import Struct, field
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.transport.reading import T, read


class WrittenView(Struct, frozen=True):
    """A form or page that was opened, pushed or published."""

    id: str = ""
    hash: str = ""


class ViewAnswer(Struct, frozen=True):
    """The answer of the methods that show a view."""

    view: WrittenView = field(default_factory=WrittenView)


class Permalink(Struct, frozen=True):
    """The answer of `chat.getPermalink`."""

    permalink: str = ""


class Posted(Struct, frozen=True):
    """The answer of `chat.postMessage`: where the message is."""

    ts: str
    channel: str = ""


class Place(Struct, frozen=True):
    """A conversation."""

    id: str


class OpenedConversation(Struct, frozen=True):
    """The answer of `conversations.open`."""

    channel: Place


class Marked(Struct, frozen=True):
    """The metadata of a message; its content is the app's own."""

    event_type: str = ""
    event_payload: dict[str, Any] = field(default_factory=dict)


class PastMessage(Struct, frozen=True):
    """A message of a conversation's history."""

    ts: str
    metadata: Marked = field(default_factory=Marked)
    blocks: tuple[Any, ...] = ()


class Cursor(Struct, frozen=True):
    """Where the next page of a list begins; empty at the end."""

    next_cursor: str = ""


class Paged(Struct, frozen=True):
    """What every list says of its pages."""

    response_metadata: Cursor = field(default_factory=Cursor)


class UploadPlace(Struct, frozen=True):
    """The answer of `files.getUploadURLExternal`."""

    upload_url: str
    file_id: str


class Identity(Struct, frozen=True):
    """The answer of `auth.test`: whose the token is."""

    team_id: str = ""
    enterprise_id: str = ""
    user_id: str = ""
    bot_id: str = ""


def read_answer(answer: AsyncSlackResponse, kind: type[T]) -> T:
    """Read an answer of the Web API. Raises NotUnderstood."""
    return read(answer.data, kind)
