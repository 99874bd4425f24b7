"""Who is in the pretend workspace: people of a small contact centre, and the app's own bot user."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the workspace of any kind: a person, a bot, somebody who left or is external."""

    id: str
    handle: str
    real_name: str
    title: str = ""
    tz: str = "Europe/London"
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    is_stranger: bool = False
    is_guest: bool = False
    team_id: str = ""
    """The workspace of somebody of another one, with whom a channel is shared; empty for ours."""
    nulls: frozenset[str] = frozenset()
    """Names of what is told as null, of the account or of its profile."""

    @property
    def email(self) -> str | None:
        """The address at work; bots have none."""
        return None if self.is_bot else f"{self.handle}@northwind.example"

    @property
    def is_actable(self) -> bool:
        """Whether somebody at the page can act as this user."""
        return not (self.is_bot or self.deleted)


@dataclass(frozen=True, slots=True)
class Cast:
    """The workspace, the app installed in it, and everybody else."""

    team_id: str
    team_name: str
    domain: str
    app_id: str
    bot_id: str
    bot: Person
    people: tuple[Person, ...]


def northwind(extra: Sequence[Person] = ()) -> Cast:
    """Give the workspace Northwind Care, with these people besides the usual ones."""
    bot = Person("U0COACHBOT", "coachbot", "Coachbot", "App", "Etc/UTC", is_bot=True)
    people = (*_leads(), *_agents(), *_others(), *extra)
    return Cast(
        team_id="T0NORTHWIND",
        team_name="Northwind Care",
        domain="northwind",
        app_id="A0COACHBOT",
        bot_id="B0COACHBOT",
        bot=bot,
        people=people,
    )


def _leads() -> tuple[Person, ...]:
    return (
        Person("U0DANA", "dana", "Dana Whitfield", "Team supervisor", "America/New_York"),
        Person("U0OMAR", "omar", "Omar Haddad", "Sales supervisor", "Europe/London"),
        Person("U0GRACE", "grace", "Grace Okafor", "Quality manager", "Europe/London"),
        Person("U0TOMAS", "tomas", "Tomás Lindqvist", "Quality evaluator", "America/New_York"),
        Person("U0ALEX", "alex", "Alex Moreau", "Workspace admin", "Europe/London", is_admin=True),
    )


def _agents() -> tuple[Person, ...]:
    maxi = "Maximiliana-Konstantina Papadopoulou-Featherstonehaugh"
    return (
        Person("U0PRIYA", "priya", "Priya Raman", "Agent", "Asia/Kolkata"),
        Person("U0JONAS", "jonas", "Jonas Beck", "Agent", "Europe/London"),
        Person("U0MEI", "mei", "Mei Tanaka", "Agent", "Australia/Sydney"),
        Person("U0LUCIA", "lucia", "Lucía Fernández", "Agent", "America/New_York"),
        Person("U0SAM", "sam", "Sam Adeyemi", "Agent", "Europe/London"),
        Person("U0NOOR", "noor", "Noor Siddiqui", "Agent", "Asia/Kolkata"),
        Person("U0MAXI", "maxi", maxi, "Agent", "Australia/Sydney"),
    )


def _others() -> tuple[Person, ...]:
    return (
        Person("U0STANDUP", "standup", "Standup", "App", "Etc/UTC", is_bot=True),
        Person("U0RAVI", "ravi", "Ravi Menon", "Agent", "Asia/Kolkata", deleted=True),
        Person("U0PAT", "pat", "Pat Quill", "Consultant", "Europe/London", is_stranger=True),
    )
