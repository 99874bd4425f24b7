"""Where a picture comes from: an address of the web, or a file of the workspace; never both."""

from bot.sandbox.limits.rules import web_address
from bot.sandbox.limits.spots import Rule, Shape, Spot
from bot.sandbox.shapes import Json


def picture_source() -> Shape:
    """An `image_url` or a `slack_file`."""
    return (
        web_address("image_url", 3000),
        Rule(("slack_file",), _check_file),
        Rule((), _check_one_source),
    )


def _check_one_source(spot: Spot, thing: Json) -> None:
    given = [name for name in ("image_url", "slack_file") if thing.get(name) is not None]
    if not given:
        spot.refuse("missing required field: image_url")
    if len(given) > 1:
        spot.refuse("only one of image_url and slack_file is allowed")


def _check_file(spot: Spot, thing: Json) -> None:
    named = thing.get("slack_file")
    if named is None:
        return
    place = spot.at("slack_file")
    if not isinstance(named, dict):
        place.refuse("must provide an object")
        return
    for name in named:
        if name not in ("id", "url"):
            place.refuse(f"invalid additional property: {name}")
    given = [name for name in ("id", "url") if isinstance(named.get(name), str) and named[name]]
    if len(given) != 1:
        place.refuse("exactly one of id and url is required")
