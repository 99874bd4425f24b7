"""The Home tab: what matters first, and always what is true now."""

from datetime import timedelta

from bot import coaching
from bot.sandbox import Actor, View
from bot.sandbox.limits import words_of
from tests.slack.office import DANA, SOON, Office, offered

NAMES = ("Later", "Now", "Missed")


async def opened(office: Office, actor: Actor) -> str:
    await actor.open_home()
    await office.settle()
    assert actor.home
    return actor.home.words


async def test_somebody_without_sessions_is_greeted_warmly(
    office: Office, dana: Actor, priya: Actor
) -> None:
    assert "Schedule the first one" in await opened(office, dana)
    assert "Enjoy the quiet" in await opened(office, priya)
    assert dana.home
    assert priya.home
    assert offered(dana.home)[:2] == ["open_schedule", "open_inbox"]
    assert offered(priya.home) == ["open_inbox"]


async def test_what_matters_stands_first(office: Office, dana: Actor) -> None:
    office.sandbox.clock.move_to(office.now().replace(hour=15, minute=0, second=0))
    for name, after in zip(NAMES, (49, 2, 1), strict=True):
        await office.book(name, timedelta(hours=after))
    office.sandbox.clock.advance(timedelta(minutes=110))
    await office.settle()
    await opened(office, dana)
    assert dana.home
    hello, unread, today, ahead, team = sections(dana.home)
    assert "Your team" in team
    assert "Hello Dana" in hello
    assert "unread" in unread
    assert "should be over" in unread
    assert "Overdue" in unread, "what an unread notice asks about is not listed once more"
    assert ("Today" in today, "Next" in ahead) == (True, True)
    assert "Missed" in unread
    assert [name for name in NAMES if name in today] == ["Now"]
    assert [name for name in NAMES if name in ahead] == ["Later"]


async def test_overdue_sessions_that_nothing_unread_asks_about_stand_below(
    office: Office, dana: Actor
) -> None:
    office.sandbox.clock.move_to(office.now().replace(hour=15, minute=0, second=0))
    for name, after in zip(("Asked", "Read"), (1, 2), strict=True):
        await office.book(name, timedelta(hours=after))
    office.sandbox.clock.advance(timedelta(hours=3))
    await office.settle()
    caller = office.caller(DANA)
    [read] = [
        each.notification_id
        for each in coaching.inbox(office.context, caller).page.entities
        if each.card.name == "Read" and each.action_type is coaching.ActionType.OVERDUE
    ]
    coaching.mark_as_read(office.context, caller, read)
    await opened(office, dana)
    assert dana.home
    overdue = next(each for each in sections(dana.home) if each.startswith("Also overdue"))
    assert ("Read" in overdue, "Asked" in overdue) == (True, False)


def sections(view: View) -> list[str]:
    """The words of a page, divided at its headings."""
    found: list[str] = []
    for block in view.blocks:
        if block["type"] == "header":
            found.append("")
        found[-1] += "\n".join(words_of(block)) + "\n"
    return found


async def test_it_follows_what_one_does_and_what_one_is_told(
    office: Office, dana: Actor, priya: Actor
) -> None:
    await opened(office, dana)
    await opened(office, priya)
    await office.book("Call review", timedelta(hours=12))
    await office.settle()
    assert dana.home
    assert priya.home
    assert "Call review" in dana.home.words
    assert "1 unread" in priya.home.words
    coaching.delete(office.context, office.caller(DANA), office.cards()[0].appointment_id)
    await office.settle()
    assert "cancelled" in priya.home.words.casefold()


async def test_nothing_is_published_for_somebody_who_never_looked(office: Office) -> None:
    await office.book("Call review", timedelta(hours=12))
    await office.settle()
    assert office.sandbox.calls.to("views.publish") == []


async def test_a_page_that_somebody_else_published_meanwhile_is_built_anew(
    office: Office, dana: Actor
) -> None:
    await opened(office, dana)
    assert dana.home
    office.sandbox.world.views.publish(DANA, dana.home.payload)
    await office.book("Call review", timedelta(hours=3))
    office.front.shell.changed_for(DANA)
    await office.front.shell.running.drain(SOON)
    assert "Call review" in dana.home.words
    assert [call.answer["error"] for call in office.sandbox.calls.refused() if call.answer] == [
        "hash_conflict"
    ]


async def test_many_changes_at_once_are_shown_in_few_pages(office: Office, dana: Actor) -> None:
    await opened(office, dana)
    before = len(office.sandbox.calls.to("views.publish"))
    await office.book("Call review", timedelta(hours=3))
    for _ in range(50):
        office.front.shell.changed_for(DANA)
    await office.settle()
    assert len(office.sandbox.calls.to("views.publish")) - before == 1


async def test_more_than_fits_is_counted(office: Office, priya: Actor) -> None:
    for number in range(14):
        await office.book(f"Session {number}", timedelta(days=number + 1))
    await office.settle()
    words = await opened(office, priya)
    assert "9 more in /coach inbox" in words
    assert "6 more in /coach list" in words
