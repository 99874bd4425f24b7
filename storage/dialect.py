"""What the databases say differently: clocks, spans of time and the latest of moments."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, literal, literal_column, type_coerce
from sqlalchemy.sql import ColumnElement

from storage.types import Instant, Span


@dataclass(frozen=True, slots=True)
class Dialect:
    """SQL expressions that differ from one kind of database to the other."""

    is_sqlite: bool

    def now(self) -> ColumnElement[Any]:
        """The database's own clock, as an SQL expression."""
        if self.is_sqlite:
            return literal_column(
                "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000", Instant()
            )
        return func.clock_timestamp(type_=Instant())

    def later(self, span: timedelta | ColumnElement[Any]) -> ColumnElement[Any]:
        """The database's clock moved forward by a span, as an SQL expression."""
        return self.plus(self.now(), span)

    def plus(
        self, moment: ColumnElement[Any], span: timedelta | ColumnElement[Any]
    ) -> ColumnElement[Any]:
        """A moment moved forward by a span, as an SQL expression."""
        given = literal(span, Span()) if isinstance(span, timedelta) else span
        return type_coerce(moment.op("+")(given), Instant())

    def latest(self, *moments: Any) -> ColumnElement[Any]:
        """The latest of several moments, as an SQL expression."""
        greatest = func.max if self.is_sqlite else func.greatest
        return greatest(*moments, type_=Instant())

    def earliest(self, *moments: Any) -> ColumnElement[Any]:
        """The earliest of several moments, as an SQL expression."""
        least = func.min if self.is_sqlite else func.least
        return least(*moments, type_=Instant())

    def elements(self, given: ColumnElement[Any]) -> Any:
        """The elements of a JSON array, each as `value` in a row of its own."""
        spread = func.json_each if self.is_sqlite else func.json_array_elements
        return spread(given).table_valued("value")
