"""The shape in which Slack, the bot and the page speak to each other: parsed JSON."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
