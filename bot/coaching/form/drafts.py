"""Half-written forms: what was typed, what it began with, and what both come to as things stand.

Two people may have the same session open. A field that somebody did not touch follows the session;
a field that was typed stays as it was typed; of lists, what was added and removed is kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from bot.coaching.form.values import Prefill, Typed, TypedChanges
from bot.coaching.ground.lifecycle import TIME_FIELDS
from bot.coaching.ground.unset import UNSET
from storage.records import Appointment, AttachedFile
from storage.transaction import Transaction
from storage.types import Status

NEW: Final = "new"
LISTS: Final = ("conversation_ids", "document_ids", "external_links", "files")
PLAIN: Final = ("name", "description", "location", "starts_at", "length_minutes")
EDITED: Final = (*PLAIN, *LISTS)
"""What the form can change in a session that is there."""
NOTED: Final = ("note", "note_is_private")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDraft:
    """What somebody typed, beside the session as it was."""

    typed: Typed
    base: Typed
    """What differs from it was typed; it moves up where a change by others was told."""
    opened: Typed
    """The session when the form was begun."""
    revision: int
    """The session's revision when the form was begun; 0 for a new one."""
    began_at: datetime


def begin(
    base: Typed, *, revision: int = 0, now: datetime, submission: str | None = None
) -> FormDraft:
    """Begin a form, with a token of its own where none is given."""
    base = replace(base, submission=submission or str(uuid4()))
    return FormDraft(typed=base, base=base, opened=base, revision=revision, began_at=now)


def prefilled(prefill: Prefill, base: Typed) -> Typed:
    """Lay what is known already over what a form holds."""
    known = {each.name: getattr(prefill, each.name) for each in fields(prefill)}
    return replace(base, **{name: value for name, value in known.items() if value is not None})


def typed_of(appointment: Appointment) -> Typed:
    """Put a session into the form."""
    return Typed(
        facilitator_id=appointment.facilitator_id,
        attendee_ids=appointment.attendee_ids,
        **{name: getattr(appointment, name) for name in EDITED if name != "location"},
        location=appointment.location or "",
    )


def is_same(one: object, other: object) -> bool:
    """Answer whether two values of a field would be stored alike."""
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    return one == other


def differing(one: Typed, other: Typed, names: tuple[str, ...] = EDITED) -> tuple[str, ...]:
    """Name the fields in which two forms differ."""
    return tuple(each for each in names if not is_same(getattr(one, each), getattr(other, each)))


def standing(draft: FormDraft, current: Typed | None) -> Typed:
    """Say what the form holds, beside the session as it is now; None for one that is new."""
    if current is None:
        return draft.typed
    touched = {
        name: getattr(draft.typed, name) for name in differing(draft.typed, draft.base, PLAIN)
    }
    lists: dict[str, Any] = {name: _merged(draft, current, name) for name in LISTS}
    loose = ("week", "submission", *NOTED)
    return replace(
        current, **touched, **lists, **{name: getattr(draft.typed, name) for name in loose}
    )


def _merged(draft: FormDraft, current: Typed, name: str) -> tuple[Any, ...]:
    """Do to a list as it is now what was done to it as it was."""
    typed, base = getattr(draft.typed, name), getattr(draft.base, name)
    there = getattr(current, name)
    kept = (each for each in there if each in typed or each not in base)
    return tuple(dict.fromkeys((*kept, *(each for each in typed if each not in base))))


def edits(draft: FormDraft, current: Typed) -> tuple[str, ...]:
    """Name the fields that saving would write."""
    return differing(standing(draft, current), current)


def collisions(draft: FormDraft, current: Typed) -> tuple[str, ...]:
    """Name the fields that were typed and that somebody else has changed to something else."""
    moved = differing(draft.base, current, PLAIN)
    touched = differing(draft.typed, draft.base, PLAIN)
    return tuple(each for each in edits(draft, current) if each in moved and each in touched)


def moved_up(draft: FormDraft, names: tuple[str, ...], current: Typed) -> FormDraft:
    """Begin some fields anew from what the session is now; what was typed stays."""
    now = {name: getattr(current, name) for name in names}
    return replace(draft, base=replace(draft.base, **now), opened=replace(draft.opened, **now))


def put_back(draft: FormDraft, names: Iterable[str], current: Typed) -> FormDraft:
    """Let fields follow the session again, whatever was typed in them."""
    now = {name: getattr(current, name) for name in names}
    return replace(draft, typed=replace(draft.typed, **now), base=replace(draft.base, **now))


def fixed_in(status: Status) -> frozenset[str]:
    """Name the fields that a status no longer lets anybody change (contract, section 6)."""
    if status is Status.COMPLETED:
        return frozenset(EDITED)
    return TIME_FIELDS if status is Status.IN_PROGRESS else frozenset()


def merge(
    draft: FormDraft, changes: TypedChanges, allowed: frozenset[str], current: Typed | None
) -> FormDraft:
    """Lay what a tab told over what was typed before; what may not be changed is left out.

    Who types what the session is already agrees with it: the field follows the session again.
    """
    told = {
        name: value for name in sorted(allowed) if (value := getattr(changes, name)) is not UNSET
    }
    agreed = {
        name: getattr(current, name)
        for name, value in told.items()
        if name in PLAIN and is_same(value, getattr(current, name, UNSET))
    }
    return replace(draft, typed=replace(draft.typed, **told), base=replace(draft.base, **agreed))


def is_untouched(draft: FormDraft) -> bool:
    """Answer whether nothing was typed that anybody would miss."""
    names = ("facilitator_id", "attendee_ids", *EDITED, "note")
    return not differing(draft.typed, draft.base, names)


def find_draft(tx: Transaction, person_id: str, subject: str) -> FormDraft | None:
    """Read what somebody typed about a subject."""
    found = tx.drafts.get(person_id, subject)
    if found is None:
        return None
    began = found.began_with
    return FormDraft(
        typed=typed_from_json(found.typed),
        base=typed_from_json(began["base"]),
        opened=typed_from_json(began["opened"]),
        revision=began["revision"],
        began_at=datetime.fromisoformat(began["began_at"]),
    )


def keep_draft(
    tx: Transaction, person_id: str, subject: str, draft: FormDraft, now: datetime
) -> None:
    """Write what somebody typed about a subject."""
    began = {
        "base": typed_to_json(draft.base),
        "opened": typed_to_json(draft.opened),
        "revision": draft.revision,
        "began_at": draft.began_at.isoformat(),
    }
    typed = typed_to_json(draft.typed)
    tx.drafts.keep(person_id, subject, typed=typed, began_with=began, now=now)


def typed_to_json(typed: Typed) -> dict[str, Any]:
    """Write what was typed as plain JSON."""
    starts_at = typed.starts_at.isoformat() if typed.starts_at else None
    return asdict(typed) | {"starts_at": starts_at}


def typed_from_json(found: Mapping[str, Any]) -> Typed:
    """Read what was typed; what a form of another release held besides is left out."""
    names = {each.name for each in fields(Typed)}
    values = {name: _read(name, value) for name, value in found.items() if name in names}
    return Typed(**values)


def _read(name: str, value: Any) -> Any:
    if name == "starts_at" and value is not None:
        return datetime.fromisoformat(value)
    if name == "files":
        return tuple(AttachedFile(**each) for each in value)
    return tuple(value) if isinstance(value, list) else value
