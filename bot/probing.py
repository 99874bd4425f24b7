"""`coachbot check --probe`: one message all the way to a person, and read back from where it is.

It goes by the messenger that every message goes by, with its mark on it, and is looked for as the
bot looks for a message whose sender was lost: so what works here works there.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from bot import coaching
from bot.app import slack_settings
from bot.checks import Finding
from bot.database import opened_context
from bot.delivery.messenger import Messenger
from bot.delivery.outcomes import GiveUp, Missing, Outcome, Sent, TryLater, Unreadable, Unsure
from bot.hop import Hop
from bot.settings import Settings
from bot.slack.front import build_front

SUBJECT: Final = "probe"
CLOCKS_DIFFER_BY: Final = timedelta(days=1)


def probe(settings: Settings, *, email: str | None = None) -> Finding:
    """Send a message on trial and read it back; says in words what worked."""
    try:
        with opened_context(settings) as context:
            return asyncio.run(_probe(context, settings, email))
    except coaching.CoachingError as error:
        return Finding(False, SUBJECT, error.message)


async def _probe(context: coaching.Context, settings: Settings, email: str | None) -> Finding:
    hop = Hop(threads=1)
    try:
        message = await hop(coaching.trial, context, email=email)
        front = build_front(context, hop, slack_settings(settings))
        began = time.monotonic()
        outcome = await front.messenger.send(message)
        if not isinstance(outcome, Sent):
            return Finding(False, SUBJECT, _why_not(outcome))
        found = await _read_back(front.messenger, message, outcome)
        return found or Finding(True, SUBJECT, _success(time.monotonic() - began))
    finally:
        await hop.drain()
        hop.close()


async def _read_back(
    messenger: Messenger, message: coaching.Announcement, sent: Sent
) -> Finding | None:
    """Look for the message where it was put; answers what is wrong, None where it is there."""
    found = await messenger.find(message, datetime.now(UTC) - CLOCKS_DIFFER_BY)
    match found:
        case Sent(_, message_ts):
            if message_ts == sent.message_ts:
                return None
            return Finding(False, SUBJECT, "It arrived, but another message was read back.")
        case Missing():
            return Finding(False, SUBJECT, "It was sent, but isn’t in the conversation.")
        case Unreadable(reason):
            said = f"It was sent, but the conversation can’t be read ({reason})."
            return Finding(False, SUBJECT, f"{said} Please check the scope im:history.")
        case _:
            assert_never(found)


def _success(seconds: float) -> str:
    return f"A message on trial arrived and was read back in {seconds:.1f} s."


def _why_not(outcome: Outcome) -> str:
    match outcome:
        case TryLater(reason=coaching.OWN_ERROR) | Unsure(reason=coaching.OWN_ERROR):
            return "It failed by an error of ours, and not of Slack’s; the log says where."
        case GiveUp(reason):
            return f"Slack doesn’t take a message to this person ({reason})."
        case TryLater(_, reason):
            return f"Slack doesn’t take messages now ({reason}). Please try again in a minute."
        case Unsure(reason):
            return f"Nobody knows whether the message arrived ({reason}). Please try again."
        case Sent():
            return "It was sent."
        case _:
            assert_never(outcome)
