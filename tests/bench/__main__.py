"""`make bench`: run every measurement, or those named on the command line."""

import importlib
import sys
from collections.abc import Sequence

MEASUREMENTS: Sequence[str] = (
    "scheduling",
    "heartbeat",
    "lateness",
    "keeping",
    "memory",
    "slack_list",
    "slack_day",
    "rest_list",
    "aggregates",
)


def main() -> int:
    """Run them one after the other."""
    wanted = sys.argv[1:] or MEASUREMENTS
    for name in wanted:
        importlib.import_module(f"tests.bench.{name}").run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
