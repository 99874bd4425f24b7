"""The people of the workspace become known, and stay as Slack knows them."""

import pytest

from bot import coaching
from bot.sandbox import Person
from bot.slack.turns.payloads import Account, Enterprise, Profile
from bot.slack.turns.people import Team, finder, names_of, profile_of
from tests.slack.office import ALEX, DANA, JONAS, PAT, PRIYA, RAVI, STANDUP, Office

OURS = Team("T1")


def standings(office: Office) -> dict[str, coaching.Standing]:
    with office.store.read() as tx:
        return {each.slack_user_id: each.standing for each in tx.people.all() if each.slack_user_id}


async def test_everybody_is_known_from_the_start_each_as_what_they_are(office: Office) -> None:
    found = standings(office)
    assert found[PRIYA] is coaching.Standing.MEMBER
    assert found[STANDUP] is coaching.Standing.BOT
    assert found[RAVI] is coaching.Standing.DEACTIVATED
    assert found[PAT] is coaching.Standing.EXTERNAL


async def test_a_large_workspace_is_read_page_by_page_and_waits_when_asked_to(
    office: Office,
) -> None:
    for number in range(41):
        person = Person(f"U1{number:04}", f"agent{number}", f"Agent {number}")
        office.sandbox.world.directory.put(person)
    office.sandbox.faults.add("users.list", "ratelimited", seconds=0.0)
    before = len(office.sandbox.calls.to("users.list"))
    assert await office.front.people.introduce_all(size=20) > 41
    assert len(office.sandbox.calls.to("users.list")) - before >= 3
    assert len(standings(office)) > 41


async def test_those_who_join_and_those_who_change_are_followed(office: Office) -> None:
    office.sandbox.add_person(Person("U0NEW", "newbie", "Nora New", tz="Asia/Tokyo"))
    office.sandbox.change_person(JONAS, real_name="Jonas Berg", tz="America/New_York")
    office.sandbox.deactivate(PRIYA)
    await office.settle()
    with office.store.read() as tx:
        new, jonas = tx.people.by_slack("U0NEW"), tx.people.by_slack(JONAS)
    assert new
    assert (new.name, new.timezone) == ("Nora New", "Asia/Tokyo")
    assert jonas
    assert (jonas.name, jonas.timezone) == ("Jonas Berg", "America/New_York")
    assert standings(office)[PRIYA] is coaching.Standing.DEACTIVATED


async def test_a_typed_name_leads_to_one_person_or_to_nobody(office: Office) -> None:
    def find(name: str) -> str | None:
        return finder(office.context, office.caller(DANA), text=f"@{name}")(name)

    assert find("@PRIYA") == find("Priya Raman") == PRIYA
    assert find("nobody") is None
    office.sandbox.add_person(Person("U0OTHER", "other", "Jonas Beck"))
    await office.settle()
    assert find("Jonas Beck") is None
    assert find("jonas") == JONAS


async def test_an_account_that_slack_will_not_show_counts_as_external(office: Office) -> None:
    await office.front.people.introduce(["U0GHOST", ALEX])
    assert standings(office)["U0GHOST"] is coaching.Standing.EXTERNAL
    assert standings(office)[ALEX] is coaching.Standing.MEMBER


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"is_bot": True}, "is_bot"),
        ({"id": "USLACKBOT"}, "is_bot"),
        ({"deleted": True}, "is_deactivated"),
        ({"is_stranger": True}, "is_external"),
        ({"is_admin": True}, "is_admin"),
        ({"is_owner": True}, "is_admin"),
        ({"is_restricted": True}, "is_guest"),
        ({"is_ultra_restricted": True}, "is_guest"),
        ({"team_id": "T2"}, "is_elsewhere"),
        ({"team_id": ""}, "is_elsewhere"),
    ],
)
def test_what_slack_says_is_said_in_the_coaching_s_words(
    changes: dict[str, object], flag: str
) -> None:
    mail = Profile(email="a@b.example")
    account = Account("U1", "ann", "Ann Lee", "Asia/Tokyo", team_id="T1", profile=mail)
    plain = profile_of(account, OURS)
    assert plain == coaching.SlackProfile(
        user_id="U1",
        name="Ann Lee",
        names=frozenset(("ann lee", "ann")),
        email="a@b.example",
        timezone="Asia/Tokyo",
        team_id="T1",
    )
    assert getattr(profile_of(Account(**_fields(account) | changes), OURS), flag)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "is_elsewhere"),
    [
        ({"team_id": "T2"}, True),
        ({"team_id": "T2", "enterprise_user": Enterprise("E1")}, False),
        ({"team_id": "T2", "enterprise_user": Enterprise("E2", ("T3",))}, True),
        ({"team_id": "T2", "enterprise_user": Enterprise("", ("T2", "T1"))}, False),
        ({"team_id": "E1"}, False),
        ({"team_id": "", "enterprise_user": Enterprise()}, True),
    ],
)
def test_in_an_organisation_whoever_is_in_one_of_its_workspaces_is_ours(
    changes: dict[str, object], is_elsewhere: bool
) -> None:
    account = Account(**_fields(Account("U1")) | changes)  # type: ignore[arg-type]
    assert profile_of(account, Team("T1", "E1")).is_elsewhere is is_elsewhere


def _fields(account: Account) -> dict[str, object]:
    return {name: getattr(account, name) for name in account.__struct_fields__}


@pytest.mark.parametrize("name", ["", "  "])
def test_somebody_without_a_name_still_has_one(name: str) -> None:
    assert names_of(Account("U1", name, None, profile=Profile(name, name))) == ()
    nameless = profile_of(Account("U1"), OURS)
    assert (nameless.name, nameless.timezone, nameless.is_elsewhere) == ("", "", True)


async def test_somebody_of_another_workspace_is_told_that_this_is_not_for_them(
    office: Office,
) -> None:
    """They share a channel with us; Slack calls them no stranger, and they lead over there."""
    theirs = Person("U0VERA", "priya", "Vera Holt", is_admin=True, team_id="T0ELSEWHERE")
    office.sandbox.add_person(theirs)
    await office.settle()
    vera = office.person("U0VERA")
    await vera.command("/coach help")
    assert coaching.NOBODY in vera.messages[-1].words
    assert standings(office)["U0VERA"] is coaching.Standing.EXTERNAL
    with office.store.read() as tx:
        known = tx.people.by_slack("U0VERA")
        assert known
        assert (known.slack_team_id, known.email, tx.people.grants(known.id)) == (
            "T0ELSEWHERE",
            None,
            [],
        )


async def test_who_moves_to_another_workspace_or_turns_guest_is_no_member(office: Office) -> None:
    office.sandbox.change_person(JONAS, team_id="T0ELSEWHERE")
    office.sandbox.change_person(PRIYA, is_guest=True)
    await office.settle()
    assert standings(office)[JONAS] is coaching.Standing.EXTERNAL
    assert standings(office)[PRIYA] is coaching.Standing.GUEST


async def test_who_was_known_before_workspaces_were_told_apart_is_asked_about(
    office: Office,
) -> None:
    with office.store.begin() as tx:
        row = tx.people.by_slack(JONAS)
        assert row
        person = tx.people.for_change(row.id)
        assert person
        person.slack_team_id = ""
    asked = coaching.accounts_without_team(office.context, limit=10)
    assert asked == [JONAS]
    await office.front.people.introduce(asked)
    assert coaching.accounts_without_team(office.context, limit=10) == []
