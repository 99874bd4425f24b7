"""What the words in the outbox mean, in plain ones: kinds of messages, and why one waits or failed.

Every word that is ever written there has a sentence here; one that only the network knows is told
as it is.
"""

import re
from collections.abc import Mapping
from typing import Final

from bot.coaching.ground.failures import OWN_ERROR, reference_of
from bot.coaching.ground.values import Unreached
from bot.coaching.policy.typed_values import say_lead
from bot.coaching.promises.escalation import ESCALATION
from bot.coaching.promises.ladder import lead_named
from bot.coaching.promises.notices import CONFIRMATION
from bot.coaching.promises.replanning import WITHDRAWN
from bot.coaching.promises.snoozing import PREFIX
from bot.coaching.promises.truth import Untrue
from storage.deliveries import SUPERSEDED
from storage.records import Delivery
from storage.timelines import IN_DOUBT
from storage.types import ActionType

KINDS: Final[Mapping[ActionType, str]] = {
    ActionType.CREATE: "News of the session",
    ActionType.UPDATE: "News of a change",
    ActionType.DELETE: "News of the cancellation",
    ActionType.STATUS_CHANGE: "News of the status",
    ActionType.ANNOTATION_ADDED: "News of a note",
    ActionType.ANNOTATION_EDITED: "News of a changed note",
    ActionType.ANNOTATION_DELETED: "News of a removed note",
    ActionType.REMINDER: "Reminder",
    ActionType.OVERDUE: "Overdue notice",
    ActionType.AGENDA: "Daily agenda",
    ActionType.DIGEST: "Weekly digest",
    ActionType.UNREACHABLE: "Request to tell somebody who can’t be reached",
}
WHY_NOT: Final[Mapping[str, str]] = {
    SUPERSEDED: "a later change to the session took its place",
    Untrue.CHANGED: "it was no longer true when its time came",
    Untrue.LATE: "the session had already begun",
    Untrue.SUPERSEDED: "a later reminder said the same",
    Untrue.NOT_THEIRS: "the session isn’t theirs to see any more",
    Untrue.NOTHING_TO_SAY: "there was nothing to say",
    WITHDRAWN: "it isn’t wanted any more",
}
"""Why a promise is no longer true."""
DEACTIVATED: Final = "their Slack account is deactivated"
NO_MEMBER: Final = "they are not a member of the workspace"
NO_ACCOUNT: Final = "they have no Slack account that Coachbot knows"
CLOSED: Final = "they can’t get messages from Coachbot"
MALFORMED: Final = "Slack didn’t take the message as it was written"
NOT_ALLOWED: Final = "Slack doesn’t let Coachbot write; an administrator has to look at the app"
SLACK_ILL: Final = "Slack had a problem of its own"
LINE_LOST: Final = "the connection to Slack was lost"
UNSEEN: Final = "nobody could see whether the first try had arrived"
SLOWED: Final = "Slack asked for a pause"
DATABASE: Final = "the database couldn’t be reached"
OURS: Final = "an error of ours"
"""It is told with the reference under which the log has it."""
BECAUSE: Final[Mapping[str, str]] = {
    "waiting for its turn": "other messages go first, so that Slack isn’t flooded",
    "waiting for the end of quiet hours": "it was held up until quiet hours had begun",
    "looked for first: the database may have been set back": (
        "Coachbot looks first whether it was sent before the database was set back"
    ),
    "too late": "there was no time left for the first try",
    IN_DOUBT: "the database may have been set back, and it is looked for first",
    "was not sent": "the first try was cut off before the message arrived",
    **dict.fromkeys((OWN_ERROR, "could not be put into words"), OURS),
    "no_account": NO_ACCOUNT,
    Unreached.DEACTIVATED: DEACTIVATED,
    Unreached.NO_ACCOUNT: NO_ACCOUNT,
    Unreached.NO_MEMBER: NO_MEMBER,
    Unreached.CLOSED: CLOSED,
    "user_disabled": DEACTIVATED,
    **dict.fromkeys("user_not_found users_not_found user_not_visible".split(), NO_ACCOUNT),
    **dict.fromkeys(
        "cannot_dm_bot channel_not_found is_archived not_in_channel".split(),
        CLOSED,
    ),
    **dict.fromkeys(
        "invalid_blocks invalid_arguments msg_too_long no_text msg_blocks_too_long "
        "metadata_too_large invalid_metadata_format".split(),
        MALFORMED,
    ),
    **dict.fromkeys(
        "invalid_auth not_authed account_inactive token_revoked token_expired missing_scope "
        "org_login_required ekm_access_denied access_denied team_access_not_granted "
        "not_allowed_token_type accesslimited messages_tab_disabled no_permission "
        "restricted_action".split(),
        NOT_ALLOWED,
    ),
    **dict.fromkeys(("ratelimited", "rate_limited"), SLOWED),
    **dict.fromkeys(("fatal_error", "internal_error"), SLACK_ILL),
    **dict.fromkeys(("Unavailable", "Conflict"), DATABASE),
}
"""Why a promise waits, or why it failed."""
PATTERNS: Final[Mapping[str, str]] = {
    r"status_\d+": SLACK_ILL,
    r"unreadable: .*": UNSEEN,
    r"[A-Z]\w+": LINE_LOST,
}
"""What carries a detail: a status, or the name of an error."""


def has_words(reason: str) -> bool:
    """Answer whether there is a sentence for a reason, or it has to be told as it is."""
    known = reason in WHY_NOT or reason in BECAUSE
    return known or any(re.fullmatch(each, reason) for each in PATTERNS)


def may_have_arrived(reason: str) -> bool:
    """Answer whether a try that ended so may have put its message in front of its reader."""
    return _meaning(reason) in {SLACK_ILL, LINE_LOST, UNSEEN, OURS}


def because(delivery: Delivery) -> str:
    """Say why a message waits or failed; what only Slack knows is told as Slack says it."""
    meaning = _meaning(delivery.reason or "")
    return f"{meaning}, reference {reference_of(delivery.id)}" if meaning == OURS else meaning


def _meaning(said: str) -> str:
    if said in BECAUSE:
        return BECAUSE[said]
    found = (words for pattern, words in PATTERNS.items() if re.fullmatch(pattern, said))
    return next(found, f"Slack answered “{said}”" if said else LINE_LOST)


def why_not(reason: str | None) -> str:
    """Say why something was not sent that had been promised."""
    return WHY_NOT.get(reason or "", WHY_NOT[Untrue.CHANGED])


def what(delivery: Delivery) -> str:
    """Name a message: `Reminder 1 hour before`, `News of a change`."""
    occurrence, name = delivery.occurrence, KINDS[delivery.kind]
    if delivery.kind is ActionType.REMINDER:
        if occurrence.startswith(PREFIX):
            return f"{name} that was put off"
        return f"{name} {say_lead(occurrence)} before" if lead_named(occurrence) else name
    if delivery.kind is ActionType.OVERDUE:
        passed_on = occurrence == ESCALATION
        return f"{name}, passed on" if passed_on else f"{_numbered(occurrence)} overdue notice"
    return "Confirmation" if occurrence == CONFIRMATION else name


def _numbered(occurrence: str) -> str:
    """Say which of several: `1st`, `2nd`, `11th`."""
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(occurrence[-1:], "th")
    return f"{occurrence}{'th' if occurrence in {'11', '12', '13'} else ending}"
