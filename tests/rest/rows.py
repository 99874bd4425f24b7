"""Looking at everything that is stored, to see that nothing has changed."""

from typing import Final

from sqlalchemy import select

from storage.base import Base
from storage.transaction import Store

OURS: Final = frozenset({"clients", "tokens"})
"""What the API itself writes in passing: when a client was last used."""


def rows_of(store: Store) -> dict[str, list[str]]:
    """Give every row of every table, as text."""
    with store.read() as tx:
        return {
            table.name: sorted(repr(tuple(row)) for row in tx.session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in OURS
        }
