"""What Slack would refuse, as pure functions over parsed JSON."""

from bot.sandbox.limits.blocks import Surface
from bot.sandbox.limits.options import find_option_faults, offered_options
from bot.sandbox.limits.payloads import (
    find_faults,
    find_view_faults,
    is_message_too_long,
    is_view_too_large,
)
from bot.sandbox.limits.walks import count_characters, elements_of, words_of

__all__ = [
    "Surface",
    "count_characters",
    "elements_of",
    "find_faults",
    "find_option_faults",
    "find_view_faults",
    "is_message_too_long",
    "is_view_too_large",
    "offered_options",
    "words_of",
]
