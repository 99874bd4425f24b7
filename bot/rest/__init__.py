"""The published REST contract on top of the use cases: it reads, asks one, and renders."""

from bot.rest.app import build_rest
from bot.rest.settings import RestSettings

__all__ = ["RestSettings", "build_rest"]
