"""Of which workspace a request of Slack's is; one of another workspace than ours is not heard.

One signing secret serves an app wherever it is installed, so that a signature alone does not say
that a request is about our workspace.
"""

from collections.abc import Iterator
from typing import Any

from slack_bolt.authorization import AuthorizeResult


def is_ours(body: object, installation: AuthorizeResult) -> bool:
    """Answer whether a request comes by our own installation, or says nothing of where it is from.

    In a conversation that is shared with another organisation an event may have happened in
    theirs; it is ours where our installation is among those that it is brought to.
    """
    if not isinstance(body, dict):
        return True
    named = set(_named(body))
    ours = {installation.team_id, installation.enterprise_id} - {None, ""}
    return not named or not ours or bool(named & ours)


def _named(body: dict[str, Any]) -> Iterator[str]:
    places = body.get("authorizations")
    for each in (body, *(places if isinstance(places, list) else ())):
        if isinstance(each, dict):
            yield from _ids(each)


def _ids(place: dict[str, Any]) -> Iterator[str]:
    whole = (place.get(name) for name in ("team_id", "context_team_id", "enterprise_id"))
    parts = (place.get(name) for name in ("team", "enterprise"))
    inside = (each.get("id") for each in parts if isinstance(each, dict))
    yield from (each for each in (*whole, *inside) if isinstance(each, str) and each)
