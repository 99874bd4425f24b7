"""Commands that look after the database."""

import argparse

from bot import coaching
from bot.database import opened_context
from bot.settings import Settings


def upgrade(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the tables to this version."""
    with opened_context(settings, may_upgrade=True):
        print("The database is up to date.")
    return 0


def restored(settings: Settings, _options: argparse.Namespace) -> int:
    """Say that the database was set back to an earlier moment."""
    with opened_context(settings) as context:
        coaching.doubt_database(context)
        print("What is due is looked for in Slack before it is sent.")
    return 0
