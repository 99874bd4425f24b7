"""Menus of what grows with the organization: offered whole while Slack has room, else searched."""

from collections.abc import Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import (
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    Option,
    OptionGroup,
    StaticMultiSelectElement,
    StaticSelectElement,
)

from bot.slack.blocks import kit
from bot.slack.blocks.words import clip, isolated

MOST: Final = 100
"""As many options as Slack shows in one menu."""


def option(name: str, value: str) -> Option:
    """Offer something by its name."""
    return Option(text=kit.plain(isolated(clip(name, 70)), 75), value=value)


def one_of(
    action_id: str, named: Mapping[str, str], value: str | None, *, placeholder: str | None = None
) -> StaticSelectElement | ExternalDataSelectElement:
    """Let one of these be picked: names by value, and the value that is picked already.

    Where they are too many, whoever registers for the action looks them up while somebody types.
    """
    words = kit.plain(placeholder) if placeholder else None
    chosen = option(named[value], value) if value is not None and value in named else None
    if len(named) > MOST:
        return ExternalDataSelectElement(
            action_id=action_id, initial_option=chosen, min_query_length=0, placeholder=words
        )
    return StaticSelectElement(
        action_id=action_id,
        options=[option(name, each) for each, name in named.items()],
        initial_option=chosen,
        placeholder=words,
    )


def grouped(
    action_id: str,
    groups: Sequence[tuple[str, Sequence[Option]]],
    chosen: Sequence[Option],
    *,
    placeholder: str,
) -> StaticMultiSelectElement:
    """Let several of what stands in groups be picked; at most `MOST` stand there in all."""
    shown = [
        OptionGroup(label=kit.plain(isolated(clip(name, 70)), 75), options=list(options))
        for name, options in groups
    ]
    return StaticMultiSelectElement(
        action_id=action_id,
        option_groups=shown,
        initial_options=list(chosen) or None,
        placeholder=kit.plain(placeholder),
    )


def searched(
    action_id: str, chosen: Sequence[Option], *, placeholder: str
) -> ExternalDataMultiSelectElement:
    """Let several be picked of what whoever registers for the action looks up."""
    return ExternalDataMultiSelectElement(
        action_id=action_id,
        initial_options=list(chosen) or None,
        min_query_length=0,
        placeholder=kit.plain(placeholder),
    )
