"""Notes: seen by the right people only, added once, changed and removed in place."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.sandbox import Actor, PersonRefusal, View
from bot.sandbox.limits import find_view_faults
from bot.sandbox.wire import payloads
from bot.slack.lists import choosing
from bot.slack.notes import form as notes_form
from bot.slack.notes import noting
from tests.slack.extremes import texts
from tests.slack.office import DANA, JONAS, Office, offered

SECRET = "Considering a move to another team"


@pytest.fixture(autouse=True)
async def session(office: Office) -> str:
    """A session of Dana with Priya."""
    await office.book("Call review", timedelta(hours=3))
    return office.cards()[0].appointment_id


def loaded(me: Actor) -> View | None:
    return me.modal if me.modal and "Looking" not in me.modal.words else None


async def notes_of(actor: Actor, words: str = "call") -> View:
    await actor.command(f"/coach note {words}")
    return await actor.until(loaded)


def block(view: View, name: str) -> str:
    return next(each for each in view.values if each.startswith(name))


async def add(view: View, actor: Actor, text: str, *, private: bool = False) -> None:
    values: dict[str, object] = {block(view, "text"): text}
    if private:
        values[block(view, "private")] = ["private"]
    await actor.submit(view, values)


async def test_what_is_private_is_shown_to_those_who_lead_alone(
    office: Office, dana: Actor, priya: Actor
) -> None:
    view = await notes_of(dana)
    assert "No notes yet" in view.words
    await add(view, dana, SECRET, private=True)
    await add(view, dana, "Well done")
    assert view.words.index("Well done") < view.words.index(SECRET), "the newest stands first"
    assert view.words.count("🔒 Only organizer or facilitator") == 1
    assert "Dana Whitfield\n · today at" in view.words
    theirs = await notes_of(priya)
    assert "Well done" in theirs.words
    assert SECRET not in str(theirs.payload)
    assert "organizer or facilitator" not in str(theirs.payload)
    assert offered(theirs) == [], "who may not change a note is not offered to"
    await add(theirs, priya, "Thank you")
    assert "Thank you" in theirs.words
    jonas = office.person(JONAS)
    other = await notes_of(jonas)
    assert "can’t find a session" in other.words
    assert SECRET not in str(other.payload)


def view_id(office: Office) -> str:
    return office.cards()[0].appointment_id


async def test_a_form_that_is_delivered_twice_adds_one_note(office: Office, dana: Actor) -> None:
    view = await notes_of(dana)
    dana.fill(view, {block(view, "text"): "Once"})
    sent = [payloads.view_submission(office.sandbox.world, dana.profile, view) for _ in range(3)]
    await asyncio.gather(*map(office.sandbox.dispatcher.ask, sent[:2]))
    await office.sandbox.dispatcher.ask(sent[2])
    page = coaching.notes_page(office.context, office.caller(DANA), view_id(office))
    assert [each.text for each in page.entries.entities] == ["Once"]


async def test_a_note_is_written_anew_over_the_page_and_removed_in_place(
    office: Office, dana: Actor
) -> None:
    view = await notes_of(dana)
    await add(view, dana, "Frist draft")
    await dana.click(view, "edit_note")
    form = await dana.until(lambda me: me.modal if "text" in (me.modal or view).values else None)
    assert form.values["text"]["typed"]["value"] == "Frist draft"
    with pytest.raises(PersonRefusal) as refused:
        await dana.submit(form, {"text": "   "})
    assert list(refused.value.errors) == ["text"]
    await dana.submit(form, {"text": "First draft"})
    await office.settle()
    assert dana.modals == [view]
    assert "First draft" in view.words
    assert "Frist" not in view.words
    twin = payloads.view_action(office.sandbox.world, dana.profile, view, press(view))
    await dana.click(view, "remove_note")
    await office.settle()
    assert "No notes yet" in view.words
    await office.sandbox.dispatcher.ask(twin)
    await office.settle()
    assert dana.modals == [view], "a second press scolds nobody"


def press(view: View) -> dict[str, object]:
    element = next(
        element
        for each in view.blocks
        for element in each.get("elements", ())
        if element.get("action_id") == "remove_note"
    )
    return {"type": "button", "action_id": "remove_note", "value": element["value"]}


async def test_what_is_empty_is_refused_under_the_note(dana: Actor) -> None:
    view = await notes_of(dana)
    with pytest.raises(PersonRefusal) as refused:
        await add(view, dana, "  ")
    assert list(refused.value.errors) == [block(view, "text")]


async def test_a_session_is_picked_where_several_are_meant(office: Office, priya: Actor) -> None:
    await office.book("Call review", timedelta(hours=30))
    menu = await notes_of(priya, "review @Dana Whitfield")
    assert offered(menu) == ["notes_pick"]
    options = await priya.suggest(menu, "notes_pick", "")
    assert len(options) == 2
    assert options[0]["text"]["text"].startswith("Call review · Dana Whitfield · to")
    assert await priya.suggest(menu, "notes_pick", "nothing like it") == []
    assert await priya.suggest(menu, "notes_pick", "call dana") == options
    await priya.click(menu, "notes_pick", options[1])
    await office.settle()
    assert "No notes yet" in menu.words


async def test_older_notes_are_a_page_away(office: Office, dana: Actor) -> None:
    for number in range(6):
        office.sandbox.clock.advance(timedelta(seconds=1))
        coaching.add_annotation(
            *(office.context, office.caller(DANA), view_id(office)),
            text=f"Note {number}",
            access_type=coaching.AccessType.PUBLIC,
        )
    view = await notes_of(dana)
    assert "Note 0" not in view.words
    await dana.click(view, "notes_older")
    await office.settle()
    assert "Note 0" in view.words
    assert "Note 1" not in view.words


async def test_a_session_that_is_gone_is_said_to_be_gone(office: Office, dana: Actor) -> None:
    view = await notes_of(dana)
    coaching.delete(office.context, office.caller(DANA), view_id(office))
    with pytest.raises(PersonRefusal) as refused:
        await add(view, dana, "Too late")
    assert "isn’t there any more" in str(refused.value.errors)


@settings(max_examples=30)
@given(texts, texts, st.booleans(), st.booleans(), st.integers(0, 5))
def test_every_page_of_notes_is_taken(
    text: str, name: str, may_add: bool, may_add_private: bool, count: int
) -> None:
    note = coaching.NoteCard(
        annotation_id="0" * 36,
        text=text,
        author=name,
        when="today at 3:05 pm",
        is_private=may_add_private,
        is_edited=may_add,
        may_edit=True,
        may_delete=True,
    )
    page = coaching.NotesPage(
        appointment_id="0" * 36,
        title=name,
        entries=coaching.Page([note] * count, 12, 2, 5),
        may_add=may_add,
        may_add_private=may_add_private,
    )
    assert find_view_faults(notes_form.form(page).to_dict()) == []
    choice = coaching.SessionChoice(appointment_id="0" * 36, name=name, who=text, when="today")
    subject = choosing.Subject("Notes", noting.PICK, noting.page_of)
    menu = choosing.menu(subject, [choice], problem=text)
    assert find_view_faults(menu.to_dict()) == []
