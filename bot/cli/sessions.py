"""Commands about one session."""

import argparse

from bot import coaching
from bot.cli.running import OPERATOR
from bot.database import opened_context
from bot.settings import Settings


def explain(settings: Settings, options: argparse.Namespace) -> int:
    """Say what was or will be sent about a session, to whom, when, and why not."""
    with opened_context(settings) as context:
        page = coaching.why(context, OPERATOR, options.session)
    print(f"{page.name}, {page.when} (all times in UTC)")
    for each in page.lines:
        print(f"  {each.who}: {each.what}. {each.sentence}")
    if not page.lines:
        print("  Nothing was promised to anybody about this session.")
    return 0
