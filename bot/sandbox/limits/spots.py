"""Places in a payload, and the rules that hold there; a fault names its place as Slack does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.sandbox.shapes import Json


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a payload, with the list in which its faults are gathered."""

    pointer: str
    faults: list[str]

    def at(self, *steps: str | int) -> "Spot":
        """Go further into the payload."""
        return Spot("/".join((self.pointer, *map(str, steps))), self.faults)

    def refuse(self, sentence: str) -> None:
        """Note a fault at this place."""
        self.faults.append(f"{sentence} [json-pointer:{self.pointer}]")


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold for some fields of a thing."""

    fields: tuple[str, ...]
    check: Callable[[Spot, Json], None]


Shape = tuple[Rule, ...]


def check_shape(spot: Spot, thing: Json, shape: Shape) -> None:
    """Hold a thing to its rules, and refuse fields that it does not have."""
    known = {"type", *(name for rule in shape for name in rule.fields)}
    for name in thing:
        if name not in known:
            spot.refuse(f"invalid additional property: {name}")
    for rule in shape:
        rule.check(spot, thing)


def field_of(spot: Spot, thing: Json, name: str, *, required: bool = False) -> object | None:
    """Give a field's value; an absent one is a fault where it is required."""
    value: object | None = thing.get(name)
    if value is None and required:
        spot.refuse(f"missing required field: {name}")
    return value


def list_of(spot: Spot, thing: Json, name: str, *, least: int, most: int) -> list[object]:
    """Give the items of a required list, and refuse too few or too many."""
    value = field_of(spot, thing, name, required=True)
    if value is None:
        return []
    if not isinstance(value, list):
        spot.at(name).refuse("must be an array")
        return []
    if len(value) < least:
        spot.at(name).refuse(f"no fewer than {least} items allowed")
    if len(value) > most:
        spot.at(name).refuse(f"no more than {most} items allowed")
    return value


def objects_of(spot: Spot, items: list[object]) -> Iterator[tuple[Spot, Json]]:
    """Go through the items that are objects, and refuse the others."""
    for index, item in enumerate(items):
        if isinstance(item, dict):
            yield spot.at(index), item
        else:
            spot.at(index).refuse("must be an object")
