"""Who is one of us: our own workspace, and guests as the policy has it (contract, 4.7)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import coaching
from bot.coaching import Denied, Invalid, SlackProfile, Source, Standing
from storage.types import DeliveryState
from tests.coaching.test_people import NEW, imported, known, register, roles
from tests.coaching.test_showing import send
from tests.coaching.workplace import Workplace

OURS = replace(NEW, team_id="T1")
THEIRS = replace(NEW, team_id="T2", is_elsewhere=True)
GUEST = replace(OURS, is_guest=True)


@pytest.mark.parametrize("other", [THEIRS, replace(THEIRS, is_admin=True)])
def test_somebody_of_another_workspace_is_no_member(desk: Workplace, other: SlackProfile) -> None:
    before = imported(desk)
    register(desk, other)
    stranger = known(desk)
    assert stranger.id != before.id
    assert (stranger.standing, stranger.email, roles(desk)) == (Standing.EXTERNAL, None, set())
    with desk.refuses(Denied, "missing.permissions"):
        coaching.caller_for_slack(desk.context, "UNEW")
    with desk.refuses(Invalid, "participate.permission.missing", "attendee_ids"):
        desk.schedule("Dana", attendee_ids=[stranger.id])


def test_one_account_of_each_workspace_is_kept_with_its_own(desk: Workplace) -> None:
    register(desk, OURS)
    assert known(desk).slack_team_id == "T1"
    register(desk, replace(OURS, team_id=""))
    assert known(desk).slack_team_id == "T1", "what Slack leaves out stays"


@pytest.mark.parametrize("changed", [THEIRS, GUEST])
def test_who_is_no_member_any_more_hears_nothing_more(
    desk: Workplace, changed: SlackProfile
) -> None:
    register(desk, OURS)
    person = known(desk)
    session = desk.schedule("Dana", attendee_ids=[person.id])
    desk.clock.advance(timedelta(seconds=1))
    register(desk, changed)
    assert known(desk).standing is not Standing.MEMBER
    with desk.refuses(Denied, "missing.permissions"):
        coaching.caller_for_slack(desk.context, "UNEW")
    with desk.store.read() as tx:
        owed = [each for each in tx.deliveries.of(session.id) if each.person_id == person.id]
    assert owed
    assert {each.state for each in owed} == {DeliveryState.PENDING}
    for each in coaching.announce(desk.context, [each.id for each in owed]).values():
        assert isinstance(each, coaching.Announcement)
        assert each.unreached is coaching.Unreached.NO_MEMBER


@pytest.mark.parametrize("changed", [THEIRS, GUEST])
def test_a_message_sent_to_who_is_no_member_any_more_says_nothing_new(
    desk: Workplace, changed: SlackProfile
) -> None:
    register(desk, OURS)
    desk.schedule("Dana", attendee_ids=[known(desk).id])
    theirs = [each for each, said in send(desk).items() if said.reader_id == known(desk).id]
    assert theirs
    assert all(coaching.shown_anew(desk.context, theirs).values())
    register(desk, changed)
    assert not any(coaching.shown_anew(desk.context, theirs).values())


@pytest.mark.parametrize(
    ("changed", "said"), [(THEIRS, "of another organisation"), (GUEST, "guest")]
)
def test_administrators_see_who_is_no_member_any_more_and_no_stranger(
    desk: Workplace, changed: SlackProfile, said: str
) -> None:
    register(desk, OURS, replace(changed, user_id="UNEVER", name="Never", email=None))
    register(desk, changed)
    query = coaching.PeopleQuery(words="ne")
    shown = coaching.people_page(desk.context, desk.caller("Alex"), query).people.entities
    assert [each.name for each in shown] == ["New"]
    assert shown[0].no_member.startswith(said)
    page = coaching.person_page(desk.context, desk.caller("Alex"), known(desk).id)
    assert page.no_member == shown[0].no_member
    with desk.refuses(coaching.NotFound, "not.found"):
        coaching.person_page(desk.context, desk.caller("Alex"), known(desk, "UNEVER").id)


def test_who_comes_back_is_who_they_were(desk: Workplace) -> None:
    register(desk, OURS)
    before = known(desk)
    register(desk, THEIRS)
    register(desk, OURS)
    assert known(desk) == before
    assert roles(desk) == {("Agent", "Home")}


def test_a_guest_takes_part_where_the_policy_lets_them(desk: Workplace) -> None:
    register(desk, GUEST)
    assert (known(desk).standing, known(desk).email) == (Standing.GUEST, None)
    coaching.decide_policy(desk.context, desk.caller("Alex"), "guests", "yes")
    register(desk, GUEST)
    assert (known(desk).standing, roles(desk)) == (Standing.MEMBER, {("Agent", "Home")})
    desk.schedule("Dana", attendee_ids=[known(desk).id])
    coaching.decide_policy(desk.context, desk.caller("Alex"), "guests", None)
    register(desk, GUEST)
    assert known(desk).standing is Standing.GUEST


def test_everybody_is_read_anew_when_guests_are_decided_about(desk: Workplace) -> None:
    every = timedelta(hours=6)
    assert coaching.take_people_page(desk.context, "one", every=every) == ""
    assert not coaching.end_people_page(desk.context, "one", "")
    assert coaching.take_people_page(desk.context, "one", every=every) is None
    coaching.decide_policy(desk.context, desk.caller("Alex"), "guests", "yes")
    assert coaching.take_people_page(desk.context, "one", every=every) == ""


def test_accounts_of_which_nobody_said_whose_they_are_are_asked_about(desk: Workplace) -> None:
    register(desk, replace(OURS, user_id="UTOLD"), replace(OURS, team_id="", is_elsewhere=False))
    asked = coaching.accounts_without_team(desk.context, limit=100)
    assert "UNEW" in asked
    assert "UTOLD" not in asked
    assert coaching.accounts_without_team(desk.context, limit=1) == asked[:1]


def divisions(desk: Workplace) -> dict[str, str]:
    with desk.store.read() as tx:
        return tx.people.divisions()


def test_the_home_division_may_be_called_anything(desk: Workplace) -> None:
    register(desk, OURS)
    home = known(desk).division_id
    before = divisions(desk)
    coaching.rename_division(desk.context, desk.caller("Alex"), home, "Contact centre")
    coaching.prepare(desk.context)
    register(desk, replace(OURS, user_id="UNEXT", email="next@example.com"))
    row = {"email": "third@example.com", "name": "Third"}
    coaching.import_people(desk.context, desk.caller("Alex", Source.COMMAND_LINE), [row])
    assert known(desk, "UNEXT").division_id == home
    assert divisions(desk) == before | {home: "Contact centre"}
    assert coaching.divisions_page(desk.context, desk.caller("Alex")).has_everything


def test_what_the_setting_calls_it_later_makes_no_second_one(desk: Workplace) -> None:
    register(desk, OURS)
    before = divisions(desk)
    desk.context.book.defaults = replace(desk.context.book.defaults, home_division="Elsewhere")
    desk.context.book.take({"undo_seconds": "29"})
    coaching.prepare(desk.context)
    register(desk, replace(OURS, user_id="UNEXT", email="next@example.com"))
    assert divisions(desk) == before


def test_a_division_falls_to_who_has_all_others_when_its_last_administrator_leaves(
    desk: Workplace,
) -> None:
    made = coaching.add_division(desk.context, desk.caller("Alex"), "Night shift")
    with desk.store.begin() as tx:
        tx.people.replace_grants(
            desk.ids["Dana"], [*tx.people.grants(desk.ids["Dana"]), ("Administrator", made)]
        )
        alex = [each for each in tx.people.grants(desk.ids["Alex"]) if each[1] != made]
        tx.people.replace_grants(desk.ids["Alex"], alex)
    assert not coaching.divisions_page(desk.context, desk.caller("Alex")).has_everything
    dana = person_of(desk, "Dana")
    register(desk, replace(OURS, user_id=dana["slack_user_id"], is_deactivated=True))
    assert coaching.divisions_page(desk.context, desk.caller("Alex")).has_everything


def person_of(desk: Workplace, name: str) -> dict[str, Any]:
    with desk.store.read() as tx:
        person = tx.people.get(desk.ids[name])
    assert person
    return {"slack_user_id": person.slack_user_id}


def test_the_last_administrator_stays_one(desk: Workplace) -> None:
    alone = desk.caller("Alex", Source.COMMAND_LINE)
    with desk.refuses(coaching.Conflict, "administrator.last", "roles"):
        coaching.revoke_role(desk.context, alone, email="alex@example.com", role="Administrator")
    row = {"email": "alex@example.com", "name": "Alex", "roles": "Agent", "divisions": "Home"}
    with desk.refuses(coaching.Conflict, "administrator.last", "roles"):
        coaching.import_people(desk.context, alone, [row])
