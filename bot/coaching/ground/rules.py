"""What a session must be like (contract, section 5): pure functions of plain values."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.coaching.ground.errors import Invalid
from bot.coaching.policy.policies import Policy
from bot.coaching.times.typed_request import LONGEST_REQUEST, TOO_LONG
from storage.records import AttachedFile

MAX_ID_LENGTH = 255
MAX_LINK_LENGTH = 2000
MAX_FILE_ID_LENGTH = 64
MAX_FILE_NAME_LENGTH = 255
LONGEST_DRAFT = 10_000
MOST_DRAFTED = 1_000
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ANY_ID = re.compile(UUID, re.IGNORECASE)
CONVERSATION_ID = re.compile(
    rf"(?:interactions?/|conversations?/|conversationId=)({UUID})", re.IGNORECASE
)


def floor_to_minute(moment: datetime) -> datetime:
    """Give the moment in UTC without seconds, as every start is stored (contract, section 2)."""
    with suppress(OverflowError):  # at the very ends of the calendar, where no session can be
        moment = moment.astimezone(UTC)
    return moment.replace(second=0, microsecond=0)


def overlaps(a: tuple[datetime, datetime], b: tuple[datetime, datetime]) -> bool:
    """Answer whether two half-open spans share a moment; back to back they do not (5.3)."""
    return a[0] < b[1] and b[0] < a[1]


def ensure_readable(text: str) -> None:
    """Refuse what is longer than anybody types, before anything is looked for in it.

    Raises Invalid.
    """
    if len(text) > LONGEST_REQUEST:
        raise Invalid(TOO_LONG)


def ensure_name(name: str, policy: Policy) -> str:
    """Give the name without blanks around it. Raises Invalid when empty or too long."""
    return _text(name, "name", "Please give the session a name.", policy.max_name_length)


def ensure_description(description: str, policy: Policy) -> str:
    """Give the description without blanks around it. Raises Invalid when empty or too long."""
    missing = "Please say in a few words what the session is about."
    return _text(description, "description", missing, policy.max_description_length)


def ensure_location(location: str | None, policy: Policy) -> str | None:
    """Give the location, None for an empty one. Raises Invalid when too long."""
    if location is None or not location.strip():
        return None
    missing = "Please say where in words, or leave this empty."
    return _text(location, "location", missing, policy.max_location_length)


def _text(text: str, field: str, missing: str, limit: int) -> str:
    trimmed = text.strip()
    if trimmed and not _is_storable(trimmed):
        raise Invalid(
            "This text has a character that can’t be stored. Please type it again.",
            code="constraint.validation",
            field=field,
        )
    if not any(each.isprintable() and not each.isspace() for each in trimmed):
        raise Invalid(missing, code="constraint.validation", field=field)
    if len(trimmed) > limit:
        raise Invalid(
            f"Please use at most {limit:,} characters; this has {len(trimmed):,}.",
            code="constraint.validation",
            field=field,
        )
    return trimmed


def _is_storable(text: str) -> bool:
    return not any(each == "\x00" or "\ud800" <= each <= "\udfff" for each in text)


def ensure_length(minutes: int, policy: Policy) -> int:
    """Refuse a length outside 1 to the policy's most, in minutes (5.1). Raises Invalid."""
    if not 1 <= minutes <= policy.max_length_minutes:
        raise Invalid(
            f"Please pick a length from 1 to {policy.max_length_minutes} minutes.",
            code="constraint.validation",
            field="length_minutes",
        )
    return minutes


def ensure_start(starts_at: datetime, now: datetime, policy: Policy) -> datetime:
    """Give the start floored to the minute; refuse the past and the far future (5.2).

    Raises Invalid.
    """
    start = floor_to_minute(starts_at)
    if start <= now:
        raise Invalid(
            "That time has passed. Please pick one in the future.",
            code="invalid.date",
            field="starts_at",
        )
    if start > now + timedelta(days=policy.horizon_days):
        raise Invalid(
            f"Please pick a time within the next {_span(policy.horizon_days)}.",
            code="invalid.date",
            field="starts_at",
        )
    return start


def _span(days: int) -> str:
    return f"{days // 7} weeks" if days % 7 == 0 and days > 7 else f"{days} days"


def ensure_distinct(
    facilitator_id: str | None, attendee_ids: Sequence[str], policy: Policy
) -> None:
    """Refuse no attendees, too many, or somebody who takes part twice (5.3). Raises Invalid."""
    if not attendee_ids:
        raise Invalid("Please pick at least one person to coach.", field="attendee_ids")
    if len(attendee_ids) > policy.max_attendees:
        raise Invalid(f"Please pick at most {policy.max_attendees} people.", field="attendee_ids")
    if len(set(attendee_ids)) < len(attendee_ids):
        raise Invalid(
            "Somebody is named twice. Please pick each person once.", field="attendee_ids"
        )
    if facilitator_id in attendee_ids:
        raise Invalid(
            "The facilitator can’t also be coached in the same session. "
            "Please pick somebody else for one of the two.",
            field="facilitator_id",
        )


def ensure_links(urls: Sequence[str], policy: Policy) -> tuple[str, ...]:
    """Give the links trimmed; refuse any that is not https (section 8). Raises Invalid."""
    _ensure_few(urls, "external_links", policy)
    return tuple(dict.fromkeys(_link(each) for each in urls))


def _link(url: str) -> str:
    trimmed = url.strip()
    if len(trimmed) > MAX_LINK_LENGTH or not _is_https(trimmed):
        raise Invalid(
            "Please use a full link that starts with https://",
            code="invalid.value",
            field="external_links",
        )
    return trimmed


def _is_https(url: str) -> bool:
    """Answer whether the address is one that leads where a reader would think it does."""
    if not url.isprintable() or any(each in ' <>"|\\' for each in url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(host) and "@" not in parts.netloc


def ensure_ids(ids: Sequence[str], field: str, policy: Policy) -> tuple[str, ...]:
    """Give ids of attached things, each once. Raises Invalid for one that cannot be an id."""
    _ensure_few(ids, field, policy)
    trimmed = tuple(dict.fromkeys(each.strip() for each in ids))
    if not all(_is_id(each) for each in trimmed):
        raise Invalid(
            "One of the attached ids can’t be right. Please check it.",
            code="invalid.value",
            field=field,
        )
    return trimmed


def ensure_conversations(values: Sequence[str], policy: Policy) -> tuple[str, ...]:
    """Give interaction ids; of a full URL the id is taken (section 8). Raises Invalid."""
    ids = [_conversation_id(each.strip()) for each in values]
    return ensure_ids(ids, "conversation_ids", policy)


def _conversation_id(value: str) -> str:
    """Take the id from an address: the one that is named as an interaction's, else the last."""
    if "/" not in value:
        return value
    found = CONVERSATION_ID.findall(value) or ANY_ID.findall(value)
    return found[-1].lower() if found else ""


def ensure_files(files: Sequence[AttachedFile], policy: Policy) -> tuple[AttachedFile, ...]:
    """Give attached files, each once; refuse one that leads nowhere (section 8). Raises Invalid."""
    _ensure_few(files, "files", policy)
    found = tuple({each.file_id: each for each in files}.values())
    if not all(_is_file(each) for each in found):
        raise Invalid(
            "One of the files can’t be attached. Please upload it again.",
            code="invalid.value",
            field="files",
        )
    return found


def ensure_wfm_schedule(schedule: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give the schedule as it came; refuse ids and addresses that can’t be any. Raises Invalid."""
    if schedule is not None and not all(_fits(name, each) for name, each in schedule.items()):
        raise Invalid(
            f"An id in this has at most {MAX_ID_LENGTH} characters, and an address "
            f"{MAX_LINK_LENGTH:,}.",
            code="constraint.validation",
            field="wfm_schedule",
        )
    return schedule


def _fits(name: str, value: Any) -> bool:
    if isinstance(value, dict):
        return all(_fits(*each) for each in value.items())
    limit = MAX_LINK_LENGTH if name.lower().endswith("uri") else MAX_ID_LENGTH
    return isinstance(value, str) and len(value) <= limit and _is_storable(value)


def ensure_draft(values: Mapping[str, object]) -> None:
    """Refuse what is longer than anybody types, before it is checked or kept. Raises Invalid."""
    for name, value in values.items():
        parts = value if isinstance(value, tuple) else (value,)
        said = "" if len(parts) <= MOST_DRAFTED else f"Please name at most {MOST_DRAFTED:,}."
        if not said and any(len(str(each)) > LONGEST_DRAFT for each in parts):
            said = f"Please use at most {LONGEST_DRAFT:,} characters."
        if said:
            raise Invalid(said, code="constraint.validation", field=name)


def _is_file(file: AttachedFile) -> bool:
    is_short = len(file.file_id) <= MAX_FILE_ID_LENGTH and len(file.name) <= MAX_FILE_NAME_LENGTH
    is_link = len(file.permalink) <= MAX_LINK_LENGTH and _is_https(file.permalink)
    return is_short and is_link and _is_id(file.file_id) and _is_storable(file.name)


def _is_id(text: str) -> bool:
    return bool(text) and len(text) <= MAX_ID_LENGTH and text.isprintable()


def _ensure_few(items: Sequence[object], field: str, policy: Policy) -> None:
    if len(items) > policy.max_attachments:
        raise Invalid(
            f"Please attach at most {policy.max_attachments} things of one kind.",
            code="constraint.validation",
            field=field,
        )
