"""`/coach admin`: for those who administer, and never a word about anybody else's division."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.sandbox import Actor, Person, PersonRefusal, View
from bot.sandbox.limits import find_view_faults
from bot.slack.admin import divisions as admin_divisions
from bot.slack.admin import doubles as admin_doubles
from bot.slack.admin import page as admin
from bot.slack.admin import people as admin_people
from bot.slack.admin import person_form as admin_person_form
from bot.slack.admin import policies as admin_policies
from bot.slack.admin import roles as admin_roles
from tests.slack.extremes import texts
from tests.slack.office import ALEX, DANA, JONAS, PRIYA, Office, offered


def loaded(me: Actor) -> View | None:
    return me.modal if me.modal and admin.LOOKING not in me.modal.words else None


@pytest.fixture
def alex(office: Office) -> Actor:
    return office.person(ALEX)


async def opened(actor: Actor, words: str = "") -> View:
    await actor.command(f"/coach admin {words}".strip())
    return await actor.until(loaded)


def move(office: Office, user_id: str, division: str, *grants: tuple[str, str]) -> str:
    """Put somebody into a division with these roles, and no others; answers who it is."""
    with office.store.begin() as tx:
        person = tx.people.by_slack(user_id)
        assert person
        row = tx.people.for_change(person.id)
        assert row
        row.division_id = tx.people.ensure_division(division)
        tx.people.replace_grants(
            person.id, [(role, tx.people.ensure_division(where)) for role, where in grants]
        )
    return person.id


def button(view: View, action_id: str, words: str) -> str:
    return next(
        str(element["value"])
        for block in view.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == action_id and words in str(element)
    )


async def press(actor: Actor, view: View, action_id: str, words: str) -> View:
    """Open the form that a line's button opens."""
    before = actor.modal
    await actor.click(view, action_id, button(view, action_id, words))
    return await actor.until(lambda me: me.modal if me.modal is not before and loaded(me) else None)


async def test_everybody_else_gets_one_sentence(dana: Actor, priya: Actor) -> None:
    for actor in (dana, priya):
        view = await opened(actor)
        assert "This page is for administrators" in view.words
        assert offered(view) == []


async def test_where_nobody_administers_the_way_to_make_one_is_told(
    office: Office, dana: Actor, alex: Actor
) -> None:
    office.grant(ALEX, "Agent")
    view = await opened(dana)
    assert "coachbot people grant EMAIL Administrator" in view.words


async def test_a_person_is_found_and_changed(office: Office, alex: Actor) -> None:
    view = await opened(alex)
    assert offered(view)[:4] == [action for action, _ in admin.TABS]
    await alex.click(view, admin_people.SEARCH, "priya")
    await office.settle()
    assert "Priya" in view.words
    assert "Jonas" not in view.words
    await alex.submit(view, {admin_people.FIELD: "jonas"})
    assert "Jonas" in view.words
    assert "Priya" not in view.words
    await alex.submit(view, {admin_people.FIELD: "priya"})
    form = await press(alex, view, admin_people.OPEN, "Priya")
    assert form.values[admin_person_form.HOURS]["typed"]["value"] is None
    with pytest.raises(PersonRefusal) as refused:
        await alex.submit(form, {"working_hours": "whenever"})
    assert list(refused.value.errors) == ["working_hours"]
    with pytest.raises(PersonRefusal) as refused:
        await alex.submit(form, {"working_hours": "", "manager_id": PRIYA})
    assert list(refused.value.errors) == ["manager_id"]
    person_id = office.caller(PRIYA).person_id
    page = coaching.person_page(office.context, office.caller(ALEX), person_id)
    keys = [admin_person_form.key_of(each) for each in page.roles if each.role == "Supervisor"]
    await alex.submit(
        form, {"working_hours": "mon-thu 10:00-16:00", "manager_id": DANA, "grants": keys}
    )
    await office.settle()
    assert alex.modals == [view]
    assert "Supervisor" in view.words
    page = coaching.person_page(office.context, office.caller(ALEX), person_id)
    assert (page.working_hours, page.manager_account) == ("Mon–Thu 10:00–16:00", DANA)
    assert [each.role for each in page.roles if each.is_held] == ["Supervisor"]


async def test_among_many_divisions_a_role_is_searched(office: Office, alex: Actor) -> None:
    """What is not shown for want of room stays as it is, and what is taken away goes."""
    everywhere = [("Administrator", f"Team {number:03}") for number in range(110)]
    move(office, ALEX, "Home", ("Administrator", "Home"), *everywhere)
    held = [("Agent", f"Team {number:03}") for number in range(105)]
    person_id = move(office, PRIYA, "Home", ("Agent", "Home"), *held)
    view = await opened(alex, "priya")
    assert next(each["value"] for each in await alex.suggest(view, admin_people.DIVISION, "")) == (
        admin_people.EVERYWHERE
    )
    form = await press(alex, view, admin_people.OPEN, "Priya")
    [own, *_] = await alex.suggest(form, admin_person_form.PICK_ROLES, "")
    assert own["text"]["text"] == "Administrator – Home"
    found = await alex.suggest(form, admin_person_form.PICK_ROLES, "superv 109")
    assert [each["text"]["text"] for each in found] == ["Supervisor – Team 109"]
    [team] = await alex.suggest(form, admin_person_form.PICK_DIVISION, "109")
    await alex.submit(form, {"division_id": team, "grants": found})
    await office.settle()
    with office.store.read() as tx:
        names, person = tx.people.divisions(), tx.people.get(person_id)
        grants = sorted((role, names[where]) for role, where in tx.people.grants(person_id))
    assert person
    assert names[person.division_id] == "Team 109"
    assert grants == [*held[99:], ("Supervisor", "Team 109")]


async def test_a_form_sent_untouched_changes_nothing(office: Office, alex: Actor) -> None:
    person_id = move(office, PRIYA, "Home", ("Agent", "Home"), ("Supervisor", "Sales"))
    move(office, JONAS, "Sales", ("Administrator", "Sales"))
    with office.store.begin() as tx:
        row = tx.people.for_change(person_id)
        manager = tx.people.by_slack(JONAS)
        assert row
        assert manager
        row.manager_id = manager.id
        row.working_hours = {"days": [0, 2, 3, 4, 6], "from": "08:30", "to": "12:00"}
        before = sorted(tx.people.grants(person_id))
    view = await opened(alex, "priya")
    form = await press(alex, view, admin_people.OPEN, "Priya")
    assert "don’t administer" in str(form.payload)
    await alex.submit(form)
    with office.store.read() as tx:
        person = tx.people.get(person_id)
        assert person
        assert person.working_hours == {"days": [0, 2, 3, 4, 6], "from": "08:30", "to": "12:00"}
        assert person.manager_id == manager.id
        assert sorted(tx.people.grants(person_id)) == before


async def test_what_an_administrator_sees_never_contains_another_division(
    office: Office, alex: Actor
) -> None:
    move(office, JONAS, "Secret Sales", ("Administrator", "Secret Sales"), ("Supervisor", "Home"))
    move(office, PRIYA, "Home", ("Agent", "Home"), ("Supervisor", "Secret Sales"))
    seen = [await opened(alex)]
    for action in (admin.DIVISIONS, admin.PEOPLE):
        await alex.click(seen[0], action, action)
        await office.settle()
        assert not {admin.ROLES, admin.POLICIES} & set(offered(seen[0]))
        assert "Jonas" not in str(seen[0].payload)
        assert "Secret" not in str(seen[0].payload)
    top = seen[0]
    form = await press(alex, top, admin_people.OPEN, "Priya")
    assert "Secret" not in str(form.payload)
    await alex.close(form)
    for account in (JONAS, "U0PAT"):
        await alex.click(top, admin_people.FIND, account)
        told = await alex.until(lambda me: loaded(me) if me.modal is not top else None)
        assert "isn’t there, or isn’t in a division of yours" in told.words
        await alex.close(told)


async def test_the_last_administrator_stays(office: Office, alex: Actor) -> None:
    form = await press(alex, await opened(alex, "alex"), admin_people.OPEN, "Alex")
    with pytest.raises(PersonRefusal) as refused:
        await alex.submit(form, {"grants": []})
    assert refused.value.errors == {
        "grants": "Nobody else administers Home. Make somebody else an administrator there first."
    }


async def test_divisions_are_added_and_renamed(office: Office, alex: Actor) -> None:
    view = await opened(alex)
    await alex.click(view, admin.DIVISIONS, admin.DIVISIONS)
    await office.settle()
    form = await press(alex, view, admin_divisions.ADD, "")
    with pytest.raises(PersonRefusal):
        await alex.submit(form, {"name": "home"})
    await alex.submit(form, {"name": "Sales"})
    await office.settle()
    assert "Sales\n  0 people" in view.words
    form = await press(alex, view, admin_divisions.RENAME, "Rename Sales")
    await alex.submit(form, {"name": "Support"})
    await office.settle()
    assert "Support" in view.words
    assert "Sales" not in view.words


async def test_what_a_role_may_do_is_ticked(office: Office, alex: Actor, dana: Actor) -> None:
    view = await opened(alex)
    await alex.click(view, admin.ROLES, admin.ROLES)
    await office.settle()
    await alex.click(view, admin_roles.PICK, admin.short("Agent"))
    form = await alex.until(lambda me: loaded(me) if me.modal is not view else None)
    with office.store.read() as tx:
        before = tx.people.roles()["Agent"]
    await alex.submit(form)
    await office.settle()
    with office.store.read() as tx:
        assert tx.people.roles()["Agent"] == before
    await alex.click(view, admin_roles.PICK, admin.short("Agent"))
    form = await alex.until(lambda me: loaded(me) if me.modal is not view else None)
    await alex.submit(form, {"permissions": ["coaching:appointment:view"]})
    await office.settle()
    with office.store.read() as tx:
        assert "coaching:appointment:participate" not in tx.people.roles()["Agent"]


async def test_a_policy_is_decided_and_taken_back(office: Office, alex: Actor) -> None:
    view = await opened(alex)
    await alex.click(view, admin.POLICIES, admin.POLICIES)
    await office.settle()
    assert admin_policies.DEFAULT not in offered(view)
    form = await press(alex, view, admin_policies.CHANGE, "Change: Longest session")
    with pytest.raises(PersonRefusal) as refused:
        await alex.submit(form, {"value": "forever"})
    assert refused.value.errors == {"value": "This must be a whole number from 1 to 1,440."}
    await alex.submit(form, {"value": "20"})
    await office.settle()
    assert "20 minutes" in view.words
    assert "Default: 60 minutes" in view.words
    assert office.context.policy.max_length_minutes == 20
    await alex.click(view, admin_policies.DEFAULT, button(view, admin_policies.DEFAULT, ""))
    await office.settle()
    assert "20 minutes" not in view.words
    assert office.context.policy.max_length_minutes == 60


@settings(max_examples=12)
@given(texts, texts, st.sampled_from((1, 2, 120)), st.booleans(), st.none() | texts)
def test_every_page_is_taken(
    text: str, name: str, count: int, some: bool, email: str | None
) -> None:
    divisions = tuple(
        coaching.DivisionChoice(f"{number:08d}-{'0' * 27}", name) for number in range(count)
    )
    line = coaching.MemberLine(
        person_id="0" * 36,
        name=text,
        email=email,
        division=text,
        roles=(text,) * 8 if some else (),
        is_deactivated=some,
    )
    people = coaching.PeoplePage(
        people=coaching.Page([line] * 10 if some else [], 25, 2, 10),
        query=coaching.PeopleQuery(
            words=admin_people.readable(text)[:50], division_id=divisions[0].division_id
        ),
        divisions=divisions,
        has_everything=some,
    )
    person = coaching.PersonPage(
        person_id="0" * 36,
        name=text,
        email=email,
        is_deactivated=some,
        timezone="Asia/Kolkata",
        division_id=divisions[-1].division_id,
        working_hours="Mon–Fri 09:00–17:00" if some else "",
        manager=email,
        manager_account=None,
        manager_is_elsewhere=some,
        divisions=divisions,
        roles=tuple(
            coaching.RoleChoice(f"{text}{number}", each.division_id, each.name, some)
            for each in divisions
            for number in range(5)
        ),
    )
    groups = coaching.DivisionsPage(
        tuple(coaching.DivisionLine(each.division_id, each.name, 3) for each in divisions), some
    )
    roles = [coaching.RoleLine(f"{text}{number}", number, 20) for number in range(len(divisions))]
    carried = admin_person_form.Carried("V0", '{"words":"x"}')
    views = (
        admin_people.view_of(people),
        admin_person_form.form(person, carried),
        admin_divisions.view_of(groups),
        admin_divisions.form(admin_divisions.Naming(), text[:255], problem=text),
        admin_roles.view_of(roles),
    )
    assert [find_view_faults(each.to_dict()) for each in views] == [[]] * len(views)


async def test_two_people_with_one_address_are_told_and_joined_by_one_press(
    office: Office, alex: Actor
) -> None:
    address = office.sandbox.world.directory.find(PRIYA).email
    office.sandbox.add_person(Person("U0PRIYA2", "priya", "Priya R."))
    await office.settle()
    await office.book("Call review", timedelta(hours=12), attendee="U0PRIYA2")
    view = await opened(alex)
    assert f"Slack gives {address} for both" in view.words
    await alex.click(view, admin_doubles.JOIN, button(view, admin_doubles.JOIN, "Join"))
    await office.settle()
    assert alex.modal
    assert "for both" not in alex.modal.words
    people = coaching.people_by_slack(office.context, [PRIYA, "U0PRIYA2"])
    assert people[PRIYA] == people["U0PRIYA2"]
    assert [each.name for each in office.cards(PRIYA)] == ["Call review"]


async def test_two_people_in_one_session_are_not_joined(office: Office, alex: Actor) -> None:
    office.sandbox.add_person(Person("U0DANA2", "dana", "Dana W."))
    await office.settle()
    await office.book("Call review", timedelta(hours=12), attendee="U0DANA2")
    view = await opened(alex)
    await alex.click(view, admin_doubles.JOIN, button(view, admin_doubles.JOIN, "Join"))
    await office.settle()
    assert alex.modal
    assert "Both take part in “Call review”" in alex.modal.words
