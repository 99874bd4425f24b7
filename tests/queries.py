"""Counting what the database is asked, so that a test can hold a page to a fixed number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from storage.transaction import Store

NOT_ASKED = ("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")


@dataclass
class Count:
    """The statements that were sent, in order; what opens and ends a transaction is left out."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counting(store: Store) -> Iterator[Count]:
    """Count the statements that are sent to a store's database inside the block."""
    count = Count()

    def sent(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_ASKED):
            count.statements.append(statement)

    event.listen(store.database.engine, "before_cursor_execute", sent)
    try:
        yield count
    finally:
        event.remove(store.database.engine, "before_cursor_execute", sent)
