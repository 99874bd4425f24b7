"""`coachbot check`: is everything there that `coachbot run` needs, and if not, what to do."""

import asyncio
import re
from dataclasses import dataclass

from bot import app
from bot.database import describe, opened
from bot.settings import Settings
from bot.slack.transport.doorway import PATH
from bot.slack.transport.problems import (
    APP_TOKEN,
    BOT_TOKEN,
    SIGNING_SECRET,
    WHERE,
    problem_of,
)
from bot.slack.transport.reach import Reach
from bot.slack.transport.scopes import SCOPES
from storage import migrations
from storage.engine import Database
from storage.errors import ContendedError, UnreachableError
from storage.migrations import Age


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, and what to do about it."""

    is_good: bool
    subject: str
    message: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{'ok  ' if self.is_good else 'FAIL'}  {self.subject:<9} {self.message}"


def check_all(settings: Settings) -> list[Finding]:
    """Run every check; none changes anything."""
    return [
        Finding(True, "settings", "All settings can be read."),
        check_database(settings),
        *asyncio.run(check_slack(settings)),
    ]


def check_database(settings: Settings) -> Finding:
    """Reach the database, ask to write, and see whether its tables are of this version."""
    subject = "database"
    try:
        with opened(settings, leaves_journal=True) as database:
            return _look_at(database)
    except ValueError as error:
        return Finding(False, subject, f"Please correct DATABASE_URL: {error}.")
    except UnreachableError as error:
        return Finding(False, subject, error.failure.sentence)
    except ContendedError:
        return Finding(True, subject, "It answers; somebody else is writing at this moment.")


def _look_at(database: Database) -> Finding:
    subject = "database"
    tables = migrations.examine(database)
    if tables.age is Age.MISSING:
        return Finding(True, subject, f"{database.place} is new: run will make its tables.")
    if tables.age is not Age.CURRENT:
        return Finding(False, subject, describe(tables, database))
    migrations.ensure_writable(database)
    return Finding(True, subject, "It answers, and its tables are up to date.")


async def check_slack(settings: Settings) -> list[Finding]:
    """Look at what Slack needs in this mode, asking by the client that `coachbot run` asks by."""
    reach = Reach(app.slack_settings(settings))
    found = [await check_bot_token(settings, reach)]
    if settings.slack_mode == "http":
        return [*found, check_way_in(settings)]
    return [*found, await check_app_token(settings, reach)]


async def check_bot_token(settings: Settings, reach: Reach) -> Finding:
    """Ask Slack whom the bot token belongs to, and which scopes it has."""
    subject = "bot token"
    if not settings.slack_bot_token:
        return _missing(subject, BOT_TOKEN)
    try:
        answer = await reach.speaker().auth_test()
    except Exception as error:
        return Finding(False, subject, problem_of(error, address=reach.address).message)
    granted = answer.headers.get("x-oauth-scopes")
    missing = [] if granted is None else _not_among(granted)
    if missing:
        wanted = ", ".join(f"{each} (to {SCOPES[each]})" for each in missing)
        return Finding(False, subject, f"Please add these scopes and reinstall: {wanted}.")
    who, where = answer.get("user") or "the bot", answer.get("team") or "its workspace"
    return Finding(True, subject, f"Slack knows it: {who} in {where}.")


async def check_app_token(settings: Settings, reach: Reach) -> Finding:
    """Ask Slack for a Socket Mode address, which only a good app-level token gets."""
    subject = "app token"
    if not settings.slack_app_token:
        return _missing(subject, APP_TOKEN)
    try:
        await reach.nobody().apps_connections_open(app_token=settings.slack_app_token)
    except Exception as error:
        problem = problem_of(error, token=APP_TOKEN, address=reach.address)
        return Finding(False, subject, problem.message)
    return Finding(True, subject, "Slack opens Socket Mode for it.")


def check_way_in(settings: Settings) -> Finding:
    """See whether what Slack sends by HTTP can be told from what others send, and say where to."""
    subject = "way in"
    if not settings.slack_signing_secret:
        return _missing(subject, SIGNING_SECRET)
    if not re.fullmatch(r"[0-9a-f]{32}", settings.slack_signing_secret):
        said = "Please copy SLACK_SIGNING_SECRET again: it is 32 letters and digits"
        return Finding(False, subject, f"{said} ({WHERE[SIGNING_SECRET]}).")
    if not settings.api_url:
        said = f"Slack’s requests are taken at port {settings.api_port}, path {PATH}."
        return Finding(True, subject, f"{said} For its set-up: coachbot manifest --url https://…")
    if not settings.api_url.startswith("https://"):
        said = "Please set COACHBOT_API_URL to the https address at which Slack can reach port"
        return Finding(False, subject, f"{said} {settings.api_port}.")
    return Finding(True, subject, f"Slack should send everything to {settings.api_url}{PATH}.")


def _missing(subject: str, name: str) -> Finding:
    return Finding(False, subject, f"Please set {name} ({WHERE[name]}).")


def _not_among(granted: str) -> list[str]:
    names = {each.strip() for each in granted.split(",")}
    return [each for each in SCOPES if each not in names]
