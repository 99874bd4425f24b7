"""Whose sessions are meant: one's own, one's team's, those of people who are named."""

import enum

from bot.coaching.ground.permissions import Access, Permission
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Standing

NO_TEAM = "Your role doesn’t cover a team. You can ask for your own sessions by adding “me”."


class Whose(enum.StrEnum):
    """Whose sessions are meant where nobody is named."""

    ANYBODY = ""
    """Everybody's whom one may see."""
    ME = "me"
    TEAM = "team"


def team_of(tx: Transaction, access: Access) -> dict[str, Person]:
    """Find the people whose sessions a person's role covers, without that person, by name."""
    reach = access.reach(Permission.APPOINTMENT_VIEW)
    if not reach:
        return {}
    return {
        each.id: each
        for each in tx.people.all()
        if each.division_id in reach
        and each.id != access.person_id
        and each.standing in (Standing.MEMBER, Standing.DEACTIVATED)
    }
