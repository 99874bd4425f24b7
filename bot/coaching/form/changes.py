"""What others changed in a session while somebody had its form open, in sentences."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.coaching.form.drafts import differing
from bot.coaching.form.values import Typed
from bot.coaching.reading.cards import name_of
from bot.coaching.times.wording import clocks_of, quoted, say_length, say_when
from storage.records import Person
from storage.transaction import Transaction

TEXTS: Mapping[str, str] = {
    "name": "name",
    "description": "description",
    "location": "location",
}
ATTACHED: Mapping[str, str] = {
    "conversation_ids": "interactions",
    "document_ids": "documents",
    "external_links": "links",
    "files": "files",
}
IN_THE_TRAIL: Final = {"files": "file_ids"}


def changes_between(
    tx: Transaction,
    appointment_id: str,
    states: tuple[Typed, Typed],
    reader: Person,
    now: datetime,
) -> dict[str, str]:
    """Say for each field that differs between two states who changed it, and from what to what."""
    old, new = states
    names = differing(old, new)
    if not names:
        return {}
    actors = _actors(tx, appointment_id, names)
    people = tx.people.many(each for each in actors.values() if each)
    found = {}
    for name in names:
        who = "You" if actors.get(name) == reader.id else name_of(people, actors.get(name))
        found[name] = f"{who} {_deed(name, old, new, reader, now)}."
    return found


def _actors(tx: Transaction, appointment_id: str, names: tuple[str, ...]) -> dict[str, str | None]:
    """Find who changed each field last."""
    found: dict[str, str | None] = {}
    for entry in tx.audit.of("appointment", appointment_id):
        for name in names:
            if IN_THE_TRAIL.get(name, name) in (entry.after or {}):
                found[name] = entry.actor_id
    return found


def _deed(name: str, old: Typed, new: Typed, reader: Person, now: datetime) -> str:
    if name in TEXTS:
        return _rewriting(TEXTS[name], getattr(old, name), getattr(new, name))
    if name in ATTACHED:
        return f"changed which {ATTACHED[name]} are attached"
    if name == "length_minutes":
        lengths = [say_length(each.length_minutes) for each in (old, new)]
        return f"changed the length from {lengths[0]} to {lengths[1]}"
    times = [
        say_when(each.starts_at, clocks_of(reader), now) if each.starts_at else "no time"
        for each in (old, new)
    ]
    return f"moved it from {times[0]} to {times[1]}"


def _rewriting(what: str, old: str, new: str) -> str:
    before, after = (quoted(" ".join(each.split())) for each in (old, new))
    if not old:
        return f"set the {what} to {after}"
    if not new:
        return f"removed the {what} {before}"
    return f"changed the {what} from {before} to {after}"
