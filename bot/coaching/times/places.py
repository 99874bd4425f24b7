"""Which place's clocks a typed time goes by: a zone's full name, a short one, a city, an offset."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from bot.coaching.times.spoken import CLOCK, StrangeWordError, Words

# Last names of zones that mean something else when people say them.
_NOT_CITIES: Final = frozenset("act center christmas easter midway north south west".split())
_CONTINENTS: Final = frozenset(
    "Africa America Asia Atlantic Australia Europe Indian Pacific US".split()
)
# The hours from UTC that each short name stands for, and the place whose clocks use it.
_SHORT: Final = {
    "utc": ((0, "UTC"),),
    "gmt": ((0, "UTC"),),
    "z": ((0, "UTC"),),
    "est": ((-5, "America/New_York"),),
    "edt": ((-4, "America/New_York"),),
    "cst": ((-6, "America/Chicago"), (8, "Asia/Shanghai")),
    "cdt": ((-5, "America/Chicago"),),
    "mst": ((-7, "America/Denver"),),
    "mdt": ((-6, "America/Denver"),),
    "pst": ((-8, "America/Los_Angeles"),),
    "pdt": ((-7, "America/Los_Angeles"),),
    "bst": ((1, "Europe/London"),),
    "cet": ((1, "Europe/Paris"),),
    "cest": ((2, "Europe/Paris"),),
    "ist": ((5.5, "Asia/Kolkata"), (1, "Europe/Dublin"), (2, "Asia/Jerusalem")),
    "aest": ((10, "Australia/Sydney"),),
    "aedt": ((11, "Australia/Sydney"),),
}


@dataclass(frozen=True)
class Place:
    """A zone by name; with the hours from UTC that the short name or offset stands for."""

    zone: str
    hours: float | None = None


def take_zone(words: Words) -> tuple[Place, ...]:
    """Take away a zone: the places that it may be; none if unsaid."""
    named = words.take(r"(?:in )?([a-z]+(?:/[a-z_+-]+)+)(?: time)?(?=$| )")
    if named:
        return _places(named[1])
    # Without a full date, `3:00-4:00` is from three to four.
    utc = "(?:utc|gmt)?" if re.search(r"\d{4}-\d\d-\d\d", words.left) else "(?:utc|gmt)"
    offset = words.take(rf"(?<={CLOCK} ){utc}([+-])(\d{{1,2}}):?(\d\d)?(?=$| )")
    if offset:
        hours = int(offset[2]) + int(offset[3] or 0) / 60
        if hours > 14:
            raise StrangeWordError(f"No clock is {offset[2]} hours from UTC.")
        return (Place("UTC", -hours if offset[1] == "-" else hours),)
    short = words.take(rf"(?<={CLOCK} )({'|'.join(_SHORT)})(?: time)?(?=$| )")
    return tuple(Place(name, hours) for hours, name in _SHORT[short[1]]) if short else ()


def take_city(words: Words) -> tuple[Place, ...]:
    """Take away the city that stands after the time of day: `§ new york`, `§ in london time`."""
    said = words.left.partition(CLOCK)[2].strip()
    city = re.fullmatch(r"(?:in )?(.+?)(?: time)?", said)
    if city is None or city[1] not in _cities():
        return ()
    words.left = words.left.partition(CLOCK)[0]
    return tuple(Place(name) for name in _cities()[city[1]])


def _places(name: str) -> tuple[Place, ...]:
    known = _zones().get(name)
    if known is None:
        raise StrangeWordError(f"I do not know the time zone “{name}”.")
    return (Place(known),)


@cache
def _zones() -> dict[str, str]:
    """Give the zones by their names in one case; asking for them looks through many files."""
    return {each.casefold(): each for each in available_timezones()}


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(available_timezones()):
        continent, _, rest = name.partition("/")
        city = rest.rpartition("/")[2].replace("_", " ").casefold()
        if rest and continent in _CONTINENTS and city not in _NOT_CITIES:
            found[city] = (*found.get(city, ()), name)
    return found
