"""What a request wrote: the rows that came and went, with every id said in words."""

import re
from collections import Counter
from typing import Final

from sqlalchemy import Integer, RowMapping, Table, select

from storage import models, program_models
from storage.base import Base
from storage.transaction import Transaction

Row = tuple[str, str]
"""A table, and a row of it in words."""

THE_DOOR: Final = frozenset({"clients", "tokens", "drafts", "acts"})
"""How a program comes in and what a form holds half typed; what is then done stands elsewhere."""
DOORS_OWN: Final = {
    "audit": frozenset({"source"}),
    "deliveries": frozenset({"mark"}),
    "submissions": frozenset({"token", "request"}),
}
"""Columns that say through which door something came, or that are drawn by lot; a form has a token
of its own."""
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Rows:
    """All rows of a database at one moment."""

    def __init__(self, tx: Transaction) -> None:
        self.sources = Counter(tx.session.scalars(select(models.AuditEntry.source)))
        self._names = _names(tx)
        self.found = Counter(
            (table.name, self._said(table, row._mapping))
            for table in Base.metadata.sorted_tables
            if table.name not in THE_DOOR
            for row in tx.session.execute(select(table))
        )

    @staticmethod
    def ids_of_appointments(tx: Transaction) -> dict[str, str]:
        """Find every session by its name, deleted ones too."""
        kind = models.Appointment
        return {name: id_ for id_, name in tx.session.execute(select(kind.id, kind.name))}

    def _said(self, table: Table, row: RowMapping) -> str:
        """Say a row in words; its running number and its front end are left out."""
        numbers = {each.name for each in table.primary_key if isinstance(each.type, Integer)}
        left_out = numbers | (DOORS_OWN.get(table.name, frozenset()))
        said = ", ".join(f"{name}={row[name]!s}" for name in row if name not in left_out)
        return UUID.sub(lambda found: f"<{self._names[found[0]]}>", said)


def written(before: Rows, after: Rows) -> tuple[Counter[Row], Counter[Row]]:
    """Give the rows that went and the rows that came."""
    return before.found - after.found, after.found - before.found


def _names(tx: Transaction) -> dict[str, str]:
    """Find words for every id; a session, an entry or a note is known by what stands in it."""
    names: dict[str, str] = {}
    for named in (models.Division, models.Person, models.Appointment, program_models.Client):
        for id_, name in tx.session.execute(select(named.id, named.name)):
            names[id_] = f"{named.__name__} {name}"
    note, entry = models.Annotation, models.Notification
    for id_, text in tx.session.execute(select(note.id, note.text)):
        names[id_] = f"Note {text}"
    about = select(entry.id, entry.person_id, entry.appointment_id, entry.action_type)
    for id_, person, appointment, kind in tx.session.execute(about):
        names[id_] = f"{kind.value} of {names[appointment]} for {names[person]}"
    return names
