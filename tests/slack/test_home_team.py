"""The Home tab of those who lead others, and how every Home tab is kept true."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot import coaching
from bot.sandbox import Actor, Sandbox, View
from bot.sandbox.cast import Person, northwind
from storage.transaction import Store
from tests.clocks import running_sandbox_clock
from tests.queries import counting
from tests.slack.gate import GatedHop
from tests.slack.office import DANA, JONAS, PRIYA, Office, form_of, offered
from tests.slack.office import opened as office_opened

WITHIN = 5.0
"""Seconds in which a page must be true again."""
LONG_ENOUGH = 4.5
"""Seconds in which the question is asked twice."""
VIEWERS = 50


def home_of(actor: Actor) -> View:
    assert actor.home
    return actor.home


async def opened(office: Office, actor: Actor) -> str:
    await actor.open_home()
    await office.settle()
    return home_of(actor).words


async def clicked(office: Office, actor: Actor, action_id: str, value: object = None) -> str:
    await actor.click(home_of(actor), action_id, value)
    await office.settle()
    return home_of(actor).words


def published(office: Office) -> int:
    return len(office.sandbox.calls.to("views.publish"))


def change_name(office: Office, name: str) -> None:
    """Change the one session as another front end would, which tells the front end nothing."""
    made = office.cards()[0].appointment_id
    caller = coaching.Caller(office.caller(DANA).person_id, coaching.Source.REST)
    coaching.change(office.context, caller, made, coaching.AppointmentChanges(name=name))


async def test_a_supervisor_sees_the_team_and_opens_one_person(office: Office, dana: Actor) -> None:
    await office.book("Listening", timedelta(minutes=30))
    words = await opened(office, dana)
    assert "Your team" in words
    assert "1 planned" in words
    everybody = offered(home_of(dana))
    assert {"team_person", "team_kind", "team_period"} <= set(everybody)
    assert "team_division" not in everybody, "there is one division only"
    words = await clicked(office, dana, "team_person", PRIYA)
    assert words.count("Listening") > words.split("Your team")[0].count("Listening")
    assert "start" in offered(home_of(dana))
    words = await clicked(office, dana, "team_kind", "completed")
    assert "No sessions to show here" in words.split("Your team")[1]
    assert "start" not in words.split("Your team")[1]
    words = await clicked(office, dana, "team_everybody")
    assert "completed here" in words, "the status is kept"


async def test_what_is_looked_at_survives_what_happens_meanwhile(
    office: Office, dana: Actor
) -> None:
    await office.book("Listening", timedelta(hours=30))
    await opened(office, dana)
    await clicked(office, dana, "team_period", "next_month")
    await clicked(office, dana, "team_person", PRIYA)
    await office.book("Talking", timedelta(hours=31))
    office.front.shell.changed_for(DANA)
    await office.settle()
    after = home_of(dana)
    assert "Talking" in after.words
    assert "Show everybody" in after.words
    for action_id, value in (("team_period", "next_month"), ("team_person", PRIYA)):
        element = next(
            each
            for block in after.blocks
            for each in block.get("elements", ())
            if each.get("action_id") == action_id
        )
        shown = element.get("initial_user") or element["initial_option"]["value"]
        assert shown == value


async def test_an_account_that_is_nobodys_gets_one_sentence(office: Office, dana: Actor) -> None:
    """A person of another division, and an account that nobody has met, look alike."""
    with office.store.begin() as tx:
        other = tx.people.ensure_division("Sales")
        jonas = tx.people.by_slack(JONAS)
        assert jonas
        row = tx.people.for_change(jonas.id)
        assert row
        row.division_id = other
    await opened(office, dana)
    found = {await clicked(office, dana, "team_person", each) for each in (JONAS, "U0COACHBOT")}
    assert len(found) == 1
    [words] = found
    assert "isn’t somebody you lead" in words
    assert "Jonas" not in words


async def test_a_change_through_another_door_is_shown_within_five_seconds(
    office: Office, dana: Actor, priya: Actor
) -> None:
    await office.book("Before", timedelta(hours=3))
    for actor in (dana, priya):
        assert "Before" in await opened(office, actor)
    change_name(office, "Afterwards")
    for actor in (dana, priya):
        await actor.until(lambda me: "Afterwards" in home_of(me).words or None, seconds=WITHIN)


async def test_what_time_alone_changes_is_shown_within_five_seconds(
    office: Office, priya: Actor
) -> None:
    await office.book("Listening", timedelta(hours=1))
    words = await opened(office, priya)
    assert "Overdue" not in words
    office.sandbox.clock.advance(timedelta(hours=1, minutes=31))
    await priya.until(lambda me: "Overdue" in home_of(me).words or None, seconds=WITHIN)


async def test_nothing_is_published_where_nothing_shown_has_changed(
    office: Office, dana: Actor, priya: Actor
) -> None:
    """Jonas' session is none of Priya's; Dana's page shows it, so the change was looked at."""
    await opened(office, dana)
    before_words = await opened(office, priya)
    await office.book("His", timedelta(hours=3), attendee=JONAS)
    await dana.until(lambda me: "His" in home_of(me).words or None, seconds=WITHIN)
    mine = [
        call
        for call in office.sandbox.calls.to("views.publish")
        if call.arguments["user_id"] == PRIYA
    ]
    assert len(mine) == 1
    assert home_of(priya).words == before_words
    before = published(office)
    await asyncio.sleep(LONG_ENOUGH)
    assert published(office) == before


async def test_the_question_is_asked_only_while_somebody_looks(office: Office, dana: Actor) -> None:
    async def asked() -> int:
        with counting(office.store) as count:
            await asyncio.sleep(LONG_ENOUGH)
        return sum("max(audit.id)" in each for each in count.statements)

    assert await asked() == 0
    await opened(office, dana)
    assert await asked() in (1, 2, 3)
    await office.front.connection.stop()
    assert await asked() == 0


async def test_a_page_that_another_process_keeps_true_is_left_to_it(
    office: Office, dana: Actor
) -> None:
    """The other one knows what is looked at now; this one knows it again at the next press."""
    await office.book("Before", timedelta(hours=3))
    await opened(office, dana)
    notes = '{"period":"next_month"}'
    theirs = home_of(dana).payload | {"private_metadata": notes}
    office.sandbox.world.views.publish(DANA, theirs)
    change_name(office, "Afterwards")
    await asyncio.sleep(LONG_ENOUGH)
    assert "Afterwards" not in home_of(dana).words
    assert home_of(dana).payload["private_metadata"] == notes
    await clicked(office, dana, "team_kind", "planned")
    assert "Afterwards" in home_of(dana).words
    assert "next_month" in home_of(dana).payload["private_metadata"]


async def test_slack_is_waited_for_as_it_asks_and_others_go_on(
    office: Office, dana: Actor, priya: Actor
) -> None:
    await office.book("Before", timedelta(hours=3))
    await opened(office, dana)
    await opened(office, priya)
    office.sandbox.faults.add("views.publish", "ratelimited", seconds=3)
    change_name(office, "Afterwards")
    began = asyncio.get_running_loop().time()
    both = [
        actor.until(lambda me: "Afterwards" in home_of(me).words or None, seconds=12)
        for actor in (dana, priya)
    ]

    async def timed(waiting: object) -> float:
        await waiting  # type: ignore[misc]
        return asyncio.get_running_loop().time() - began

    first, last = sorted(await asyncio.gather(*map(timed, both)))
    assert first < WITHIN
    assert last > 3


@pytest.fixture
async def crowded(sqlite_store: Store, hop: GatedHop) -> AsyncIterator[Office]:
    """An office in which fifty people look at their Home tab."""
    extra = [
        Person(f"U0CROWD{n}", f"crowd{n}", f"Crowd {n}", "Agent", "UTC") for n in range(VIEWERS)
    ]
    async with (
        Sandbox(clock=running_sandbox_clock(), cast=northwind(extra)) as sandbox,
        office_opened(sqlite_store, sandbox, hop) as office,
    ):
        yield office


async def test_fifty_who_look_cost_one_page_each_for_many_changes(crowded: Office) -> None:
    """All of them attend one session, of which ten things change at once."""
    accounts = [f"U0CROWD{n}" for n in range(VIEWERS)]
    people = coaching.people_by_slack(crowded.context, accounts)
    request = coaching.NewAppointment(
        name="All hands",
        description="Everybody",
        starts_at=crowded.now() + timedelta(hours=3),
        length_minutes=30,
        attendee_ids=list(people.values()),
    )
    coaching.schedule(crowded.context, crowded.caller(DANA), request)
    actors = [crowded.person(each) for each in accounts]
    for actor in actors:
        await actor.open_home()
    await crowded.sandbox.dispatcher.settle()
    await crowded.front.shell.running.drain(timedelta(seconds=30))
    before = published(crowded)
    for number in range(10):
        change_name(crowded, f"All hands {number}")
    for actor in actors:
        await actor.until(lambda me: "All hands 9" in home_of(me).words or None, seconds=10)
    assert published(crowded) - before <= 2 * VIEWERS
    assert form_of(actors[0]) is None
