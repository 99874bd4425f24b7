"""What Slack sends, as typed values; only the fields that are used here.

A field without a default is one without which the whole says nothing; every other may be null,
absent or of a kind that nobody knows yet.
"""

from typing import Any

from msgspec import Struct, field


class Named(Struct, frozen=True):
    """Anything of which only the id matters."""

    id: str


class Command(Struct, frozen=True):
    """A slash command that somebody typed."""

    user_id: str
    channel_id: str = ""
    trigger_id: str = ""
    response_url: str = ""
    text: str = ""


class Choice(Struct, frozen=True):
    """An option that was picked."""

    value: str


class UploadedFile(Struct, frozen=True):
    """A file that was put into a form."""

    id: str
    name: str = ""
    permalink: str = ""


class Entry(Struct, frozen=True):
    """What one field of a form holds."""

    value: str | None = None
    selected_option: Choice | None = None
    selected_options: tuple[Choice, ...] = ()
    selected_user: str | None = None
    selected_users: tuple[str, ...] = ()
    selected_date_time: int | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    files: tuple[UploadedFile, ...] = ()


class State(Struct, frozen=True):
    """Everything that was filled in: block id, then action id."""

    values: dict[str, dict[str, Entry]] = field(default_factory=dict)


class Shape(Struct, frozen=True):
    """A block of a view, as far as an error must find its place."""

    type: str = ""
    block_id: str = ""


class SeenView(Struct, frozen=True):
    """A form or page as the person saw it."""

    id: str
    type: str = ""
    hash: str = ""
    private_metadata: str = ""
    state: State | None = None
    blocks: tuple[Shape, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The fields of the form, in order."""
        return tuple(block.block_id for block in self.blocks if block.type == "input")


class Submission(Struct, frozen=True):
    """A form that somebody sent."""

    user: Named
    view: SeenView
    trigger_id: str = ""


class Press(Entry, frozen=True, kw_only=True):
    """A button that was pressed, or a field that tells at once what it holds now."""

    action_id: str
    block_id: str = ""

    @property
    def meant(self) -> str:
        """What the button is about, or what was picked in a menu."""
        return self.selected_option.value if self.selected_option else self.value or ""


class Container(Struct, frozen=True):
    """Where a button stands."""

    type: str = ""
    channel_id: str = ""
    message_ts: str = ""
    is_ephemeral: bool = False


class SeenMessage(Struct, frozen=True):
    """A message as the person saw it; the blocks go back as they came."""

    text: str = ""
    blocks: tuple[dict[str, Any], ...] = ()


class Click(Struct, frozen=True):
    """Somebody pressed a button in a message, a form or the Home tab."""

    user: Named
    actions: tuple[Press, ...]
    """At least one; Slack sends them one by one."""
    container: Container = field(default_factory=Container)
    trigger_id: str = ""
    response_url: str = ""
    message: SeenMessage | None = None
    view: SeenView | None = None

    def __post_init__(self) -> None:
        """Refuse what presses nothing."""
        if not self.actions:
            raise ValueError("there is no action")


class SharedMessage(Struct, frozen=True):
    """A message on which somebody used a shortcut; one of an app says so."""

    ts: str = ""
    user: str | None = None
    text: str = ""
    bot_id: str | None = None


class Team(Struct, frozen=True):
    """The workspace, by the name in its address."""

    domain: str = ""


class Shortcut(Struct, frozen=True):
    """Somebody used a shortcut, on a message or anywhere."""

    user: Named
    callback_id: str = ""
    trigger_id: str = ""
    response_url: str = ""
    channel: Named | None = None
    message: SharedMessage | None = None
    team: Team | None = None


class Suggestion(Struct, frozen=True):
    """Somebody is typing in a menu whose options are looked up."""

    user: Named
    action_id: str = ""
    value: str = ""
    block_id: str = ""
    view: SeenView | None = None


class HomeOpened(Struct, frozen=True):
    """Somebody looks at the app's own page."""

    user: str
    tab: str = "home"
    view: SeenView | None = None


class Profile(Struct, frozen=True):
    """How an account presents itself."""

    real_name: str = ""
    display_name: str = ""
    email: str | None = None


class Enterprise(Struct, frozen=True):
    """The organisation that an account belongs to, where a workspace is one of several."""

    enterprise_id: str = ""
    teams: tuple[str, ...] = ()
    """The workspaces of the organisation that the account is in."""


class Account(Struct, frozen=True):
    """An account of the workspace, of any kind."""

    id: str
    name: str = ""
    real_name: str | None = None
    tz: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    """A guest; one of a single channel is `is_ultra_restricted` as well."""
    is_ultra_restricted: bool = False
    team_id: str = ""
    enterprise_user: Enterprise = field(default_factory=Enterprise)
    profile: Profile = field(default_factory=Profile)


class AccountEvent(Struct, frozen=True):
    """Somebody joined, or changed their account."""

    user: Account
