"""The audit trail: every write says who, what, when, before, after, and through which front end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.coaching.ground.errors import Denied
from bot.coaching.ground.values import Caller
from storage.models import AuditEntry
from storage.records import Appointment
from storage.transaction import Transaction
from storage.types import Source

SYSTEM: Final = Caller("", Source.SYSTEM)
"""Whoever acts when no person does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done to what."""

    action: str
    entity: str
    entity_id: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def ensure_writes(caller: Caller) -> None:
    """Refuse whoever reads only. Raises Denied."""
    if caller.reads_only:
        raise Denied("This access token can read, but change nothing.", code="missing.permissions")


def record(tx: Transaction, caller: Caller, at: datetime, deed: Deed) -> None:
    """Write one entry of the trail. Raises Denied where the caller reads only."""
    ensure_writes(caller)
    tx.audit.add(
        AuditEntry(
            at=at,
            source=caller.source,
            actor_id=caller.person_id or None,
            action=deed.action,
            entity=deed.entity,
            entity_id=deed.entity_id,
            before=_plain(deed.before),
            after=_plain(deed.after),
        )
    )


def facts(appointment: Appointment) -> dict[str, Any]:
    """What the trail keeps of a session."""
    return {
        "name": appointment.name,
        "description": appointment.description,
        "starts_at": appointment.starts_at,
        "length_minutes": appointment.length_minutes,
        "status": appointment.status,
        "facilitator_id": appointment.facilitator_id,
        "attendee_ids": list(appointment.attendee_ids),
        "location": appointment.location,
        "share_insights_data": appointment.share_insights_data,
        "wfm_schedule": appointment.wfm_schedule,
        "conversation_ids": list(appointment.conversation_ids),
        "document_ids": list(appointment.document_ids),
        "external_links": list(appointment.external_links),
        "file_ids": [each.file_id for each in appointment.files],
    }


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep what differs between two states, as it was and as it is."""
    changed = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in changed}, {key: after[key] for key in changed}


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in values.items()
    }
