"""How an error on our own side is written into a promise's row, and found in the log again."""

from typing import Final

OWN_ERROR: Final = "own_error"
"""The reason of a promise that was not kept because our own code failed."""


def reference_of(delivery_id: int) -> str:
    """Name a promise as the log does: every line that is written on its behalf carries this."""
    return f"delivery-{delivery_id}"
