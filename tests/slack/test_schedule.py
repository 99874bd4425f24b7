"""Scheduling by the form: it opens at once, says what is wrong where it is, and counts once."""

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox import PersonRefusal
from bot.sandbox.wire import payloads
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


async def test_a_session_is_scheduled_and_everybody_hears_of_it_once(office: Office) -> None:
    dana, priya = office.person(DANA), office.person(PRIYA)
    await office.schedule(
        location="Room 4", external_links="https://meet.example.com/a", length_minutes="45"
    )
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
    form = await office.open_form()
    assert [call.method for call in office.sandbox.calls.all()][-2:] == [
        "views.open",
        "views.update",
    ]
    values = {block: next(iter(entry.values())) for block, entry in form.values.items()}
    assert values["facilitator_id"]["selected_user"] == DANA
    assert values["length_minutes"]["selected_option"]["value"] == "30"
    start = values["starts_at"]["selected_date_time"]
    assert start % 1800 == 0
    assert 0 < start - office.now().timestamp() < 2700
    assert "New York time" in form.words
    assert list(form.values) == [
        *("attendee_ids", "facilitator_id", "name", "description"),
        *("starts_at", "length_minutes", "location", "external_links"),
    ]


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
        ("starts_at", -timedelta(hours=1), "has passed"),
        ("starts_at", timedelta(days=60), "weeks"),
        ("external_links", "http://plain.example", "https"),
        ("facilitator_id", PRIYA, "coached in the same session"),
        ("attendee_ids", [STANDUP], "Standup"),
        ("attendee_ids", [RAVI], "Ravi"),
        ("facilitator_id", PAT, "Pat"),
    ],
)
async def test_what_is_wrong_is_said_under_its_field(
    office: Office, field: str, value: object, words: str
) -> None:
    typed = office.now() + value if isinstance(value, timedelta) else value
    form = await office.open_form()
    with pytest.raises(PersonRefusal) as refused:
        await office.person(DANA).submit(form, office.entries(**{field: typed}))
    assert list(refused.value.errors) == [field]
    assert words.lower() in refused.value.errors[field].lower()
    assert office.cards() == []
    right = office.entries(facilitator_id=DANA, external_links=None)
    await office.person(DANA).submit(form, right)
    assert len(office.cards()) == 1


async def test_a_taken_time_is_refused_under_the_time(office: Office) -> None:
    await office.schedule()
    form = await office.open_form()
    with pytest.raises(PersonRefusal) as refused:
        await office.person(DANA).submit(form, office.entries(attendee_ids=[JONAS]))
    assert list(refused.value.errors) == ["starts_at"]
    assert len(office.cards()) == 1


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
    await dana.submit(form, office.entries())
    assert len(office.cards()) == 1


async def test_an_administrator_of_the_workspace_may_schedule_at_once(office: Office) -> None:
    await office.schedule(by=ALEX)
    assert office.cards(ALEX)[0].organizer == "Alex Moreau"
