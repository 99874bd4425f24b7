"""Use cases: who is known, and how people in the workspace become known (contract, section 4)."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied
from bot.coaching.ground.permissions import shipped_roles
from bot.coaching.ground.trail import SYSTEM
from bot.coaching.ground.values import Caller, SlackProfile
from storage import models
from storage.accounts import Known
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Source, Standing

NOBODY = "Coaching is for people who work here. This account can’t use Coachbot."
LONGEST_NAME = 255
EVERYBODY = "everybody"
"""What is held while people are added, so that nobody is added twice at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with the roles held, as an administrator sees them."""

    person: Person
    division: str
    roles: tuple[tuple[str, str], ...]
    """Pairs of role and division name."""


def prepare(context: Context) -> None:
    """Write the shipped roles that are missing, and the home division. Raises Unavailable."""
    with context.begin() as tx:
        tx.people.hold([EVERYBODY])
        present = tx.people.roles()
        for name, permissions in shipped_roles().items():
            if name not in present:
                tx.people.save_role(name, permissions)
                deed = trail.Deed(
                    action="ship",
                    entity="role",
                    entity_id=name,
                    after={"permissions": sorted(permissions)},
                )
                trail.record(tx, SYSTEM, context.clock(), deed)
        tx.people.ensure_home(context.policy.home_division)


def caller_for_slack(context: Context, slack_user_id: str) -> Caller | None:
    """Find who acts behind a Slack account; None for an account not yet known.

    Raises Denied for an app, a deactivated account or one of another organisation; Unavailable.
    """
    with context.read() as tx:
        person = tx.people.by_slack(slack_user_id)
    if person is None:
        return None
    if person.standing is not Standing.MEMBER:
        raise Denied(NOBODY)
    return Caller(person.id, Source.SLACK)


def accounts_without_team(context: Context, *, limit: int) -> list[str]:
    """List accounts of which Slack has not said yet whose they are. Raises Unavailable."""
    with context.read() as tx:
        return tx.accounts.without_team(limit=limit)


def people_by_slack(context: Context, slack_user_ids: Collection[str]) -> dict[str, str]:
    """Map Slack accounts to person ids; unknown ones are left out. Raises Unavailable."""
    with context.read() as tx:
        found = tx.people.by_slack_many(slack_user_ids)
    return {account: person.id for account, person in found.items()}


def accounts_by_name(context: Context, names: Collection[str]) -> dict[str, str]:
    """Map names in lower case to the account of the one member who goes by each.

    Somebody else is meant only where no member goes by it. Raises Unavailable.
    """
    with context.read() as tx:
        found = tx.accounts.named(names)
    return {name: account for name, each in found.items() if (account := _the_one(each))}


def _the_one(known: Sequence[Known]) -> str | None:
    members = [each for each in known if each.standing is Standing.MEMBER]
    meant = members or known
    return meant[0].slack_user_id if len(meant) == 1 else None


def remember_channel(context: Context, person_id: str, channel: str, *, account: str) -> None:
    """Keep the direct-message channel that was opened with a person’s account, while it is theirs.

    Raises Unavailable.
    """
    with context.begin() as tx:
        person = tx.people.for_change(person_id)
        if person is None or person.slack_user_id != account:
            return
        if person.slack_channel != channel:
            _set_channel(tx, person, channel, "open channel", context.clock())


def forget_channel(context: Context, person_id: str, channel: str) -> None:
    """Have another channel opened with a person, where this one is not there. Raises Unavailable.

    As after the app was made anew in Slack: it has conversations of its own.
    """
    with context.begin() as tx:
        person = tx.people.for_change(person_id)
        if person is not None and person.slack_channel == channel:
            _set_channel(tx, person, None, "lose channel", context.clock())


def _set_channel(
    tx: Transaction, person: models.Person, channel: str | None, action: str, now: datetime
) -> None:
    before, person.slack_channel = person.slack_channel, channel
    deed = trail.Deed(
        action=action,
        entity="person",
        entity_id=person.id,
        before={"slack_channel": before},
        after={"slack_channel": channel},
    )
    trail.record(tx, SYSTEM, now, deed)


def members(context: Context) -> list[Member]:
    """List everybody with their division and roles, by name. Raises Unavailable."""
    with context.read() as tx:
        divisions, grants = tx.people.divisions(), tx.people.all_grants()
        return [
            Member(
                person=person,
                division=divisions[person.division_id],
                roles=tuple(
                    sorted((role, divisions[where]) for role, where in grants.get(person.id, ()))
                ),
            )
            for person in tx.people.all()
        ]


def is_writable(text: str) -> bool:
    """Answer whether a text is without control characters and halves of characters."""
    return not any(unicodedata.category(each) in {"Cc", "Cs"} for each in text)


def standing_of(profile: SlackProfile) -> Standing:
    """Tell whether an account is somebody who can be coached."""
    if profile.is_bot:
        return Standing.BOT
    if profile.is_external or profile.is_elsewhere:
        return Standing.EXTERNAL
    if profile.is_deactivated:
        return Standing.DEACTIVATED
    return Standing.GUEST if profile.is_guest else Standing.MEMBER
