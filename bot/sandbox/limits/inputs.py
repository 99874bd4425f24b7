"""Elements into which one writes: text, numbers, addresses, dates, times and files."""

import re
from datetime import date, time
from decimal import Decimal, InvalidOperation

from bot.sandbox.limits.options import confirm
from bot.sandbox.limits.rules import anything, flag, one_of, string, text, valid, whole
from bot.sandbox.limits.spots import Rule, Shape, Spot, field_of, list_of
from bot.sandbox.shapes import Json

TEXT_MOST = 3000


def is_date(value: object) -> bool:
    """Whether this is a day that exists, as YYYY-MM-DD."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_time(value: object) -> bool:
    """Whether this is a time of day, as HH:mm."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{2}:\d{2}", value):
        return False
    try:
        time.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_ten_digits(value: object) -> bool:
    """Whether this is an instant in ten-digit seconds."""
    return isinstance(value, int) and not isinstance(value, bool) and 10**9 <= value < 10**10


def is_number(value: object) -> bool:
    """Whether this string says a number."""
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def is_extensions(value: object) -> bool:
    """Whether this lists extensions of file names, without their dots."""
    return isinstance(value, list) and all(
        isinstance(item, str) and re.fullmatch(r"\w+", item) for item in value
    )


def _common() -> Shape:
    return (string("action_id", 255), flag("focus_on_load"))


def _typed() -> Shape:
    return (*_common(), text("placeholder", 150), dispatch_config())


def dispatch_config() -> Rule:
    """When a text field tells the bot what is being typed."""
    name = "dispatch_action_config"

    def check(spot: Spot, thing: Json) -> None:
        value = field_of(spot, thing, name)
        if value is None:
            return
        if not isinstance(value, dict):
            spot.at(name).refuse("must provide an object")
            return
        if value.get("trigger_actions_on") is None:
            return
        words = list_of(spot.at(name), value, "trigger_actions_on", least=1, most=2)
        if not all(word in ("on_enter_pressed", "on_character_entered") for word in words):
            spot.at(name, "trigger_actions_on").refuse("must be a valid enum value")

    return Rule((name,), check)


def plain_text_input() -> Shape:
    """Words, on one line or several."""
    return (
        *_typed(),
        flag("multiline"),
        whole("min_length", 0, TEXT_MOST),
        whole("max_length", 1, TEXT_MOST),
        string("initial_value", TEXT_MOST),
        _lengths_agree(),
    )


def _lengths_agree() -> Rule:
    def check(spot: Spot, thing: Json) -> None:
        least, most, initial = (
            thing.get(name) for name in ("min_length", "max_length", "initial_value")
        )
        if isinstance(least, int) and isinstance(most, int) and least > most:
            spot.at("min_length").refuse("must not be greater than max_length")
        if isinstance(most, int) and isinstance(initial, str) and len(initial) > most:
            spot.at("initial_value").refuse(f"must be less than {most + 1} characters")

    return Rule((), check)


def number_input() -> Shape:
    """A number, whole or decimal."""
    names = ("initial_value", "min_value", "max_value")
    return (
        *_typed(),
        Rule((), lambda spot, it: _require(spot, it, "is_decimal_allowed")),
        flag("is_decimal_allowed"),
        *(valid(name, is_number, "must be a number in a string") for name in names),
    )


def _require(spot: Spot, thing: Json, name: str) -> None:
    field_of(spot, thing, name, required=True)


def email_input() -> Shape:
    """A mail address."""
    return (*_typed(), string("initial_value", TEXT_MOST))


def url_input() -> Shape:
    """A web address."""
    return (*_typed(), string("initial_value", TEXT_MOST))


def rich_text_input() -> Shape:
    """Words with bold, lists and links."""
    return (*_typed(), anything("initial_value"))


def file_input() -> Shape:
    """Files to upload."""
    sentence = "must be an array of extensions"
    return (
        string("action_id", 255),
        valid("filetypes", is_extensions, sentence),
        whole("max_files", 1, 10),
    )


def date_picker() -> Shape:
    """A day."""
    sentence = "must be a date in the format YYYY-MM-DD"
    return (*_pick(), text("placeholder", 150), valid("initial_date", is_date, sentence))


def time_picker() -> Shape:
    """A time of day."""
    sentence = "must be a time in the format HH:mm"
    placeholder = text("placeholder", 150)
    return (
        *_pick(),
        placeholder,
        valid("initial_time", is_time, sentence),
        string("timezone", 255),
        one_of("timezone_display", "short", "long"),
    )


def datetime_picker() -> Shape:
    """A day and a time of day."""
    sentence = "must be a UNIX timestamp of ten digits"
    return (*_pick(), valid("initial_date_time", is_ten_digits, sentence))


def _pick() -> Shape:
    return (*_common(), confirm())
