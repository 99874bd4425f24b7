"""Queries about people's accounts: names, further accounts, and addresses that two people have."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from storage import models
from storage.account_models import AccountName, ClaimedAddress, FurtherAccount
from storage.types import Standing


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who goes by a name: the account, and what it is."""

    slack_user_id: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Contest:
    """Two people for whom one address is given: whose it is here, and for whom Slack gives it."""

    owner_id: str
    claimant_id: str


NAME: Final[Any] = AccountName.__table__
CLAIM: Final[Any] = ClaimedAddress.__table__
FURTHER: Final[Any] = FurtherAccount.__table__


class Accounts:
    """What is known of people's accounts beside the one to which they are written."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def names(self, person_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Map people to the names by which others know them."""
        found: dict[str, set[str]] = defaultdict(set)
        query = select(NAME.c.person_id, NAME.c.name).where(NAME.c.person_id.in_(set(person_ids)))
        for row in self._session.execute(query):
            found[row.person_id].add(row.name)
        return {each: frozenset(names) for each, names in found.items()}

    def keep_names(self, person_id: str, names: Iterable[str]) -> None:
        """Write the names of somebody, in place of what was there."""
        self._session.execute(delete(AccountName).where(NAME.c.person_id == person_id))
        self._session.add_all(AccountName(person_id=person_id, name=each) for each in names)
        self._session.flush()

    def named(self, names: Collection[str]) -> Mapping[str, list[Known]]:
        """Map names to all who go by them and have an account."""
        found: dict[str, list[Known]] = defaultdict(list)
        person = models.Person
        query = (
            select(NAME.c.name, person.slack_user_id, person.standing)
            .join(person, person.id == NAME.c.person_id)
            .where(NAME.c.name.in_(set(names)), person.slack_user_id.is_not(None))
        )
        for name, account, standing in self._session.execute(query):
            found[name].append(Known(account or "", standing))
        return found

    def further(self, slack_user_ids: Collection[str]) -> Mapping[str, tuple[str, Standing]]:
        """Map further accounts to the ids of their people, and to what the accounts are."""
        query = select(FURTHER).where(FURTHER.c.slack_user_id.in_(set(slack_user_ids)))
        return {
            row.slack_user_id: (row.person_id, row.standing) for row in self._session.execute(query)
        }

    def further_of(self, person_id: str) -> Mapping[str, Standing]:
        """Map somebody's further accounts to what each is."""
        query = select(FURTHER).where(FURTHER.c.person_id == person_id)
        return {row.slack_user_id: row.standing for row in self._session.execute(query)}

    def keep_further(
        self, slack_user_id: str, person_id: str, standing: Standing, *, team_id: str
    ) -> None:
        """Write down a further account of somebody, in place of what was there."""
        self.drop_further(slack_user_id)
        self._session.add(
            FurtherAccount(
                slack_user_id=slack_user_id,
                slack_team_id=team_id,
                person_id=person_id,
                standing=standing,
            )
        )
        self._session.flush()

    def drop_further(self, slack_user_id: str) -> None:
        """Forget that an account is a further one."""
        self._session.execute(
            delete(FurtherAccount).where(FURTHER.c.slack_user_id == slack_user_id)
        )

    def without_team(self, *, limit: int) -> list[str]:
        """List accounts of members of which nobody has said yet to which workspace they belong."""
        person = models.Person
        query = (
            select(person.slack_user_id)
            .where(
                person.slack_user_id.is_not(None),
                person.slack_team_id == "",
                person.standing == Standing.MEMBER,
            )
            .order_by(person.slack_user_id)
            .limit(limit)
        )
        return [each for each in self._session.scalars(query) if each]

    def claims(self, person_ids: Collection[str]) -> Mapping[str, str]:
        """Map people to the address that Slack gives for them, where it is somebody else's."""
        query = select(CLAIM).where(CLAIM.c.person_id.in_(set(person_ids)))
        return {row.person_id: row.email for row in self._session.execute(query)}

    def claim(self, person_id: str, email: str | None) -> None:
        """Write down for which address somebody stands beside its owner; None: for none."""
        self._session.execute(delete(ClaimedAddress).where(CLAIM.c.person_id == person_id))
        if email is not None:
            self._session.add(ClaimedAddress(person_id=person_id, email=email))
            self._session.flush()

    def contests(self, division_ids: Collection[str], *, limit: int) -> list[Contest]:
        """List pairs of people of these divisions for whom one address is given."""
        owner, claimant = aliased(models.Person), aliased(models.Person)
        query = (
            select(owner.id, claimant.id)
            .join(CLAIM, CLAIM.c.email == owner.email)
            .join(claimant, claimant.id == CLAIM.c.person_id)
            .where(
                owner.division_id.in_(set(division_ids)),
                claimant.division_id.in_(set(division_ids)),
                owner.standing.in_((Standing.MEMBER, Standing.DEACTIVATED)),
                claimant.standing == Standing.MEMBER,
                owner.id != claimant.id,
            )
            .order_by(func.lower(claimant.name), claimant.id)
            .limit(limit)
        )
        return [Contest(*row) for row in self._session.execute(query)]
