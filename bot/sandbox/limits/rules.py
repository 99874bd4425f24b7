"""The small rules from which the shapes of blocks and elements are made."""

import re
from collections.abc import Callable

from bot.sandbox.limits.spots import Rule, Spot, check_shape, field_of
from bot.sandbox.shapes import Json

PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


def check_length(spot: Spot, value: str, *, least: int, most: int) -> None:
    """Refuse what is too short or too long, in Slack's words."""
    if len(value) < least:
        spot.refuse(f"must be more than {least - 1} characters")
    if len(value) > most:
        spot.refuse(f"must be less than {most + 1} characters")


def string(name: str, most: int, *, least: int = 0, required: bool = False) -> Rule:
    """A string of so many characters."""

    def check(spot: Spot, thing: Json) -> None:
        value = field_of(spot, thing, name, required=required)
        if value is None:
            return
        if not isinstance(value, str):
            spot.at(name).refuse("must be a string")
            return
        check_length(spot.at(name), value, least=least, most=most)

    return Rule((name,), check)


def web_address(name: str, most: int, *, required: bool = False) -> Rule:
    """An address of the web, or one that a phone or mail program opens."""

    def check(spot: Spot, thing: Json) -> None:
        string(name, most, least=1, required=required).check(spot, thing)
        value = thing.get(name)
        if isinstance(value, str) and value and not re.match(r"(https?://|mailto:|tel:)\S", value):
            spot.at(name).refuse("must be a valid URL")

    return Rule((name,), check)


def check_text(spot: Spot, value: object, *, most: int, kinds: tuple[str, ...] = PLAIN) -> None:
    """Hold a text object to its kind and length."""
    if not isinstance(value, dict):
        spot.refuse("must provide an object")
        return
    kind = value.get("type")
    if kind not in kinds:
        spot.refuse(f"unsupported type: {kind}" if kind else "missing required field: type")
        return
    only_one = flag("emoji") if kind == "plain_text" else flag("verbatim")
    check_shape(spot, value, (string("text", most, least=1, required=True), only_one))


def text(name: str, most: int, *, kinds: tuple[str, ...] = PLAIN, required: bool = False) -> Rule:
    """A text object of so many characters."""

    def check(spot: Spot, thing: Json) -> None:
        value = field_of(spot, thing, name, required=required)
        if value is not None:
            check_text(spot.at(name), value, most=most, kinds=kinds)

    return Rule((name,), check)


def flag(name: str) -> Rule:
    """True or false."""

    def check(spot: Spot, thing: Json) -> None:
        value = thing.get(name)
        if value is not None and not isinstance(value, bool):
            spot.at(name).refuse("must be a boolean")

    return Rule((name,), check)


def one_of(name: str, *choices: str) -> Rule:
    """One word out of a few."""

    def check(spot: Spot, thing: Json) -> None:
        value = thing.get(name)
        if value is not None and value not in choices:
            spot.at(name).refuse(f"must be a valid enum value: {', '.join(choices)}")

    return Rule((name,), check)


def whole(name: str, least: int, most: int) -> Rule:
    """A whole number within bounds."""

    def check(spot: Spot, thing: Json) -> None:
        value = thing.get(name)
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int):
            spot.at(name).refuse("must be an integer")
        elif not least <= value <= most:
            spot.at(name).refuse(f"must be between {least} and {most}")

    return Rule((name,), check)


def valid(name: str, is_valid: Callable[[object], bool], sentence: str) -> Rule:
    """Anything for which a question is answered with yes."""

    def check(spot: Spot, thing: Json) -> None:
        value = thing.get(name)
        if value is not None and not is_valid(value):
            spot.at(name).refuse(sentence)

    return Rule((name,), check)


def anything(*names: str) -> Rule:
    """Fields that are allowed and not looked into."""
    return Rule(names, lambda _spot, _thing: None)
