"""Slack's error codes, and what each of them means for a message that is owed to somebody.

A code that is not in the table never ends a promise: the message waits and is tried again.
"""

import enum
from collections.abc import Mapping
from typing import Final

from bot import coaching


class Course(enum.Enum):
    """What becomes of a message after Slack answered with a code."""

    ENDS_FOR_READER = "ends for its reader"
    """This person can get no message for good."""
    ENDS_AS_WRITTEN = "ends as written"
    """Slack takes no message of this shape: our fault."""
    WAITS_FOR_CONVERSATION = "waits for its conversation"
    """It may concern this conversation alone, or a setting: nobody else is held up."""
    WAITS_FOR_INSTALLATION = "waits for the installation"
    """The token itself is refused, also by `auth.test`: nothing leaves until that is mended."""
    UNSURE = "unsure"
    """The message may be there all the same."""
    TRIED_AGAIN = "tried again"


def _all(codes: str, course: Course) -> dict[str, Course]:
    return dict.fromkeys(codes.split(), course)


COURSES: Final[Mapping[str, Course]] = {
    **_all(
        "user_disabled user_not_found users_not_found user_not_visible cannot_dm_bot "
        "channel_not_found is_archived not_in_channel",
        Course.ENDS_FOR_READER,
    ),
    **_all(
        "invalid_blocks invalid_arguments msg_too_long no_text msg_blocks_too_long "
        "metadata_too_large invalid_metadata_format",
        Course.ENDS_AS_WRITTEN,
    ),
    **_all(
        "access_denied accesslimited ekm_access_denied team_access_not_granted "
        "messages_tab_disabled missing_scope no_permission restricted_action",
        Course.WAITS_FOR_CONVERSATION,
    ),
    **_all(
        "account_inactive invalid_auth not_allowed_token_type not_authed org_login_required "
        "token_expired token_revoked",
        Course.WAITS_FOR_INSTALLATION,
    ),
    **_all("fatal_error internal_error", Course.UNSURE),
    "": Course.UNSURE,
}
UNREACHED: Final[Mapping[str, coaching.Unreached]] = {
    "user_disabled": coaching.Unreached.DEACTIVATED,
    **dict.fromkeys(
        ("user_not_found", "users_not_found", "user_not_visible"), coaching.Unreached.NO_ACCOUNT
    ),
    **dict.fromkeys(
        ("cannot_dm_bot", "channel_not_found", "is_archived", "not_in_channel"),
        coaching.Unreached.CLOSED,
    ),
}
"""Why the reader gets nothing, for each code that ends a message for its reader."""
GONE: Final = frozenset(
    ("message_not_found", "cant_update_message", "edit_window_closed", "thread_locked")
)
"""A message that was sent and cannot be changed any more: the answers of `chat.update`."""


def course_of(code: str) -> Course:
    """Say what becomes of a message after this code; what is unknown is tried again."""
    return COURSES.get(code, Course.TRIED_AGAIN)
