"""Use cases: who is known, and how people in the workspace become known (contract, section 4)."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied
from bot.coaching.ground.permissions import ADMINISTRATOR, AGENT, shipped_roles
from bot.coaching.ground.trail import SYSTEM
from bot.coaching.ground.values import Caller, SlackProfile
from bot.coaching.sessions.planning_anew import PLANS, note_person
from bot.coaching.times.wording import is_zone
from storage import models
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
        tx.people.ensure_division(context.policy.home_division)


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


def people_by_slack(context: Context, slack_user_ids: Collection[str]) -> dict[str, str]:
    """Map Slack accounts to person ids; unknown ones are left out. Raises Unavailable."""
    with context.read() as tx:
        found = tx.people.by_slack_many(slack_user_ids)
    return {account: person.id for account, person in found.items()}


def register(context: Context, profiles: Sequence[SlackProfile]) -> None:
    """Make people of Slack accounts, or bring them up to date. Raises Unavailable.

    On first contact a person is an Agent in the home division, and a workspace administrator is an
    Administrator as well; what an administrator of ours decides later is left alone.
    """
    now = context.clock()
    latest = {each.user_id: each for each in profiles}
    with context.begin() as tx:
        tx.people.hold([EVERYBODY, PLANS])
        known = tx.people.by_slack_many(latest)
        for profile in latest.values():
            person = known.get(profile.user_id) or _by_address(tx, profile)
            if person is None:
                _welcome(tx, context, profile, now)
            else:
                _refresh(tx, person, profile, now)


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


def _by_address(tx: Transaction, profile: SlackProfile) -> Person | None:
    """Find somebody who was imported by address before they came through Slack."""
    if not profile.email or standing_of(profile) is not Standing.MEMBER:
        return None
    person = tx.people.by_email(profile.email)
    return person if person is not None and person.slack_user_id is None else None


def _welcome(tx: Transaction, context: Context, profile: SlackProfile, now: datetime) -> None:
    home = tx.people.ensure_division(context.policy.home_division)
    facts = _facts(tx, profile, None)
    person = models.Person(division_id=home, slack_user_id=profile.user_id, **facts)
    tx.people.add(person)
    grants = _first_grants(tx, profile, home)
    tx.people.replace_grants(person.id, grants)
    deed = trail.Deed(
        action="welcome",
        entity="person",
        entity_id=person.id,
        after={"name": person.name, "standing": person.standing, "grants": sorted(grants)},
    )
    trail.record(tx, SYSTEM, now, deed)


def _first_grants(tx: Transaction, profile: SlackProfile, home: str) -> set[tuple[str, str]]:
    if standing_of(profile) is not Standing.MEMBER:
        return set()
    grants = {(AGENT, home)}
    if profile.is_admin:
        grants |= {(ADMINISTRATOR, division) for division in tx.people.divisions()}
    return grants


def _refresh(tx: Transaction, person: Person, profile: SlackProfile, now: datetime) -> None:
    wanted = {"slack_user_id": profile.user_id, **_facts(tx, profile, person)}
    before = {name: getattr(person, name) for name in wanted}
    old, new = trail.difference(before, wanted)
    row = tx.people.for_change(person.id) if new else None
    if row is None:
        return
    for name, value in new.items():
        setattr(row, name, value)
    tx.people.flush()
    if "timezone" in new:
        note_person(tx, person, hours_decided=False, now=now)
    if new.get("standing") is Standing.MEMBER and not tx.people.grants(person.id):
        grants = _first_grants(tx, profile, person.division_id)
        tx.people.replace_grants(person.id, grants)
        new["grants"] = sorted(grants)
    deed = trail.Deed(action="refresh", entity="person", entity_id=person.id, before=old, after=new)
    trail.record(tx, SYSTEM, now, deed)


def _name(profile: SlackProfile) -> str:
    name = "".join(each for each in profile.name if is_writable(each)).strip()
    return (name or profile.user_id)[:LONGEST_NAME]


def _facts(tx: Transaction, profile: SlackProfile, person: Person | None) -> Mapping[str, Any]:
    """What of an account is kept; an address only where it is nobody else's."""
    facts: dict[str, Any] = {"standing": standing_of(profile), "name": _name(profile)}
    if is_zone(profile.timezone):
        facts["timezone"] = profile.timezone
    # Strangers may share an address with one of ours.
    if profile.email and facts["standing"] in {Standing.MEMBER, Standing.DEACTIVATED}:
        owner = tx.people.by_email(profile.email)
        if owner is None or (person is not None and owner.id == person.id):
            facts["email"] = profile.email.lower()
    return facts


def is_writable(text: str) -> bool:
    """Answer whether a text is without control characters and halves of characters."""
    return not any(unicodedata.category(each) in {"Cc", "Cs"} for each in text)


def standing_of(profile: SlackProfile) -> Standing:
    """Tell whether an account is somebody who can be coached."""
    if profile.is_bot:
        return Standing.BOT
    if profile.is_deactivated:
        return Standing.DEACTIVATED
    return Standing.EXTERNAL if profile.is_external else Standing.MEMBER
