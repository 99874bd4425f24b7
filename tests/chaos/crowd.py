"""The people of a run: leaders who schedule, and agents who are coached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot import coaching
from bot.coaching import Caller, Context, SlackProfile, Source
from bot.sandbox import Person

ROLE: Final = "Quality Manager"
ZONE: Final = "Europe/London"


@dataclass(frozen=True)
class Crowd:
    """Slack accounts, and the people behind them once they are known."""

    leaders: tuple[str, ...]
    agents: tuple[str, ...]
    ids: dict[str, str]
    zones: Mapping[str, str] = field(default_factory=dict)
    """Where people live who do not live where most do."""

    @property
    def everybody(self) -> tuple[str, ...]:
        return self.leaders + self.agents

    def caller(self, account: str, source: Source = Source.REST) -> Caller:
        """Act as somebody."""
        return Caller(self.ids[account], source)

    def zone_of(self, account: str) -> str:
        """Name the time zone of somebody."""
        return self.zones.get(account, ZONE)

    def accounts(self) -> dict[str, str]:
        """Map people to their accounts."""
        return {person: account for account, person in self.ids.items()}


def gather(size: int) -> Crowd:
    """Think of so many people, one in four of them a leader."""
    leaders = max(3, size // 4)
    names = tuple(f"U0{'LEAD' if n < leaders else 'AGENT'}{n}" for n in range(size))
    return Crowd(names[:leaders], names[leaders:], {})


def cast_of(crowd: Crowd) -> list[Person]:
    """Describe everybody as the pretend workspace knows them."""
    return [
        Person(each, handle_of(each), name_of(each), tz=crowd.zone_of(each))
        for each in crowd.everybody
    ]


def handle_of(account: str) -> str:
    return account.removeprefix("U0").lower()


def name_of(account: str) -> str:
    return f"{handle_of(account).capitalize()} Example"


def settle_in(context: Context, crowd: Crowd) -> None:
    """Make everybody known, and the leaders leaders."""
    coaching.prepare(context)
    profiles = [_profile(each, crowd.zone_of(each)) for each in crowd.everybody]
    coaching.register(context, profiles)
    crowd.ids.update(coaching.people_by_slack(context, crowd.everybody))
    with context.store.begin() as tx:
        for each in crowd.leaders:
            person = tx.people.get(crowd.ids[each])
            assert person
            tx.people.replace_grants(person.id, {(ROLE, person.division_id)})


def _profile(account: str, zone: str) -> SlackProfile:
    return SlackProfile(
        user_id=account,
        name=name_of(account),
        email=f"{handle_of(account)}@northwind.example",
        timezone=zone,
        is_bot=False,
        is_deactivated=False,
        is_external=False,
        is_admin=False,
    )
