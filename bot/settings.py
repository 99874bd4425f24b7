"""The settings: read once from the environment, checked together, passed by hand."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import time, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from bot.coaching import Lead, Policy, QuietHours, Retention
from bot.environment import SETTINGS
from bot.loopback import is_loopback
from bot.secret_files import read_secret_files

PREFIX = "COACHBOT_"
NEEDED: Mapping[str, tuple[str, str]] = {
    "socket": ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"),
    "http": ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
}
"""What `coachbot run` cannot do without in each mode; everything else has a default."""


class SettingsError(Exception):
    """Something in the environment must be corrected; each line says what."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that an installation decides. Secrets are left out of its printed form."""

    database_url: str = field(repr=False)
    slack_bot_token: str = field(repr=False)
    slack_app_token: str = field(repr=False)
    slack_signing_secret: str = field(repr=False)
    slack_mode: str
    slack_api_url: str
    slack_allow_http: bool
    max_length_minutes: int
    horizon_days: int
    inbox_days: int
    keep_deliveries_days: int
    keep_audit_days: int
    reminder_leads: tuple[Lead, ...]
    late_reminder_minutes: int
    overdue_after_minutes: int
    overdue_times: int
    overdue_at: time
    escalate: bool
    quiet_hours: QuietHours | None
    attendee_notes: bool
    guests: bool
    home_division: str
    messages_per_minute: int
    people_sync_hours: int
    heartbeat_seconds: float
    lease_seconds: int
    api_host: str
    api_port: int
    api_url: str
    api_requests_per_minute: int
    trusted_proxies: tuple[str, ...]
    health_port: int
    dead_after_seconds: int
    deaf_after_seconds: int
    threads: int
    log_level: str
    log_format: str

    @property
    def retention(self) -> Retention:
        """How long what is over is kept."""
        return Retention(
            deliveries=timedelta(days=self.keep_deliveries_days),
            audit=timedelta(days=self.keep_audit_days) if self.keep_audit_days else None,
        )

    @property
    def policy(self) -> Policy:
        """The decisions among the settings, as the use cases take them."""
        return Policy(
            max_length_minutes=self.max_length_minutes,
            horizon_days=self.horizon_days,
            inbox_days=self.inbox_days,
            leads=self.reminder_leads,
            late_reminder=timedelta(minutes=self.late_reminder_minutes),
            overdue_after=timedelta(minutes=self.overdue_after_minutes),
            overdue_times=self.overdue_times,
            overdue_at=self.overdue_at,
            escalate=self.escalate,
            quiet_hours=self.quiet_hours,
            attendees_may_note=self.attendee_notes,
            guests_take_part=self.guests,
            home_division=self.home_division,
        )


def read_settings(
    environment: Mapping[str, str], places: Mapping[str, str] = MappingProxyType({})
) -> Settings:
    """Read and check all settings. Raises SettingsError, which names every fault at once.

    What is empty is taken as not given. `places` says where names stand that came from a file.
    """
    secrets, faults = read_secret_files(environment)
    faults += [_unknown(name) for name in sorted(environment) if _is_unknown(name)]
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        given = secrets.get(setting.name) or environment.get(setting.name, "").strip()
        try:
            values[_field(setting.name)] = setting.read(given or setting.default)
        except ValueError as error:
            faults.append(f"{setting.name} {error}")
    faults += _at_odds(values)
    if faults:
        raise SettingsError([_placed(each, places) for each in faults])
    return Settings(**{each.name: values[each.name] for each in fields(Settings)})


def missing_for_run(settings: Settings) -> list[str]:
    """Name the settings that `coachbot run` needs in this mode, and that are not set."""
    return [name for name in NEEDED[settings.slack_mode] if not getattr(settings, _field(name))]


def _placed(fault: str, places: Mapping[str, str]) -> str:
    """Say where a fault stands, if its name was read from a file."""
    place = places.get(fault.split(" ", 1)[0])
    return f"{place}: {fault}" if place else fault


def _at_odds(values: Mapping[str, Any]) -> list[str]:
    """Say which settings do not go together."""
    by_http = values.get("slack_mode") == "http"
    dead_after, beat = values.get("dead_after_seconds", 0), values.get("heartbeat_seconds", 0)
    faults = []
    if by_http and not values.get("api_port", 1):
        faults.append("COACHBOT_API_PORT must not be 0 where COACHBOT_SLACK_MODE is http")
    if not values.get("slack_allow_http", True) and _is_readable(values.get("slack_api_url", "")):
        faults.append(
            "SLACK_API_URL must begin with https://, or tokens can be read on the way; "
            "COACHBOT_SLACK_ALLOW_HTTP=yes allows http"
        )
    if 0 < dead_after < 2 * beat:
        faults.append("COACHBOT_HEARTBEAT_SECONDS must fit twice into COACHBOT_DEAD_AFTER_SECONDS")
    return faults


def _is_readable(address: str) -> bool:
    """Answer whether others can read what is said on the way to an address."""
    parts = urlsplit(address)
    return parts.scheme == "http" and not is_loopback(parts.hostname)


def _field(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _is_unknown(name: str) -> bool:
    return name.startswith(PREFIX) and name not in set(_known())


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, list(_known()), n=1)
    return f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else ".")


def _known() -> Iterator[str]:
    for each in SETTINGS:
        yield each.name
        if each.is_secret:
            yield each.file_name
