"""`coachbot check`: look at everything, and say what to do."""

import argparse

from bot.checks import check_all
from bot.probing import probe
from bot.settings import Settings


def check(settings: Settings, options: argparse.Namespace) -> int:
    """Print what was found; answers 1 where something is wrong."""
    findings = check_all(settings)
    if (options.probe or options.to) and all(each.is_good for each in findings):
        findings.append(probe(settings, email=options.to))
    for finding in findings:
        print(finding)
    return 0 if all(each.is_good for each in findings) else 1
