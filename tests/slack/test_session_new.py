"""Scheduling by the form: it opens at once, says what is wrong where it is, and counts once."""

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox import PersonRefusal, View
from bot.sandbox.wire import payloads
from bot.slack.session.frame import name_of
from tests.slack.office import (
    ALEX,
    DANA,
    JONAS,
    PAT,
    PRIYA,
    RAVI,
    STANDUP,
    Office,
    form_of,
    offered,
)


def held(view: View, name: str) -> object:
    """What a field holds."""
    [entry] = [
        each
        for block, entries in view.values.items()
        if name_of(block) == name
        for each in entries.values()
    ]
    return entry.get("value") or next(v for k, v in entry.items() if k.startswith("selected"))


async def test_a_session_is_scheduled_and_everybody_hears_of_it_once(office: Office) -> None:
    dana, priya = office.person(DANA), office.person(PRIYA)
    await office.schedule(location="Room 4", link="https://meet.example.com/a", length_minutes=45)
    assert dana.modal is None
    [card] = office.cards(DANA)
    assert (card.name, card.length_minutes, card.location) == ("Call review", 45, "Room 4")
    assert (card.facilitator, card.attendees) == ("Dana Whitfield", ("Priya Raman",))
    assert card.external_links == ("https://meet.example.com/a",)
    [confirmation], [notice] = dana.messages, priya.messages
    assert "Scheduled: coaching with Priya Raman" in confirmation.words
    assert "Dana Whitfield scheduled a coaching session with you" in notice.words
    assert offered(notice) == ["mark_as_read"]
    assert not office.sandbox.calls.refused()


async def test_the_form_opens_at_once_and_starts_with_what_is_likely(office: Office) -> None:
    dana = office.person(DANA)
    await dana.command("/coach schedule")
    form = await dana.until(form_of)
    assert [call.method for call in office.sandbox.calls.all()][-2:] == [
        "views.open",
        "views.update",
    ]
    assert held(form, "facilitator_id") == DANA
    assert [name_of(each) for each in form.values] == [
        *("name", "description", "location", "attendee_ids", "facilitator_id"),
    ]
    await office.press(DANA, form, "session_tab_schedule")
    assert "New York time" in form.words
    assert held(form, "length_minutes")["value"] == "30"  # type: ignore[index]


async def test_who_may_not_schedule_is_told_so_in_the_form_s_place(office: Office) -> None:
    priya = office.person(PRIYA)
    await priya.command("/coach schedule")
    await office.settle()
    assert priya.modal
    assert "needs a supervisor" in priya.modal.words
    assert priya.modal.payload.get("submit") is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("facilitator_id", PRIYA, "coached in the same session"),
        ("attendee_ids", [STANDUP], "Standup"),
        ("attendee_ids", [RAVI], "Ravi"),
        ("facilitator_id", PAT, "Pat"),
        ("location", "l" * 501, "500"),
    ],
)
async def test_what_is_wrong_is_said_under_its_field(
    office: Office, field: str, value: object, words: str
) -> None:
    form = await office.open_form()
    if field == "location":
        form.find_block("location-0")["element"]["max_length"] = 3000  # type: ignore[index]
    with pytest.raises(PersonRefusal) as refused:
        await office.person(DANA).submit(form, office.entries(**{field: value}))
    assert list(refused.value.errors) == [f"{field}-0"]
    assert words.lower() in refused.value.errors[f"{field}-0"].lower()
    assert office.cards() == []
    await office.person(DANA).submit(form, office.entries(facilitator_id=DANA, location=None))
    assert len(office.cards()) == 1


@pytest.mark.parametrize("after", [-timedelta(hours=1), timedelta(days=60)])
async def test_what_is_wrong_on_another_tab_brings_up_that_tab(
    office: Office, after: timedelta
) -> None:
    dana, form = office.person(DANA), await office.open_form(starts_at=office.now() + after)
    await dana.submit(form, office.entries())
    assert dana.modal is form
    assert "⚠️" in form.words
    assert "starts_at" in map(name_of, form.values), "the tab with the time is up"
    assert office.cards() == []
    await office.press(DANA, form, "session_time", office.now() + timedelta(hours=12))
    await dana.submit(form)
    assert [card.name for card in office.cards()] == ["Call review"], "nothing typed was lost"


async def test_a_form_without_a_time_asks_for_one(office: Office) -> None:
    dana = office.person(DANA)
    await dana.command("/coach schedule")
    form = await dana.until(form_of)
    await dana.submit(form, office.entries())
    assert "Please pick a time" in form.words
    assert "starts_at" in map(name_of, form.values)


async def test_a_time_that_was_taken_meanwhile_shows_what_is_free_now(office: Office) -> None:
    await office.schedule()
    dana, form = office.person(DANA), await office.open_form()
    await dana.submit(form, office.entries(attendee_ids=[JONAS], name="Another"))
    assert "pick another time" in form.words
    assert "Free times" in form.words or "free" in form.words
    assert len(office.cards()) == 1
    await office.press(DANA, form, "session_time", office.now() + timedelta(hours=15))
    await dana.submit(form)
    assert sorted(card.name for card in office.cards()) == ["Another", "Call review"]


async def test_a_form_that_is_delivered_twice_makes_one_session(office: Office) -> None:
    dana = office.person(DANA)
    form = await office.open_form()
    dana.fill(form, office.entries())
    envelopes = [
        payloads.view_submission(office.sandbox.world, dana.profile, form) for _ in range(3)
    ]
    first, second = await asyncio.gather(*map(office.sandbox.dispatcher.ask, envelopes[:2]))
    third = await office.sandbox.dispatcher.ask(envelopes[2])
    assert first == second == third == {}
    assert len(office.cards()) == 1
    await office.settle()
    assert len(office.person(PRIYA).messages) == 1


async def test_two_forms_make_two_sessions(office: Office) -> None:
    await office.schedule()
    await office.schedule(starts_at=office.now() + timedelta(hours=15))
    assert len(office.cards()) == 2


async def test_somebody_nobody_has_met_is_introduced_and_can_be_coached(office: Office) -> None:
    with office.store.begin() as tx:
        row = tx.people.for_change(office.caller(JONAS).person_id)
        assert row
        row.slack_user_id = row.email = None
    await office.schedule(attendee_ids=[PRIYA, JONAS])
    [card] = office.cards(DANA)
    assert card.attendees == ("Priya Raman", "Jonas Beck")
    asked = [call.arguments["user"] for call in office.sandbox.calls.to("users.info")]
    assert asked == [JONAS]


async def test_nothing_is_opened_for_a_form_that_was_closed_meanwhile(office: Office) -> None:
    office.sandbox.faults.add("views.update", "delay", seconds=0.2)
    dana = office.person(DANA)
    await dana.command("/coach schedule")
    loading = await dana.until(lambda me: me.modal)
    await dana.close(loading)
    await office.settle()
    assert dana.modals == []


async def test_the_home_tab_opens_the_same_form(office: Office) -> None:
    dana = office.person(DANA)
    await dana.open_home()
    await office.settle()
    assert dana.home
    await dana.click(dana.home, "open_schedule")
    form = await dana.until(form_of)
    await office.press(DANA, form, "session_tab_schedule")
    await office.press(DANA, form, "session_time", office.now() + timedelta(hours=12))
    await office.press(DANA, form, "session_tab_details")
    await dana.submit(form, office.entries())
    assert len(office.cards()) == 1


async def test_an_administrator_of_the_workspace_may_schedule_at_once(office: Office) -> None:
    await office.schedule(by=ALEX)
    assert office.cards(ALEX)[0].organizer == "Alex Moreau"


async def test_what_is_typed_behind_the_command_fills_the_form(office: Office) -> None:
    dana = office.person(DANA)
    await dana.command("/coach schedule @Priya Raman 2027-01-21 15:00 for 45m about refunds")
    form = await dana.until(form_of)
    assert "Understood as Thu 21 Jan at 3:00 pm, New York time." in form.words
    assert (held(form, "name"), held(form, "attendee_ids")) == ("refunds", [PRIYA])
    await office.press(DANA, form, "session_tab_schedule")
    assert "Thu 21 Jan at 3:00 pm, New York time (45 minutes)" in form.words
    assert "Fri 22 Jan at 1:30 am for Priya Raman" in form.words
    await dana.submit(form)
    assert "Please complete" not in form.words
    assert form.find_block("problem-description"), "the tab that lacks something is brought up"


async def test_a_time_with_two_meanings_is_asked_for_and_never_guessed(office: Office) -> None:
    dana = office.person(DANA)
    await dana.command("/coach schedule @Priya Raman 2027-01-21 at 3 about refunds")
    form = await dana.until(form_of)
    answers = [each for each in offered(form) if each.startswith("session_answer")]
    assert len(answers) == 2
    await office.press(DANA, form, "session_tab_schedule")
    assert "No time is chosen yet" in form.words
    await office.press(DANA, form, answers[1])
    assert "Thu 21 Jan at 3:00 pm, New York time" in form.words
    assert not [each for each in offered(form) if each.startswith("session_answer")]


async def test_what_is_not_understood_is_said_and_nothing_is_filled_in(office: Office) -> None:
    dana = office.person(DANA)
    await dana.command("/coach schedule @Nobody Here tomorrow")
    form = await dana.until(form_of)
    assert "I can’t find anybody called “Nobody” here." in form.words
    assert "At what time?" in form.words
    assert held(form, "attendee_ids") == []
    await office.press(DANA, form, "session_tab_schedule")
    assert "No time is chosen yet" in form.words
