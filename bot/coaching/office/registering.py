"""Use case: what Slack tells of its accounts becomes people, and keeps them up to date.

Somebody may have several accounts over time. A new account of ours with the address of a person
who has none, or whose account is deactivated, is that person's; where two accounts in use are
given one address, administrators are told. Whoever is as before costs no write and no lock.

Members are those of our own workspace alone (contract, 4.7): nobody else is found by an address,
or granted anything; guests as the policy has it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.permissions import ADMINISTRATOR, AGENT
from bot.coaching.ground.trail import SYSTEM
from bot.coaching.ground.values import SlackProfile
from bot.coaching.office.joining import find_obstacle, merge
from bot.coaching.office.people import EVERYBODY, is_writable, standing_of
from bot.coaching.policy.policies import Policy
from bot.coaching.sessions.planning_anew import PLANS, note_person
from bot.coaching.times.wording import is_zone
from storage import models
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Standing

LONGEST_NAME = 255
LONGEST_ADDRESS = 320
KEEPING_ADDRESS = frozenset((Standing.MEMBER, Standing.DEACTIVATED))
"""Strangers may share an address with one of ours."""


def register(context: Context, profiles: Sequence[SlackProfile]) -> int:
    """Make people of Slack accounts, or bring them up to date; answers how many were not as told.

    On first contact a person is an Agent in the home division, and a workspace administrator is an
    Administrator as well; what an administrator of ours decides later is left alone. Raises
    Unavailable.
    """
    latest = {each.user_id: each for each in profiles}
    with context.read() as tx:
        found = _find(tx, latest)
    understood = (
        _understood(each, found.people.get(account), context.policy)
        for account, each in latest.items()
    )
    news = [each for each in understood if not found.is_as_told(each)]
    if not news:
        return 0
    now = context.clock()
    with context.begin() as tx:
        tx.people.hold([EVERYBODY, PLANS])
        for profile in news:
            _take_in(tx, context, profile, now)
    return len(news)


def _understood(profile: SlackProfile, person: Person | None, policy: Policy) -> SlackProfile:
    """Lay what is known beside what Slack leaves out, and the policy beside what it says."""
    if policy.guests_take_part:
        profile = replace(profile, is_guest=False)
    if profile.team_id or person is None or not person.slack_team_id:
        return profile
    return replace(profile, is_elsewhere=person.standing is Standing.EXTERNAL)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of some accounts, and of those who have their addresses."""

    people: Mapping[str, Person]
    further: Mapping[str, tuple[str, Standing]]
    owners: Mapping[str, Person]
    names: Mapping[str, frozenset[str]]
    claims: Mapping[str, str]

    def owner(self, profile: SlackProfile) -> Person | None:
        """Give whose the address of an account is here."""
        return self.owners.get(_address(profile) or "")

    def is_as_told(self, profile: SlackProfile) -> bool:
        """Answer whether nothing would change."""
        person = self.people.get(profile.user_id)
        if person is None:
            return False
        if profile.user_id in self.further:
            is_same = self.further[profile.user_id][1] is standing_of(profile)
            return is_same and not _comes_back(profile, person)
        owner = self.owner(profile)
        facts = _facts(profile, person, owner)
        return (
            all(getattr(person, name) == value for name, value in facts.items())
            and self.names.get(person.id, frozenset()) == _names(profile)
            and self.claims.get(person.id) == _claimed(profile, person, owner)
        )


def _find(tx: Transaction, profiles: Mapping[str, SlackProfile]) -> _Found:
    people = tx.people.by_slack_many(profiles)
    ids = {each.id for each in people.values()}
    addresses = filter(None, map(_address, profiles.values()))
    is_first = {each.slack_user_id for each in people.values()}
    others = people.keys() - is_first
    return _Found(
        people=people,
        further=tx.accounts.further(others) if others else {},
        owners=tx.people.by_email_many(addresses),
        names=tx.accounts.names(ids) if ids else {},
        claims=tx.accounts.claims(ids) if ids else {},
    )


def _take_in(tx: Transaction, context: Context, profile: SlackProfile, now: datetime) -> None:
    found = _find(tx, {profile.user_id: profile})
    person, owner = found.people.get(profile.user_id), found.owner(profile)
    if person is not None and profile.user_id in found.further:
        tx.accounts.keep_further(
            profile.user_id, person.id, standing_of(profile), team_id=profile.team_id
        )
        if not _comes_back(profile, person):
            return
    elif person is not None and _moves_on(tx, profile, person, now):
        return
    elif owner is not None and owner != person and _is_owed(profile, person, owner):
        person = _joined(tx, person, owner, now)
    if person is None:
        person = _welcome(tx, context, profile, now, owner=owner)
    else:
        _refresh(tx, person, profile, owner, now)
    tx.accounts.keep_names(person.id, _names(profile))
    tx.accounts.claim(person.id, _claimed(profile, person, owner))


def _comes_back(profile: SlackProfile, person: Person) -> bool:
    """Answer whether a further account is the one in use now."""
    return person.standing is not Standing.MEMBER and _is_ours(profile)


def _moves_on(tx: Transaction, profile: SlackProfile, person: Person, now: datetime) -> bool:
    """Write to another account of somebody whose first one is out of use, if there is one."""
    standing = standing_of(profile)
    if standing is Standing.MEMBER:
        return False
    further = tx.accounts.further_of(person.id)
    in_use = sorted(each for each, standing in further.items() if standing is Standing.MEMBER)
    row = tx.people.for_change(person.id) if in_use else None
    if row is None:
        return False
    tx.accounts.drop_further(in_use[0])
    tx.accounts.keep_further(profile.user_id, person.id, standing, team_id=profile.team_id)
    row.slack_user_id, row.slack_channel, row.standing = in_use[0], None, Standing.MEMBER
    row.slack_team_id = ""  # until Slack is asked about that account again
    tx.people.flush()
    before, after = {"slack_user_id": profile.user_id}, {"slack_user_id": in_use[0]}
    deed = trail.Deed(
        action="move on", entity="person", entity_id=person.id, before=before, after=after
    )
    trail.record(tx, SYSTEM, now, deed)
    return True


def _is_ours(profile: SlackProfile) -> bool:
    """Answer whether an account may be joined with somebody by its address alone."""
    return standing_of(profile) is Standing.MEMBER


def _is_owed(profile: SlackProfile, person: Person | None, owner: Person) -> bool:
    """Answer whether the owner of an address is the one who comes with this account."""
    is_free = owner.slack_user_id is None or owner.standing is not Standing.MEMBER
    return _is_ours(profile) and is_free and (person is None or person.email is None)


def _joined(tx: Transaction, person: Person | None, owner: Person, now: datetime) -> Person | None:
    """Join somebody who was met without an address with its owner, where nothing stands against."""
    if person is None:
        return owner
    if find_obstacle(tx, owner, person) is not None:
        return person
    merge(tx, SYSTEM, owner, person, now)
    return tx.people.get(owner.id)


def _welcome(
    tx: Transaction, context: Context, profile: SlackProfile, now: datetime, *, owner: Person | None
) -> Person:
    home = tx.people.ensure_home(context.policy.home_division)
    facts = _facts(profile, None, owner)
    row = models.Person(division_id=home, slack_user_id=profile.user_id, **facts)
    tx.people.add(row)
    grants = _first_grants(tx, profile, home)
    tx.people.replace_grants(row.id, grants)
    deed = trail.Deed(
        action="welcome",
        entity="person",
        entity_id=row.id,
        after={"name": row.name, "standing": row.standing, "grants": sorted(grants)},
    )
    trail.record(tx, SYSTEM, now, deed)
    return tx.people.many([row.id])[row.id]


def _first_grants(tx: Transaction, profile: SlackProfile, home: str) -> set[tuple[str, str]]:
    if standing_of(profile) is not Standing.MEMBER:
        return set()
    grants = {(AGENT, home)}
    if profile.is_admin:
        grants |= {(ADMINISTRATOR, division) for division in tx.people.divisions()}
    return grants


def _refresh(
    tx: Transaction, person: Person, profile: SlackProfile, owner: Person | None, now: datetime
) -> None:
    wanted = {"slack_user_id": profile.user_id, **_facts(profile, person, owner)}
    before = {name: getattr(person, name) for name in wanted}
    old, new = trail.difference(before, wanted)
    row = tx.people.for_change(person.id) if new else None
    if row is None:
        return
    if "slack_user_id" in new:
        _leave_account(tx, person, profile)
        # The conversation that is remembered is with the account that was theirs before.
        row.slack_channel = None
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


def _leave_account(tx: Transaction, person: Person, profile: SlackProfile) -> None:
    """Keep the account of before as a further one, so that it leads to the same person."""
    tx.accounts.drop_further(profile.user_id)
    if person.slack_user_id is not None:
        tx.accounts.keep_further(
            person.slack_user_id, person.id, person.standing, team_id=person.slack_team_id
        )


def _facts(profile: SlackProfile, person: Person | None, owner: Person | None) -> dict[str, Any]:
    """What of an account is kept; an address only where it is nobody else's."""
    facts: dict[str, Any] = {"standing": standing_of(profile)}
    name = "".join(each for each in profile.name if is_writable(each)).strip()[:LONGEST_NAME]
    if name or person is None:
        facts["name"] = name or profile.user_id
    if is_zone(profile.timezone):
        facts["timezone"] = profile.timezone
    if profile.team_id:
        facts["slack_team_id"] = profile.team_id
    address = _address(profile)
    if address and (owner is None or (person is not None and owner.id == person.id)):
        facts["email"] = address
    return facts


def _address(profile: SlackProfile) -> str | None:
    """Give the address by which an account may be known."""
    address = (profile.email or "").strip().lower()
    is_fit = 0 < len(address) <= LONGEST_ADDRESS and is_writable(address)
    return address if is_fit and standing_of(profile) in KEEPING_ADDRESS else None


def _claimed(profile: SlackProfile, person: Person, owner: Person | None) -> str | None:
    """Give the address that is somebody else's here, and in Slack belongs to this account."""
    is_contested = owner is not None and owner.id != person.id and _is_ours(profile)
    return _address(profile) if is_contested else None


def _names(profile: SlackProfile) -> frozenset[str]:
    return frozenset(each[:LONGEST_NAME] for each in profile.names if each and is_writable(each))
