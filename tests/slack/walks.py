"""Walks through everything that is shown; each shows what it sees by a name of its own."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot import coaching
from bot.sandbox import Actor, Message, View
from bot.sandbox.conversations import GENERAL
from tests.slack.office import ALEX, DANA, JONAS, PRIYA, Office

Show = Callable[[str, View | Message], None]
Walk = Callable[[Office, Show], Awaitable[None]]
MEI, GRACE = "U0MEI", "U0GRACE"
NOW: Final = datetime(2026, 3, 2, 13, 30, tzinfo=UTC)
"""A Monday: half past eight in the morning for Dana, seven in the evening for Priya."""
FRIDAY_EVENING: Final = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENT: Final = timedelta(seconds=1)
TABS: Final = ("details", "attachments", "schedule", "notes")
LINKS: Final = ("https://meet.example.com/room", "https://northwind.slack.com/archives/C1/p123")
PUBLIC, PRIVATE = coaching.AccessType.PUBLIC, coaching.AccessType.PRIVATE


async def opened(office: Office, actor: Actor, words: str) -> View:
    await actor.command(f"/coach {words}")
    await office.settle()
    assert actor.modal
    return actor.modal


async def replied(office: Office, actor: Actor, words: str) -> Message:
    await actor.command(f"/coach {words}")
    await office.settle()
    return [each for each in actor.messages if each.only_for == actor.id][-1]


async def home_of(office: Office, actor: Actor) -> View:
    await actor.open_home()
    await office.settle()
    assert actor.home
    return actor.home


async def pressed(
    office: Office, actor: Actor, view: View, action_id: str, value: object = None
) -> View:
    await actor.click(view, action_id, value)
    await office.settle()
    return actor.modal or view


async def book(office: Office, name: str, after: timedelta, *, attendee: str = PRIYA) -> str:
    """Schedule a session that everybody hears of; the next thing happens a moment later."""
    await office.book(name, after, attendee=attendee)
    await office.settle()
    office.sandbox.clock.advance(MOMENT)
    return next(each.appointment_id for each in office.cards() if each.name == name)


def note(office: Office, where: str, text: str, kind: coaching.AccessType = PUBLIC) -> str:
    caller = office.caller(DANA)
    made = coaching.add_annotation(office.context, caller, where, text=text, access_type=kind)
    office.sandbox.clock.advance(MOMENT)
    return made.id


def change(office: Office, where: str, by: str = DANA, **values: object) -> None:
    changes = coaching.AppointmentChanges(**values)  # type: ignore[arg-type]
    coaching.change(office.context, office.caller(by), where, changes)
    office.sandbox.clock.advance(MOMENT)


def become(office: Office, where: str, status: coaching.Status) -> None:
    coaching.change_status(office.context, office.caller(DANA), where, status)


async def pass_time(office: Office, span: timedelta) -> None:
    office.sandbox.clock.advance(span)
    await office.settle()


async def new_form(office: Office, show: Show) -> None:
    dana = office.person(DANA)
    form = await opened(office, dana, "schedule")
    for tab in TABS:
        show(tab, await pressed(office, dana, form, f"session_tab_{tab}"))
    await pressed(office, dana, form, "session_tab_details")
    dana.fill(form, office.entries(location="Room 4", attendee_ids=[JONAS]))
    await pressed(office, dana, form, "session_tab_schedule")
    dana.fill(form, {"week-0": "1"})
    show("board", await pressed(office, dana, form, "session_check"))
    block = form.find_block("slot-0")
    assert block
    slot = block["element"]["option_groups"][0]["options"][0]["value"]
    show("board-picked", await pressed(office, dana, form, "session_slot", slot))
    await dana.close(form)
    show("resumed", await opened(office, dana, "schedule"))
    priya = office.person(PRIYA)
    show("not-allowed", await opened(office, priya, "schedule"))


async def words_form(office: Office, show: Show) -> None:
    dana = office.person(DANA)
    for name, words in (
        ("understood", "@Priya Raman tomorrow 3pm for 45m refunds"),
        ("question", "@Priya Raman fri 3 refunds"),
        ("unknown", "@Nobody Here tomorrow 3pm"),
    ):
        form = await opened(office, dana, f"schedule {words}")
        show(name, form)
        await dana.close(form)
    with office.store.begin() as tx:
        tx.drafts.drop(office.caller(DANA).person_id, "new")
    message = await office.person(PRIYA).say("That call went badly", conversation=GENERAL)
    await dana.shortcut("coach_on_this", message)
    await office.settle()
    assert dana.modal
    show("coach-on-this", dana.modal)


async def refused_form(office: Office, show: Show) -> None:
    dana = office.person(DANA)
    form = await opened(office, dana, "schedule")
    dana.fill(form, office.entries())
    await dana.submit(form)
    await office.settle()
    show("no-time", form)
    await book(office, "Refunds", 20 * HOUR)
    await pressed(office, dana, form, "session_time", office.now() + 20 * HOUR)
    await dana.submit(form)
    await office.settle()
    show("time-taken", form)
    await pressed(office, dana, form, "session_tab_attachments")
    dana.fill(form, {"external_links-0": "http://plain.example"})
    show("bad-link", await pressed(office, dana, form, "session_attach"))


async def full_week(office: Office, show: Show) -> None:
    office.sandbox.clock.move_to(FRIDAY_EVENING)
    dana = office.person(DANA)
    form = await opened(office, dana, "schedule @Jonas Beck refunds")
    await pressed(office, dana, form, "session_tab_schedule")
    show("nothing-free", await pressed(office, dana, form, "session_check"))


async def edit_form(office: Office, show: Show) -> None:
    where = await book(office, "Call review", 4 * HOUR)
    change(office, where, location="Room 4", external_links=LINKS, conversation_ids=("0a1b-22",))
    note(office, where, "Well done")
    note(office, where, "Considering a move to another team", PRIVATE)
    dana, priya = office.person(DANA), office.person(PRIYA)
    for name, actor in (("organizer", dana), ("attendee", priya)):
        form = await opened(office, actor, "edit call")
        for tab in TABS:
            show(f"{name}-{tab}", await pressed(office, actor, form, f"session_tab_{tab}"))
        await actor.close(form)
    form = await opened(office, dana, "edit call")
    dana.fill(form, {"name-0": "Refunds"})
    change(office, where, ALEX, name="Billing")
    show("changed-meanwhile", await pressed(office, dana, form, "session_tab_details"))
    await dana.close(form)
    show("resumed", await opened(office, dana, "edit billing"))


async def later_form(office: Office, show: Show) -> None:
    where = await book(office, "Call review", HOUR)
    dana = office.person(DANA)
    for status in (coaching.Status.IN_PROGRESS, coaching.Status.COMPLETED):
        become(office, where, status)
        form = await opened(office, dana, "edit call")
        for tab in TABS:
            show(f"{status}-{tab}", await pressed(office, dana, form, f"session_tab_{tab}"))
        await dana.close(form)
    await book(office, "Refunds", 20 * HOUR)
    form = await opened(office, dana, "edit refunds")
    dana.fill(form, {"name-0": "Typed at length"})
    await pressed(office, dana, form, "session_delete")
    show("deleted", form)
    show("which", await opened(office, office.person(JONAS), "edit"))


async def notes(office: Office, show: Show) -> None:
    where = await book(office, "Call review", 4 * HOUR)
    dana, priya = office.person(DANA), office.person(PRIYA)
    show("empty", await opened(office, dana, "note call"))
    note(office, where, "Well done")
    made = note(office, where, "Considering a move to another team", PRIVATE)
    view = await opened(office, dana, "note call")
    show("organizer", view)
    show("attendee", await opened(office, priya, "note call"))
    value = next(
        element["value"]
        for block in view.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "edit_note" and made in element["value"]
    )
    show("edit", await pressed(office, dana, view, "edit_note", value))
    for number in range(5):
        note(office, where, f"Note {number}")
    show("first-page", await opened(office, priya, "note call"))
    show("menu", await opened(office, priya, "note"))
    show("nothing-found", await opened(office, priya, "note zebra"))
    show("no-sessions", await opened(office, office.person(MEI), "note"))


async def status(office: Office, show: Show) -> None:
    where = await book(office, "Call review", HOUR)
    dana = office.person(DANA)
    show("scheduled", await opened(office, dana, "status call"))
    show("attendee", await opened(office, office.person(PRIYA), "status call"))
    become(office, where, coaching.Status.IN_PROGRESS)
    office.sandbox.clock.advance(MOMENT)
    show("in-progress", await opened(office, dana, "status call"))
    become(office, where, coaching.Status.COMPLETED)
    show("completed", await opened(office, dana, "status call"))


async def lists(office: Office, show: Show) -> None:
    dana = office.person(DANA)
    for word in ("", "today", "overdue", "completed", "team", "next week"):
        show(
            f"no-{word or 'coming'}".replace(" ", "-"), await replied(office, dana, f"list {word}")
        )
    for number in range(7):
        await book(office, f"Session {number}", (2 + number) * HOUR)
    first = await replied(office, dana, "list")
    show("first-page", first)
    await dana.click(first, "list_next")
    await office.settle()
    show("last-page", first)
    show("person", await replied(office, dana, "list @Priya Raman"))
    show("attendee", await replied(office, office.person(PRIYA), "list today"))
    await pass_time(office, 3 * HOUR)
    show("overdue", await replied(office, dana, "list overdue"))
    show("typing-error", await replied(office, dana, "list overdeu"))


async def inbox(office: Office, show: Show) -> None:
    priya = office.person(PRIYA)
    show("empty", await replied(office, priya, "inbox"))
    for number in range(6):
        await book(office, f"Session {number}", (2 + number) * HOUR)
    first = await replied(office, priya, "inbox")
    show("unread", first)
    await priya.click(first, "inbox_next")
    await office.settle()
    show("last-page", first)
    home = await home_of(office, priya)
    show("page", await pressed(office, priya, home, "open_inbox"))
    await priya.click(first, "mark_all_as_read")
    await office.settle()
    show("all-read", first)


async def report(office: Office, show: Show) -> None:
    dana = office.person(DANA)
    show("nothing", await replied(office, dana, "report next week"))
    for number in range(4):
        where = await book(
            office, f"S{number}", (2 + number) * HOUR, attendee=PRIYA if number else JONAS
        )
        if number < 2:
            become(office, where, coaching.Status.COMPLETED)
    show("team", await replied(office, dana, "report 2026-03-02..2026-03-15"))
    show("oneself", await replied(office, office.person(PRIYA), "report today"))
    show("refused", await replied(office, office.person(PRIYA), "report team"))
    [shared] = [each for each in office.person(PRIYA).messages if each.files]
    show("files", shared)


async def settings(office: Office, show: Show) -> None:
    dana = office.person(DANA)
    view = await opened(office, dana, "settings")
    show("supervisor", view)
    show("agent", await opened(office, office.person(PRIYA), "settings"))
    dana.fill(view, {"hours": "24", "quiet": "own", "quiet_from": "22:00", "quiet_to": "06:30"})
    dana.fill(view, {"agenda_at": "08:00", "weekly_digest": ["digest"]})
    await dana.submit(view)
    show("saved", view)
    await dana.close(view)
    show("chosen", await opened(office, dana, "settings"))


async def admin(office: Office, show: Show) -> None:
    alex = office.person(ALEX)
    view = await opened(office, alex, "admin")
    show("people", view)
    show("find", await pressed(office, alex, view, "admin_search", "priya"))
    show("nobody", await pressed(office, alex, view, "admin_search", "zebra"))
    form = await pressed(office, alex, view, "admin_find", PRIYA)
    show("person", form)
    await alex.close(form)
    show("divisions", await pressed(office, alex, view, "admin_divisions"))
    form = await pressed(office, alex, view, "admin_add_division")
    show("division", form)
    await alex.close(form)
    show("roles", await pressed(office, alex, view, "admin_roles"))
    [menu] = [
        element
        for block in view.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "admin_role"
    ]
    form = await pressed(office, alex, view, "admin_role", menu["options"][0])
    show("role", form)
    await alex.close(form)
    show("policies", await pressed(office, alex, view, "admin_policies"))
    value = next(
        element["value"]
        for block in view.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "admin_change_policy"
    )
    show("policy", await pressed(office, alex, view, "admin_change_policy", value))
    show("refused", await opened(office, office.person(DANA), "admin"))


async def helps(office: Office, show: Show) -> None:
    for name, who in (("agent", PRIYA), ("supervisor", DANA), ("administrator", ALEX)):
        show(name, await replied(office, office.person(who), "help"))
    show("typing-error", await replied(office, office.person(PRIYA), "lst"))
    show("nothing-like-it", await replied(office, office.person(PRIYA), "zebra"))


async def messages(office: Office, show: Show) -> None:
    dana, priya = office.person(DANA), office.person(PRIYA)
    where = await book(office, "Call review", 2 * DAY)
    show("scheduled", dana.messages[-1])
    show("created", priya.messages[-1])
    created = priya.messages[-1]
    change(office, where, location="Room 4", external_links=LINKS)
    await office.settle()
    show("changed", priya.messages[-1])
    change(office, where, starts_at=office.now() + 26 * HOUR)
    await office.settle()
    show("moved", priya.messages[-1])
    show("moved-struck", created)
    await priya.click(priya.messages[-1], "mark_as_read")
    await office.settle()
    show("read", priya.messages[-1])
    made = note(office, where, "Well done")
    await office.settle()
    show("note-added", priya.messages[-1])
    caller = office.caller(DANA)
    coaching.edit_annotation(office.context, caller, where, made, text="Very well done")
    office.sandbox.clock.advance(MOMENT)
    await office.settle()
    show("note-edited", priya.messages[-1])
    coaching.delete_annotation(office.context, caller, where, made)
    office.sandbox.clock.advance(MOMENT)
    await office.settle()
    show("note-removed", priya.messages[-1])
    coaching.delete(office.context, caller, where)
    await office.settle()
    show("cancelled", priya.messages[-1])
    show("cancelled-before", created)


async def steps(office: Office, show: Show) -> None:
    dana, priya = office.person(DANA), office.person(PRIYA)
    await book(office, "Call review", 2 * HOUR)
    own = dana.messages[-1]
    await dana.click(own, "start")
    await office.settle()
    show("in-progress", own)
    show("started", priya.messages[-1])
    office.sandbox.clock.advance(MOMENT)
    await dana.click(own, "complete")
    await office.settle()
    show("completed-with-undo", own)
    show("completed", priya.messages[-1])
    await dana.click(own, "undo_completion")
    await office.settle()
    show("undone", priya.messages[-1])


async def reminders(office: Office, show: Show) -> None:
    office.grant(GRACE, "Quality Manager")
    dana, priya = office.person(DANA), office.person(PRIYA)
    changes = coaching.SettingsChanges(agenda_at=time(20), quiet=coaching.Quiet.NEVER, hours=24)
    coaching.change_settings(office.context, office.caller(PRIYA), changes)
    digest = coaching.SettingsChanges(weekly_digest=True, quiet=coaching.Quiet.NEVER)
    coaching.change_settings(office.context, office.caller(DANA), digest)
    await book(office, "Call review", 3 * HOUR)
    await pass_time(office, HOUR)
    show("agenda", priya.messages[-1])
    await pass_time(office, HOUR)
    show("reminder", dana.messages[-1])
    show("reminder-24-hours", priya.messages[-1])
    reminder = dana.messages[-1]
    menus = [each for block in reminder.blocks for each in block.get("elements", ())]
    [menu] = [each for each in menus if each.get("action_id") == "snooze"]
    await dana.click(reminder, "snooze", menu["options"][0])
    await office.settle()
    show("reminder-put-off", reminder)
    await pass_time(office, HOUR)
    show("reminder-late", dana.messages[-1])
    await pass_time(office, HOUR)
    show("overdue", dana.messages[-1])
    for _ in range(8 * 24):
        await pass_time(office, HOUR)
    show("digest", next(m for m in reversed(dana.messages) if "in your team" in m.words))
    [escalated] = [m for m in office.person(GRACE).messages if "overdue since" in m.words]
    show("escalation", escalated)


async def unreachable(office: Office, show: Show) -> None:
    where = await book(office, "Call review", DAY)
    dana = office.person(DANA)
    show("why", await opened(office, dana, "why call"))
    office.sandbox.deactivate(PRIYA)
    await office.settle()
    change(office, where, starts_at=office.now() + 30 * HOUR)
    await office.settle()
    show("told", dana.messages[-1])
    show("why-not", await opened(office, dana, "why call"))


async def homes(office: Office, show: Show) -> None:
    dana, priya = office.person(DANA), office.person(PRIYA)
    show("newcomer", await home_of(office, office.person(MEI)))
    show("supervisor-empty", await home_of(office, dana))
    for number in range(3):
        await book(office, f"Session {number}", (1 + 15 * number) * HOUR)
    await pass_time(office, 2 * HOUR)
    show("agent", await home_of(office, priya))
    home = await home_of(office, dana)
    show("supervisor", home)
    show("team-person", await pressed(office, dana, home, "team_person", PRIYA))
    show("team-planned", await pressed(office, dana, home, "team_kind", "planned"))
    show("team-none", await pressed(office, dana, home, "team_kind", "completed"))
    await pressed(office, dana, home, "team_everybody")
    show("team-next-month", await pressed(office, dana, home, "team_period", "next_month"))


WALKS: Final[Mapping[str, Walk]] = {
    "new-form": new_form,
    "words-form": words_form,
    "refused-form": refused_form,
    "full-week": full_week,
    "edit-form": edit_form,
    "later-form": later_form,
    "notes": notes,
    "status": status,
    "lists": lists,
    "inbox": inbox,
    "report": report,
    "settings": settings,
    "admin": admin,
    "help": helps,
    "messages": messages,
    "steps": steps,
    "reminders": reminders,
    "unreachable": unreachable,
    "home": homes,
}
