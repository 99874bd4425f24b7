"""The policy in force: the installation's defaults, and what administrators decided over them.

A policy is read whole, by one reference, so that whoever has it in hand sees no half of a change.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.coaching.policy.decisions import decided_on
from bot.coaching.policy.policies import Policy

SHIPPED: Final = Policy()


class PolicyBook:
    """Holds the defaults of one process, and the policy that follows from what was decided."""

    def __init__(self, defaults: Policy = SHIPPED) -> None:
        self.defaults = defaults
        self.in_force = defaults
        self._decided: Mapping[str, Any] = {}

    def take(self, decided: Mapping[str, Any]) -> None:
        """Follow what was decided, all of it; what is no longer decided is as by default."""
        if decided != self._decided:
            self._decided = dict(decided)
            self.in_force = decided_on(self.defaults, decided)
