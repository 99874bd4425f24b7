"""The environment variables: what each is called, its default, and what it does."""

import ipaddress
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.coaching.policy.typed_values import leads, number, quiet_hours, time_of_day, yes_or_no

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: what it is called, its default, and what it does.

    A secret one may also be given in a file, which the variable NAME_FILE names.
    """

    name: str
    default: str
    sentence: str
    read: Callable[[str], Any]
    is_secret: bool = False

    @property
    def file_name(self) -> str:
        """The variable that names the file, where the setting may be given so."""
        return f"{self.name}_FILE"


def _text(value: str) -> str:
    return value


def _seconds(value: str) -> float:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", value) or float(value) <= 0:
        raise ValueError("must be a number of seconds above 0")
    return float(value)


def _log_level(value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return value.upper()


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise ValueError("must be an address such as https://slack.com/api/")
    return value if value.endswith("/") else f"{value}/"


def _optional_address(value: str) -> str:
    return _address(value).rstrip("/") if value else ""


def _networks(value: str) -> tuple[str, ...]:
    found = tuple(each.strip() for each in value.split(",") if each.strip())
    try:
        return tuple(str(ipaddress.ip_network(each)) for each in found)
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.0/8") from None


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in words:
            raise ValueError(f"must be {' or '.join(words)}")
        return value.lower()

    return read


def _one_word(value: str) -> str:
    if not all("!" <= each <= "~" for each in value):
        raise ValueError("must be one word without blanks, as Slack shows it")
    return value


def _token(prefix: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value and not value.startswith(prefix):
            raise ValueError(f"must start with {prefix}")
        return _one_word(value)

    return read


SETTINGS: Sequence[Setting] = (
    Setting(
        "DATABASE_URL",
        "",
        "Where everything is kept: sqlite:////a/file.db, or postgresql://user:password@host/name; "
        "without it, a file in the user’s folder for data.",
        _text,
        is_secret=True,
    ),
    Setting(
        "SLACK_BOT_TOKEN",
        "",
        "The bot token of your Slack app (xoxb-…).",
        _token("xoxb-"),
        is_secret=True,
    ),
    Setting(
        "SLACK_APP_TOKEN",
        "",
        "The app-level token for Socket Mode (xapp-…).",
        _token("xapp-"),
        is_secret=True,
    ),
    Setting(
        "SLACK_SIGNING_SECRET",
        "",
        "The signing secret of your Slack app; HTTP mode needs it.",
        _one_word,
        is_secret=True,
    ),
    Setting(
        "COACHBOT_SLACK_MODE",
        "socket",
        "How Slack reaches the bot: socket (no public address) or http (at /slack/events).",
        _one_of("socket", "http"),
    ),
    Setting(
        "SLACK_API_URL",
        "https://slack.com/api/",
        "Another Slack-compatible server to talk to.",
        _address,
    ),
    Setting(
        "COACHBOT_SLACK_ALLOW_HTTP",
        "no",
        "Whether SLACK_API_URL may be http on another machine; tokens can be read on the way.",
        yes_or_no,
    ),
    Setting(
        "COACHBOT_MAX_LENGTH_MINUTES",
        "60",
        "The longest session, in minutes.",
        number(1, 1440),
    ),
    Setting(
        "COACHBOT_HORIZON_DAYS",
        "42",
        "How far ahead a session may be scheduled, in days.",
        number(1, 3650),
    ),
    Setting(
        "COACHBOT_INBOX_DAYS",
        "60",
        "How far back and ahead the inbox looks, in days.",
        number(1, 3650),
    ),
    Setting(
        "COACHBOT_KEEP_DELIVERIES_DAYS",
        "400",
        "How long settled deliveries and notifications are kept after their session, in days.",
        number(60, 36500),
    ),
    Setting(
        "COACHBOT_KEEP_AUDIT_DAYS",
        "0",
        "How long the audit trail is kept, in days; 0: for ever.",
        number(0, 36500),
    ),
    Setting(
        "COACHBOT_REMINDER_LEADS",
        "24h,1h,10m",
        "How long before the start reminders are sent (d, h, m).",
        leads,
    ),
    Setting(
        "COACHBOT_LATE_REMINDER_MINUTES",
        "5",
        "How long after the start a reminder that was held up is still sent.",
        number(0, 60),
    ),
    Setting(
        "COACHBOT_OVERDUE_AFTER_MINUTES",
        "15",
        "How long after its end a session that is not completed is asked about.",
        number(1, 10_080),
    ),
    Setting(
        "COACHBOT_OVERDUE_TIMES",
        "5",
        "How often somebody is asked about one overdue session, in all.",
        number(1, 20),
    ),
    Setting(
        "COACHBOT_OVERDUE_AT",
        "09:00",
        "When they are asked again, on their own clocks and days of work.",
        time_of_day,
    ),
    Setting(
        "COACHBOT_ESCALATE",
        "yes",
        "Whether somebody above the facilitator hears of it in the end.",
        yes_or_no,
    ),
    Setting(
        "COACHBOT_QUIET_HOURS",
        "20:00-07:00",
        "When what can wait is not said to those who chose nothing else; or never.",
        quiet_hours,
    ),
    Setting("COACHBOT_ATTENDEE_NOTES", "yes", "Whether attendees may add public notes.", yes_or_no),
    Setting("COACHBOT_GUESTS", "no", "Whether Slack’s guests take part like members.", yes_or_no),
    Setting(
        "COACHBOT_HOME_DIVISION",
        "Home",
        "What the division of newcomers is called when it is first made; rename it in Slack.",
        _text,
    ),
    Setting(
        "COACHBOT_MESSAGES_PER_MINUTE",
        "240",
        "How many messages may leave for the workspace each minute; 0 for no limit.",
        number(0, 100_000),
    ),
    Setting(
        "COACHBOT_PEOPLE_SYNC_HOURS",
        "6",
        "How often everybody in the workspace is read anew, beside changes that Slack tells.",
        number(1, 168),
    ),
    Setting(
        "COACHBOT_HEARTBEAT_SECONDS",
        "1",
        "How often the sender looks for what is due, beside being woken.",
        _seconds,
    ),
    Setting(
        "COACHBOT_LEASE_SECONDS",
        "60",
        "How long a sender may take to send what it claimed.",
        number(5, 3600),
    ),
    Setting(
        "COACHBOT_API_HOST",
        "127.0.0.1",
        "The address on which the REST API, health and metrics listen.",
        _text,
    ),
    Setting(
        "COACHBOT_API_PORT",
        "8081",
        "The port of the REST API; 0: `coachbot run` serves none.",
        number(0, 65_535),
    ),
    Setting(
        "COACHBOT_API_URL",
        "",
        "Where the REST API is reached from outside, for page addresses.",
        _optional_address,
    ),
    Setting(
        "COACHBOT_API_REQUESTS_PER_MINUTE",
        "300",
        "How many requests each API client may make in a minute; 0 for no limit.",
        number(0, 1_000_000),
    ),
    Setting(
        "COACHBOT_TRUSTED_PROXIES",
        "",
        "Addresses or networks of proxies in front, comma-separated, whose X-Forwarded-For is "
        "believed; without them, nobody’s is.",
        _networks,
    ),
    Setting(
        "COACHBOT_HEALTH_PORT",
        "8082",
        "The port of health and metrics where the REST API is not served; 0 for none.",
        number(0, 65_535),
    ),
    Setting(
        "COACHBOT_DEAD_AFTER_SECONDS",
        "60",
        "After so long without a sign of life of the sender the process ends; 0 for never.",
        number(0, 86_400),
    ),
    Setting(
        "COACHBOT_DEAF_AFTER_SECONDS",
        "180",
        "After so long without Slack’s socket, though Slack answers, it is made anew; after twice "
        "as long the process ends; 0 for never.",
        number(0, 86_400),
    ),
    Setting("COACHBOT_THREADS", "8", "How many use cases run at once.", number(1, 200)),
    Setting("COACHBOT_LOG_LEVEL", "INFO", "How much is logged: DEBUG to ERROR.", _log_level),
    Setting(
        "COACHBOT_LOG_FORMAT", "text", "How it is logged: text or json.", _one_of("text", "json")
    ),
)
