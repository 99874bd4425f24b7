"""Commands that look after the database."""

import argparse

from bot.database import opened_context
from bot.settings import Settings


def upgrade(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the tables to this version."""
    with opened_context(settings, may_upgrade=True):
        print("The database is up to date.")
    return 0
