"""The front end put together: one Bolt app, its features, and what the rest of the bot needs."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from traceback import walk_tb
from typing import Any, Final

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot import coaching
from bot.hop import Hop
from bot.logger import get_logger
from bot.slack import commands, shortcuts, why
from bot.slack import help as helping
from bot.slack.admin import divisions as admin_divisions
from bot.slack.admin import people as admin_people
from bot.slack.admin import policies as admin_policies
from bot.slack.admin import roles as admin_roles
from bot.slack.home import tab as home
from bot.slack.lists import inbox, listing
from bot.slack.messages import following, marking, snoozing, status
from bot.slack.messages.messenger import SlackMessenger
from bot.slack.notes import noting
from bot.slack.reports import report
from bot.slack.session import opening as session
from bot.slack.settings import page as own_settings
from bot.slack.transport.connection import Connection
from bot.slack.transport.doorway import Doorway
from bot.slack.transport.installation import Installation
from bot.slack.transport.origin import is_ours
from bot.slack.transport.reach import Reach, SlackSettings, quiet
from bot.slack.transport.reading import NotUnderstood
from bot.slack.transport.signatures import Signatures
from bot.slack.turns import people
from bot.slack.turns.errors import write_down
from bot.slack.turns.lines import Lines
from bot.slack.turns.people import People
from bot.slack.turns.shell import Shell

__all__ = ["Front", "SlackSettings", "build_app", "build_front"]

log = get_logger(__name__)

NOBODY_LISTENS: Final = 404
"""Bolt's status for a request that no listener fits."""
FEATURES: Final = (
    *(admin_people, admin_divisions, admin_roles, admin_policies),
    *(commands, session, listing, inbox, noting, following),
    *(helping, home, shortcuts, status, marking, snoozing, people, report, own_settings, why),
)


@dataclass(frozen=True, slots=True)
class Front:
    """The front end: the app that listens, the messenger that speaks, and who is known."""

    app: AsyncApp
    shell: Shell
    messenger: SlackMessenger
    people: People
    connection: Connection | Doorway
    ask: Callable[[], Awaitable[object]]
    """Asks Slack for no more than an answer, which has its date."""


def build_front(
    context: coaching.Context,
    hop: Hop,
    settings: SlackSettings,
    *,
    refused: Callable[[str], None] = lambda _reason: None,
) -> Front:
    """Build the front end; nothing is sent and nothing listens yet.

    `refused` hears of each request by HTTP that does not carry Slack's signature, and why.
    """
    reach = Reach(settings)
    installation = Installation(reach.speaker(), settings.times)
    app = _bolt(reach, settings, installation)
    known = People(context, hop, reach=reach, installation=installation)
    shell = Shell(
        app,
        context=context,
        hop=hop,
        people=known,
        lines=Lines(reach),
        patience=settings.patience_seconds,
    )
    for feature in FEATURES:
        feature.register(shell)
    shell.refuse_the_rest()
    messenger = SlackMessenger(context, hop, reach.speaker(), delivered=shell.changed_for)
    connection: Connection | Doorway
    if settings.by_http:
        signatures = Signatures(settings.signing_secret, refused=refused)
        connection = Doorway(
            app, running=shell.running, installation=installation, signatures=signatures
        )
    else:
        connection = Connection(
            app,
            settings.app_token,
            reach=reach,
            running=shell.running,
            installation=installation,
        )
    return Front(app, shell, messenger, known, connection, installation.look)


def build_app(context: coaching.Context, hop: Hop, settings: SlackSettings) -> AsyncApp:
    """Build the app alone, for whoever brings requests to it by HTTP."""
    return build_front(context, hop, settings).app


class _App(AsyncApp):
    """A Bolt app for our workspace alone, which takes what nobody listens to.

    Slack may send what is new, and more often.
    """

    def __init__(self, installation: Installation, **given: Any) -> None:
        super().__init__(authorize=installation, **given)
        self._installation = installation

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer a request; one of an unknown kind is acknowledged, and Bolt's warning tells it."""
        if not await self._is_ours(req):
            log.warning("NotOurWorkspace", kind=str(req.body.get("type", "command"))[:32])
            # Over a socket what is not acknowledged comes again.
            return BoltResponse(status=200 if req.mode == "socket_mode" else 401)
        answer = await super().async_dispatch(req)
        return BoltResponse(status=200) if answer.status == NOBODY_LISTENS else answer

    async def _is_ours(self, req: AsyncBoltRequest) -> bool:
        try:
            known = await self._installation()
        except (SlackApiError, aiohttp.ClientError, TimeoutError, NotUnderstood):
            return True  # Bolt asks as well, and says that it cannot know.
        return is_ours(req.body, known)


def _bolt(reach: Reach, settings: SlackSettings, installation: Installation) -> AsyncApp:
    logger = quiet("bot.slack.bolt")
    level = logger.level
    logger.setLevel(logging.ERROR)  # Bolt warns of a token in the environment, which is no fault
    app = _App(
        installation,
        name="coachbot",
        client=reach.nobody(),
        signing_secret=settings.signing_secret,
        logger=logger,
    )
    logger.setLevel(level)
    app.error(_last_resort)
    return app


async def _last_resort(error: Exception) -> BoltResponse | None:
    """Log what could not even be answered; without an acknowledgement Slack says that it failed.

    What Bolt itself cannot read, because Slack sent something new, is acknowledged.
    """
    if _is_raised_by_bolt(error):
        log.warning("NotUnderstood", error=type(error).__name__)
        return BoltResponse(status=200)
    write_down(error)
    return None


def _is_raised_by_bolt(error: Exception) -> bool:
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    return bool(frames) and frames[-1].f_globals.get("__name__", "").startswith("slack_bolt.")
