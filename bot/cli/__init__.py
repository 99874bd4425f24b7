"""The command line: it only translates. Each command is imported when it is used."""

from bot.cli.main import main

__all__ = ["main"]
