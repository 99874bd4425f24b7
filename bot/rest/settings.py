"""What an installation decides about its REST API."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSettings:
    """The limits of the API, and where the world finds it."""

    rate_per_minute: int = 300
    """How many requests each client may make in a minute; 0 for no limit."""
    token_tries_per_minute: int = 30
    """How often in a minute a token may be asked for, from each address and by each client."""
    max_body_bytes: int = 1024 * 1024
    public_url: str | None = None
    """Where the API is reached from outside, for page addresses; None: wherever it was asked."""
