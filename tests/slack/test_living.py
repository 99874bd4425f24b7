"""One message per event, which says what is true for as long as it stands there."""

from datetime import timedelta
from typing import Any

import pytest

from bot import coaching
from bot.coaching import AccessType, Caller, Source
from bot.delivery.outbox import Outbox
from bot.delivery.settings import Settings
from bot.sandbox import Actor, Message
from bot.sandbox.faults import Kind
from bot.slack.messages import message as messages
from bot.slack.messages.messenger import NOT_YOURS
from tests.slack.office import ALEX, DANA, JONAS, PRIYA, Office, offered

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
async def session(office: Office) -> str:
    """A session of Dana with Priya, soon, of which both have heard."""
    await office.schedule(starts_at=office.now() + timedelta(minutes=90))
    return office.cards()[0].appointment_id


async def changed(office: Office, session: str, **values: Any) -> None:
    changes = coaching.AppointmentChanges(**values)
    coaching.change(office.context, office.caller(DANA), session, changes)
    await office.settle()


def struck(message: Message) -> list[str]:
    return [
        part["text"]
        for block in message.blocks
        if block["type"] == "rich_text"
        for part in block["elements"][0]["elements"]
        if (part.get("style") or {}).get("strike")
    ]


async def press(office: Office, actor: Actor, *buttons: str) -> None:
    """Press buttons on somebody's first message, one after the other."""
    for each in buttons:
        await actor.click(actor.messages[0], each)
        await office.settle()


def add_private_note(office: Office, session: str) -> None:
    caller = office.caller(DANA)
    coaching.add_annotation(
        office.context, caller, session, text="Between us.", access_type=AccessType.PRIVATE
    )


def take_role(office: Office, user_id: str, role: str) -> None:
    person_id = office.caller(user_id).person_id
    with office.store.read() as tx:
        person = tx.people.get(person_id)
    assert person is not None
    assert person.email is not None
    everybody = Caller("", Source.COMMAND_LINE)
    coaching.revoke_role(office.context, everybody, email=person.email, role=role)


def updates(office: Office) -> int:
    return len(office.sandbox.calls.to("chat.update"))


async def test_a_message_that_is_shown_anew_and_has_not_changed_is_the_same(
    office: Office, dana: Actor, priya: Actor, session: str
) -> None:
    before = [(each.text, each.blocks, each.metadata) for each in (*dana.messages, *priya.messages)]
    with office.store.begin() as tx:
        tx.deliveries.outdate(session, at=office.now())
    await office.settle()
    assert updates(office) == 2
    after = [(each.text, each.blocks, each.metadata) for each in (*dana.messages, *priya.messages)]
    assert without_block_ids(after) == without_block_ids(before)


def without_block_ids(said: list[Any]) -> list[Any]:
    return [
        (text, [{k: v for k, v in each.items() if k != "block_id"} for each in blocks], metadata)
        for text, blocks, metadata in said
    ]


async def test_a_new_time_strikes_the_old_one_through(
    office: Office, priya: Actor, session: str
) -> None:
    [message] = priya.messages
    assert struck(message) == []
    starts_at = office.cards()[0].starts_at
    await changed(office, session, starts_at=starts_at + timedelta(hours=1))
    first, second = priya.messages
    assert first is message
    [old] = struck(message)
    assert f"was {old}" in message.text
    assert struck(second) == [old], "who hears of a move sees from when"
    await changed(office, session, starts_at=starts_at)
    assert struck(message) == []
    assert len(struck(second)) == 1


async def test_what_is_done_elsewhere_is_seen_in_every_message(
    office: Office, dana: Actor, priya: Actor, session: str
) -> None:
    caller = office.caller(DANA)
    coaching.change_status(office.context, caller, session, coaching.Status.IN_PROGRESS)
    await office.settle()
    assert all("In progress" in each.words for each in (*dana.messages, *priya.messages))
    assert len(dana.messages) == 1
    assert offered(dana.messages[0]) == ["complete"]
    coaching.mark_all_as_read(office.context, office.caller(PRIYA))
    await office.settle()
    assert all(offered(each) == [] for each in priya.messages)
    assert all("✓ Read" in each.words for each in priya.messages)


async def test_a_cancelled_session_leaves_no_button_behind(
    office: Office, dana: Actor, priya: Actor, session: str
) -> None:
    coaching.delete(office.context, office.caller(DANA), session)
    await office.settle()
    for message in (*dana.messages, priya.messages[0]):
        assert "Cancelled" in message.words
        assert set(offered(message)) <= {"mark_as_read"}


async def test_completing_can_be_undone_for_a_moment(
    office: Office, dana: Actor, priya: Actor
) -> None:
    [message] = dana.messages
    await press(office, dana, "start", "complete")
    assert offered(message) == ["undo_completion"]
    assert "undo_completion" not in {each for said in priya.messages for each in offered(said)}
    await dana.click(message, "undo_completion")
    await office.settle()
    assert office.cards()[0].status is coaching.Status.IN_PROGRESS
    assert offered(message) == ["complete"]
    assert len(dana.messages) == 1
    assert "took back the completion" in priya.messages[-1].words
    assert all("In progress" in each.words for each in priya.messages)


async def test_the_way_back_goes_away_by_itself(office: Office, dana: Actor) -> None:
    [message] = dana.messages
    await press(office, dana, "start", "complete")
    assert offered(message) == ["undo_completion"]
    office.sandbox.clock.advance(HALF_A_MINUTE)
    await office.settle()
    assert offered(message) == []
    assert "Completed" in message.words


async def test_a_late_press_is_refused_in_a_sentence(office: Office, dana: Actor) -> None:
    [message] = dana.messages
    await press(office, dana, "start", "complete")
    office.sandbox.clock.advance(HALF_A_MINUTE)
    await dana.click(message, "undo_completion")
    await office.settle()
    assert office.cards()[0].status is coaching.Status.COMPLETED
    assert offered(message) == []
    assert "too long ago" in dana.messages[-1].words
    assert dana.messages[-1].only_for == DANA


async def test_undoing_twice_is_undoing_once(office: Office, dana: Actor) -> None:
    [message] = dana.messages
    await press(office, dana, "start", "complete")
    old = message.content
    await dana.click(message, "undo_completion")
    await office.settle()
    message.content = old
    await dana.click(message, "undo_completion")
    await office.settle()
    assert len(dana.messages) == 1
    assert offered(message) == ["complete"]


@pytest.mark.parametrize(
    ("kind", "fault", "shown_at_last"),
    [
        ("error", {"error": "message_not_found"}, False),
        ("error", {"error": "cant_update_message"}, False),
        ("error", {"error": "channel_not_found"}, False),
        ("error", {"error": "never_seen_before"}, True),
        ("server_error", {}, True),
        ("drop_before", {}, True),
        ("drop_after", {}, True),
        ("ratelimited", {"seconds": 0.2}, True),
    ],
)
async def test_each_trouble_ends_in_truth_or_in_peace(
    office: Office, priya: Actor, session: str, kind: Kind, fault: Any, shown_at_last: bool
) -> None:
    office.grant(JONAS, "Agent")
    [message] = priya.messages
    dana_first = 2
    office.sandbox.faults.add("chat.update", kind, times=dana_first, **fault)
    await changed(office, session, name="Renamed")
    for _ in range(3):
        office.sandbox.clock.advance(timedelta(minutes=10))
        await office.settle()
    assert ("Renamed" in message.words) is shown_at_last
    assert len([each for each in priya.messages if "scheduled" in each.words]) == 1
    with office.store.read() as tx:
        assert all(each.refresh_at is None for each in tx.deliveries.of(session))


async def test_words_for_a_lock_screen_are_whole(office: Office, session: str) -> None:
    with office.store.read() as tx:
        ids = [each.id for each in tx.deliveries.of(session) if each.message_ts]
    said = coaching.shown_anew(office.context, ids)
    for announcement in said.values():
        assert announcement
        text, _ = messages.render(announcement)
        card = announcement.card
        for piece in (announcement.headline, card.name, card.when, card.status_words):
            assert piece in text
    assert office.cards(ALEX)


async def test_news_of_a_private_note_goes_when_its_reader_may_not_read_it_any_more(
    office: Office, priya: Actor, session: str
) -> None:
    office.grant(PRIYA, "Quality Manager")
    add_private_note(office, session)
    await office.settle()
    news = priya.messages[-1]
    assert "note" in news.text
    take_role(office, PRIYA, "Quality Manager")
    await office.settle()
    news = priya.messages[-1]
    assert news.text == NOT_YOURS
    assert NOT_YOURS in str(news.blocks)
    assert "note" not in str(news.blocks)
    assert office.cards()[0].name not in news.text + str(news.blocks)
    assert news.metadata, "the mark by which it is found stays"
    office.grant(PRIYA, "Quality Manager")
    with office.store.begin() as tx:
        tx.deliveries.outdate_what_was_told([office.caller(PRIYA).person_id], at=office.now())
    await office.settle()
    assert "note" in priya.messages[-1].text


async def test_news_of_a_private_note_is_not_sent_to_who_may_not_read_it_by_then(
    office: Office, priya: Actor, session: str
) -> None:
    office.grant(PRIYA, "Quality Manager")
    before = len(priya.messages)
    add_private_note(office, session)
    take_role(office, PRIYA, "Quality Manager")
    await office.settle()
    assert len(priya.messages) == before


async def test_what_waits_for_its_place_is_asked_about_once_more_before_it_leaves(
    office: Office, session: str
) -> None:
    office.grant(PRIYA, "Quality Manager")
    add_private_note(office, session)
    outbox = Outbox(office.context, Settings())
    outbox.look()
    [taken] = outbox.claim()
    assert outbox.still_holds(taken)
    take_role(office, PRIYA, "Quality Manager")
    assert not outbox.still_holds(taken)
