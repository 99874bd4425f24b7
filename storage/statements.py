"""Statements about appointments that are asked again and again: each is built once.

A statement that is built anew costs more than the database needs to answer it.
"""

from dataclasses import fields
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, func, literal_column, select, union_all

from storage import models, records
from storage.filters import Shape, conditions, ordering

PARTS_OF_A_RECORD: Final = (
    *("attendee_ids", "conversation_ids", "document_ids", "external_links"),
    "files",
)
BETWEEN: Final = "\x1f"
"""Stands between the columns of a file, which come as one value like every other part."""
APPOINTMENT: Final[Any] = models.Appointment.__table__
COLUMNS: Final = tuple(
    APPOINTMENT.c[each.name]
    for each in fields(records.Appointment)
    if each.name not in PARTS_OF_A_RECORD
)
IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
BY_IDS: Final = select(*COLUMNS).where(APPOINTMENT.c.id.in_(IDS))


def _part(kind: int, table: Any, value: Any) -> Select[Any]:
    return select(
        literal_column(str(kind)).label("kind"),
        table.c.appointment_id,
        value.label("value"),
        table.c.position,
    ).where(table.c.appointment_id.in_(IDS))


ATTENDEE: Final[Any] = models.Attendee.__table__
CONVERSATION: Final[Any] = models.Conversation.__table__
DOCUMENT: Final[Any] = models.Document.__table__
LINK: Final[Any] = models.ExternalLink.__table__
FILE: Final[Any] = models.AttachedFile.__table__
_PARTS: Final = union_all(
    _part(0, ATTENDEE, ATTENDEE.c.person_id),
    _part(1, CONVERSATION, CONVERSATION.c.conversation_id),
    _part(2, DOCUMENT, DOCUMENT.c.document_id),
    _part(3, LINK, LINK.c.url),
    _part(4, FILE, FILE.c.file_id + BETWEEN + FILE.c.name + BETWEEN + FILE.c.permalink),
).subquery()
PARTS: Final = select(_PARTS.c.kind, _PARTS.c.appointment_id, _PARTS.c.value).order_by(
    _PARTS.c.position
)
"""What is attached to appointments, in one statement: kinds count as in PARTS_OF_A_RECORD."""


TOTAL: Final = func.count().over().label("total")


def counts_while_listing(shape: Shape) -> bool:
    """Answer whether a page and its total are best read in one scan.

    The sessions of named people are few, and costly to test; all sessions are many, and a page of
    them is read without looking at the rest.
    """
    return shape.relationships is not None


@lru_cache(maxsize=500)
def page_statement(shape: Shape) -> Select[Any]:
    """Give the statement that lists a page, each row with the total where that is best."""
    total = (TOTAL,) if counts_while_listing(shape) else ()
    return (
        select(*COLUMNS, *total)
        .where(*conditions(shape))
        .order_by(*ordering(shape))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


@lru_cache(maxsize=500)
def count_statement(shape: Shape) -> Select[Any]:
    """Give the statement that counts every page."""
    return select(func.count()).select_from(APPOINTMENT).where(*conditions(shape))
