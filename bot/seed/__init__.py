"""A contact centre to look at: people with roles, and a week of sessions played through for real.

Everything is done by the use cases, with the clock moved from event to event, so that every message
and inbox entry is one that Coachbot would have written at that moment.
"""

from bot.seed.playing import Stage, assign_roles, people_by_handle, play
from bot.seed.timing import last_together

__all__ = ["Stage", "assign_roles", "last_together", "people_by_handle", "play"]
