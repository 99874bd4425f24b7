"""Cells of the file of people that hold several names: how they are read, and how written.

Names are separated by `;`, and one with such a sign in it stands in double quotes. A role may name
the division that it holds in: `Supervisor (Sales)`.
"""

import csv
import io
from collections.abc import Collection, Iterable
from typing import Final

NO_ROLE: Final = "none"
"""Written for somebody who has no role at all; an empty cell leaves roles as they are."""

LONGEST: Final = 600
"""Characters of a role and a division together, either of at most 255."""

GivenRole = tuple[str, str | None]
"""A role, and the one division that it is given in; None: in every division of the row."""


def read_names(cell: str) -> tuple[str, ...]:
    """Read the names in a cell, each of them once."""
    try:
        found = next(csv.reader([cell], delimiter=";", skipinitialspace=True), [])
    except csv.Error:
        found = cell.split(";")
    return tuple(dict.fromkeys(each.strip() for each in found if each.strip()))


def write_names(names: Iterable[str]) -> str:
    """Write names into a cell, so that they are read as they were."""
    cell = io.StringIO()
    csv.writer(cell, delimiter=";", lineterminator="").writerow(names)
    return cell.getvalue()


def read_role(text: str, roles: Collection[str]) -> GivenRole | None:
    """Read a role with the division that it may name; None where there is no such role."""
    if text in roles:
        return text, None
    if len(text) > LONGEST:
        return None
    role, is_split, division = text.removesuffix(")").rpartition(" (")
    while is_split and text.endswith(")"):
        if role in roles and division.strip():
            return role, division
        role, is_split, before = role.rpartition(" (")
        division = f"{before} ({division}"
    return None


def write_role(role: str, division: str) -> str:
    """Write a role with the division that it holds in."""
    return f"{role} ({division})"
