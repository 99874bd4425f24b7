"""The form of a session that is there: four tabs, a draft, and what others may do and see."""

import asyncio
from datetime import timedelta

import pytest

from bot import coaching
from bot.sandbox import Actor, PersonRefusal, View
from bot.slack.session.frame import name_of
from tests.slack.gate import GatedHop
from tests.slack.office import ALEX, DANA, JONAS, PRIYA, Office, form_of
from tests.slack.test_session_new import held

SECRET = "Considering a move to another team"


@pytest.fixture(autouse=True)
async def session(office: Office) -> str:
    """A session of Dana with Priya."""
    await office.book("Call review", timedelta(hours=30))
    return office.cards()[0].appointment_id


def ready(me: Actor) -> View | None:
    return me.modal if me.modal and "Getting" not in me.modal.words else None


async def edit(actor: Actor, words: str = "call") -> View:
    await actor.command(f"/coach edit {words}")
    return await actor.until(
        lambda me: ready(me) if me.modal and "Looking" not in me.modal.words else None
    )


def card(office: Office) -> coaching.Card:
    return office.cards()[0]


async def test_what_is_typed_survives_every_tab_and_is_saved_at_once(
    office: Office, dana: Actor
) -> None:
    form = await edit(dana)
    dana.fill(form, {"name-0": "Refund calls", "location-0": "Room 4"})
    await office.press(DANA, form, "session_tab_attachments")
    dana.fill(form, {"conversation_ids-0": "0a1b-22", "external_links-0": "https://a.example/b"})
    await office.press(DANA, form, "session_attach")
    assert "Interaction: " in form.words
    assert held_text(form, "external_links") is None, "the field starts anew"
    await office.press(DANA, form, "session_tab_schedule")
    await office.press(DANA, form, "session_time", office.now() + timedelta(hours=40))
    await office.press(DANA, form, "session_tab_notes")
    dana.fill(form, {"note-0": SECRET, "note_is_private-0": ["private"]})
    await office.press(DANA, form, "session_tab_details")
    assert (held(form, "name"), held(form, "location")) == ("Refund calls", "Room 4")
    assert card(office).name == "Call review", "nothing is saved yet"
    await dana.submit(form)
    await office.settle()
    found = card(office)
    assert (found.name, found.location) == ("Refund calls", "Room 4")
    assert found.conversation_ids == ("0a1b-22",)
    assert found.external_links == ("https://a.example/b",)
    page = coaching.notes_page(office.context, office.caller(DANA), found.appointment_id)
    assert [(each.text, each.is_private) for each in page.entries.entities] == [(SECRET, True)]
    assert not office.sandbox.calls.refused()


def held_text(form: View, name: str) -> object:
    [block] = [each for each in form.values if name_of(each) == name]
    return next(iter(form.values[block].values()))["value"]


async def test_a_form_closed_by_accident_goes_on_where_it_was(office: Office, dana: Actor) -> None:
    form = await edit(dana)
    await dana.click(form, "session_typed", "Refund calls", block_id="name-0")
    await office.settle()
    await dana.close(form)
    form = await edit(dana)
    assert "You began this" in form.words
    assert held(form, "name") == "Refund calls"
    await office.press(DANA, form, "session_start_over")
    assert held(form, "name") == "Call review"
    assert "You began this" not in form.words


async def test_typing_is_kept_now_and_then_and_the_last_letter_counts(
    office: Office, dana: Actor
) -> None:
    form, keeps = await edit(dana), 0
    for count in range(1, 9):
        await dana.click(form, "session_typed", "Refunds!"[:count], block_id="name-0")
    with office.store.read() as tx:
        drafts = tx.drafts.get(office.caller(DANA).person_id, card(office).appointment_id)
        keeps = len(drafts.typed["name"]) if drafts else 0
    assert keeps < 8, "not every letter is kept at once"
    await office.settle()
    await dana.close(form)
    assert held(await edit(dana), "name") == "Refunds!"


async def test_a_bad_attachment_is_refused_beneath_its_field_and_stays_typed(
    office: Office, dana: Actor
) -> None:
    form = await edit(dana)
    await office.press(DANA, form, "session_tab_attachments")
    typed = {"external_links-0": "http://plain.example", "document_ids-0": "doc-7"}
    dana.fill(form, typed)
    await office.press(DANA, form, "session_tab_notes")
    assert form.find_block("external_links-0"), "the tab stays"
    names = [each["block_id"] for each in form.blocks]
    assert names[names.index("external_links-0") + 1] == "problem-external_links"
    assert held_text(form, "external_links") == "http://plain.example"
    assert "Document: " in form.words
    with pytest.raises(PersonRefusal) as refused:
        await dana.submit(form)
    assert list(refused.value.errors) == ["external_links-0"]
    permalink = "https://northwind.slack.com/archives/C1/p123"
    await dana.submit(form, {"external_links-0": permalink})
    assert card(office).external_links == (permalink,)
    form = await edit(dana)
    await office.press(DANA, form, "session_tab_attachments")
    assert "Slack message: " in form.words
    removes = [b for b in form.blocks if b["type"] == "actions" and "Remove" in str(b)]
    value = removes[-1]["elements"][0]["value"]
    await office.press(DANA, form, "session_detach", value)
    assert "Slack message: " not in form.words
    await dana.submit(form)
    assert (card(office).external_links, card(office).document_ids) == ((), ("doc-7",))


async def test_files_are_attached_and_listed_by_their_names(office: Office, dana: Actor) -> None:
    form = await edit(dana)
    await office.press(DANA, form, "session_tab_attachments")
    uploaded = dana.upload("call.pdf", b"a call")
    dana.fill(form, {"files-0": [uploaded]})
    await office.press(DANA, form, "session_attach")
    assert "call.pdf" in form.words
    assert next(iter(form.values["files-1"].values()))["files"] == []
    await dana.submit(form)
    [file] = card(office).files
    assert (file.file_id, file.name) == (uploaded["id"], "call.pdf")


async def test_free_times_are_offered_and_one_is_taken(office: Office, dana: Actor) -> None:
    await office.book("Refunds", timedelta(hours=50), attendee=JONAS)
    form = await edit(dana, "refunds")
    await office.press(DANA, form, "session_tab_schedule")
    dana.fill(form, {"week-0": "1"})
    await office.press(DANA, form, "session_check")
    block = form.find_block("slot-0")
    assert block
    option = block["element"]["option_groups"][1]["options"][0]
    assert "Jonas" in option["description"]["text"]
    await office.press(DANA, form, "session_slot", option["value"])
    assert f"{option['text']['text']}, New York time" in form.words
    assert held(form, "starts_at") == int(option["value"])
    await dana.submit(form)
    [moved] = [each for each in office.cards() if each.name == "Refunds"]
    assert int(moved.starts_at.timestamp()) == int(option["value"])


async def test_where_nobody_is_free_at_once_the_form_says_why(office: Office, dana: Actor) -> None:
    form = await edit(dana)
    await office.press(DANA, form, "session_tab_schedule")
    before = form.words
    await office.press(DANA, form, "session_check")
    assert form.find_block("slot-0") is None
    assert len(form.words) > len(before)


async def test_the_second_of_two_editors_sees_what_changed(office: Office, dana: Actor) -> None:
    form = await edit(dana)
    changes = coaching.AppointmentChanges(name="Billing")
    coaching.change(office.context, office.caller(ALEX), card(office).appointment_id, changes)
    dana.fill(form, {"name-0": "Refunds"})
    await office.press(DANA, form, "session_tab_schedule")
    assert "Alex Moreau" in form.words
    await dana.submit(form)
    assert "Alex Moreau" in form.words
    assert card(office).name == "Billing"
    assert held(form, "name") == "Refunds"
    await dana.submit(form)
    assert card(office).name == "Refunds"


async def test_an_attendee_sees_the_form_and_may_add_a_note(office: Office, priya: Actor) -> None:
    where = card(office).appointment_id
    coaching.add_annotation(
        *(office.context, office.caller(DANA), where),
        text=SECRET,
        access_type=coaching.AccessType.PRIVATE,
    )
    form = await edit(priya)
    for tab in ("attachments", "schedule", "details", "notes"):
        await office.press(PRIYA, form, f"session_tab_{tab}")
        assert SECRET not in str(form.payload)
        inputs = [each["block_id"] for each in form.blocks if each["type"] == "input"]
        assert inputs == (["note-0"] if tab == "notes" else [])
        assert "session_delete" not in str(form.payload)
    await priya.submit(form, {"note-0": "I will try that"})
    page = coaching.notes_page(office.context, office.caller(DANA), where)
    assert page.entries.entities[0].text == "I will try that"


async def test_who_has_nothing_to_do_with_it_learns_nothing(office: Office, session: str) -> None:
    view = office.person(JONAS)
    await view.command("/coach edit call")
    await office.settle()
    assert view.modal
    assert "Call review" not in view.modal.words
    with pytest.raises(coaching.CoachingError):
        coaching.open_form(office.context, office.caller(JONAS), session)


async def test_a_session_is_deleted_and_the_form_says_so(office: Office, dana: Actor) -> None:
    form = await edit(dana)
    await office.press(DANA, form, "session_delete")
    assert "This session is deleted" in form.words
    assert form.payload.get("submit") is None
    assert office.cards() == []


async def test_a_form_of_a_session_that_is_gone_says_so_and_gives_back_what_was_typed(
    office: Office, dana: Actor
) -> None:
    form = await edit(dana)
    coaching.delete(office.context, office.caller(DANA), card(office).appointment_id)
    dana.fill(form, {"name-0": "Typed at length"})
    await dana.submit(form)
    assert "isn’t there any more" in form.words
    assert "Typed at length" in form.words


async def test_a_form_of_a_session_that_is_completed_says_so(office: Office, dana: Actor) -> None:
    form, where = await edit(dana), card(office).appointment_id
    coaching.change_status(office.context, office.caller(DANA), where, coaching.Status.COMPLETED)
    dana.fill(form, {"name-0": "Another name"})
    await dana.submit(form)
    await office.settle()
    assert "Only notes" in form.words or "completed" in form.words
    assert card(office).name == "Call review"


async def test_a_note_is_edited_and_removed_in_the_form(office: Office, dana: Actor) -> None:
    coaching.add_annotation(
        *(office.context, office.caller(DANA), card(office).appointment_id),
        text="Well done",
        access_type=coaching.AccessType.PUBLIC,
    )
    form = await edit(dana)
    await office.press(DANA, form, "session_tab_notes")
    dana.fill(form, {"note-0": "half typed"})
    await office.press(DANA, form, "session_note_edit")
    above = dana.modal
    assert above is not None
    assert above is not form
    await dana.submit(above, {"text": "Very well done"})
    await office.settle()
    assert "Very well done" in form.words
    assert held(form, "note") == "half typed"
    await office.press(DANA, form, "session_note_remove")
    assert "No notes yet" in form.words


async def test_a_session_is_started_in_the_form_and_its_time_stands_from_then_on(
    office: Office, dana: Actor
) -> None:
    await office.book("Soon", timedelta(minutes=30), attendee=JONAS)
    form = await edit(dana, "soon")
    dana.fill(form, {"location-0": "Room 4"})
    await office.press(DANA, form, "session_start")
    assert "In progress" in form.words
    assert held(form, "location") == "Room 4"
    await office.press(DANA, form, "session_tab_schedule")
    assert form.find_block("starts_at-0") is None
    assert "its time can’t be changed" in form.words


async def test_the_button_on_every_card_opens_the_form(office: Office, dana: Actor) -> None:
    await office.settle()
    await dana.command("/coach list")
    await dana.open_home()
    await office.settle()
    assert dana.home
    for where in (dana.messages[-1], dana.home):
        await dana.click(where, "open_session")
        form = await dana.until(form_of)
        assert "Call review" in form.words
        await dana.close(form)


async def test_over_another_page_the_form_is_laid_on_top(office: Office, priya: Actor) -> None:
    await office.settle()
    await priya.open_home()
    await office.settle()
    assert priya.home
    await priya.click(priya.home, "open_inbox")
    await office.settle()
    below = priya.modal
    assert below
    await priya.click(below, "open_session")
    await office.settle()
    assert [each is below for each in priya.modals] == [True, False]
    assert "Call review" in priya.modals[1].words


async def test_a_session_that_was_deleted_is_not_opened_from_an_old_message(
    office: Office, priya: Actor
) -> None:
    await office.settle()
    message = priya.messages[-1]
    old = list(message.content.blocks)
    coaching.delete(office.context, office.caller(DANA), card(office).appointment_id)
    message.content = type(message.content)(message.content.text, tuple(old))
    await priya.click(message, "open_session")
    await office.settle()
    assert priya.modal
    assert "isn’t there any more" in priya.modal.words
    assert priya.modal.payload.get("submit") is None


async def test_with_a_slow_database_every_press_is_taken_in_time(
    office: Office, hop: GatedHop, dana: Actor
) -> None:
    form = await edit(dana)
    with hop.shut():
        async with asyncio.timeout(3):
            await dana.click(form, "session_tab_schedule")
            await dana.click(form, "session_typed", "later", block_id="name-0")
            await dana.click(form, "session_tab_notes")
    await office.settle()
    assert form.find_block("note-0"), "the last press counts"
