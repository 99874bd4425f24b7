"""`coachbot check`: is everything there that `coachbot run` needs, and if not, what to do."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.database import describe, opened
from bot.settings import Settings
from bot.slack.transport.doorway import PATH
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
        check_bot_token(settings),
        check_way_in(settings) if settings.slack_mode == "http" else check_app_token(settings),
    ]


def check_database(settings: Settings) -> Finding:
    """Reach the database, ask to write, and see whether its tables are of this version."""
    subject = "database"
    try:
        with opened(settings, is_only_looked_at=True) as database:
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


def check_bot_token(settings: Settings) -> Finding:
    """Ask Slack whom the bot token belongs to, and which scopes it has."""
    subject = "bot token"
    if not settings.slack_bot_token:
        return Finding(False, subject, "Please set SLACK_BOT_TOKEN (README, Slack set-up, step 3).")

    def ask(client: WebClient) -> Finding:
        answer = client.auth_test()
        granted = {each.strip() for each in answer.headers.get("x-oauth-scopes", "").split(",")}
        missing = [each for each in SCOPES if each not in granted]
        if missing:
            wanted = ", ".join(f"{each} (to {SCOPES[each]})" for each in missing)
            return Finding(False, subject, f"Please add these scopes and reinstall: {wanted}.")
        return Finding(True, subject, f"Slack knows it: {answer['user']} in {answer['team']}.")

    return _asking_slack(subject, settings, settings.slack_bot_token, ask)


def check_app_token(settings: Settings) -> Finding:
    """Ask Slack for a Socket Mode address, which only a good app-level token gets."""
    subject = "app token"
    if not settings.slack_app_token:
        return Finding(False, subject, "Please set SLACK_APP_TOKEN (README, Slack set-up, step 4).")

    def ask(client: WebClient) -> Finding:
        client.apps_connections_open(app_token=settings.slack_app_token)
        return Finding(True, subject, "Slack opens Socket Mode for it.")

    return _asking_slack(subject, settings, settings.slack_app_token, ask)


def check_way_in(settings: Settings) -> Finding:
    """See whether what Slack sends by HTTP can be told from what others send, and say where to."""
    subject = "way in"
    if not re.fullmatch(r"[0-9a-f]{32}", settings.slack_signing_secret):
        return Finding(
            False,
            subject,
            "Please copy SLACK_SIGNING_SECRET again: it is 32 letters and digits "
            "(README, Slack set-up).",
        )
    if not settings.api_url.startswith("https://"):
        return Finding(
            False,
            subject,
            "Please set COACHBOT_API_URL to the https address at which Slack can reach "
            f"port {settings.api_port}, and give Slack that address followed by {PATH}.",
        )
    return Finding(True, subject, f"Slack should send everything to {settings.api_url}{PATH}.")


def _asking_slack(
    subject: str, settings: Settings, token: str, ask: Callable[[WebClient], Finding]
) -> Finding:
    client = WebClient(token=token, base_url=settings.slack_api_url, timeout=10)
    try:
        return ask(client)
    except SlackApiError as error:
        said = error.response["error"] if error.response is not None else "unknown"
        return Finding(False, subject, f"Slack refuses it ({said}). Please copy it again.")
    except (SlackClientError, OSError):
        return Finding(False, subject, f"{settings.slack_api_url} doesn’t answer. Is it reachable?")
