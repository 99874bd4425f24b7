"""Telling "leave as it is" apart from "make it empty"."""

import enum
from typing import Final


class Unset(enum.Enum):
    """The type of `UNSET`, so that a type checker can narrow it."""

    UNSET = "unset"

    def __bool__(self) -> bool:
        """Nothing was given."""
        return False


UNSET: Final = Unset.UNSET
"""A change that does not mention a field leaves the field alone."""
