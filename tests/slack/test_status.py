"""Start, Complete and Mark as read: wherever they stand, however often they are pressed."""

from datetime import timedelta

import pytest

from bot import coaching
from bot.sandbox import Actor
from bot.sandbox.faults import Kind
from tests.slack.office import DANA, PRIYA, Office, offered


@pytest.fixture(autouse=True)
async def session(office: Office) -> str:
    """A session of Dana with Priya, soon."""
    await office.schedule(starts_at=office.now() + timedelta(minutes=90))
    return office.cards()[0].appointment_id


def status(office: Office) -> coaching.Status:
    return office.cards()[0].status


async def test_a_message_follows_its_session_from_start_to_end(office: Office, dana: Actor) -> None:
    [message] = dana.messages
    assert offered(message) == ["start"]
    headline = message.words.splitlines()[2]
    await dana.click(message, "start")
    await office.settle()
    assert status(office) is coaching.Status.IN_PROGRESS
    assert offered(message) == ["complete"]
    assert "In progress" in message.words
    assert headline in message.words
    await dana.click(message, "complete")
    await office.settle()
    assert status(office) is coaching.Status.COMPLETED
    assert offered(message) == ["undo_completion"]
    assert len(dana.messages) == 1, "who acts is not told of it"


async def test_a_second_press_changes_nothing_and_scolds_nobody(
    office: Office, dana: Actor
) -> None:
    [message] = dana.messages
    value = message.blocks[-1]["elements"][0]["value"]
    await dana.click(message, "start")
    twin = office.sandbox.world.conversations.im_of(DANA).messages[0]
    assert twin is message
    await office.settle()
    shown = list(message.blocks)
    message.content = type(message.content)(message.content.text, tuple(old_start(shown, value)))
    await dana.click(message, "start")
    await office.settle()
    assert status(office) is coaching.Status.IN_PROGRESS
    assert len(dana.messages) == 1
    assert offered(message) == ["complete"]


def old_start(blocks: list[dict[str, object]], value: str) -> list[dict[str, object]]:
    """The message as it was before the first press took its button away."""
    button = {
        "type": "button",
        "action_id": "start",
        "value": value,
        "text": {"type": "plain_text", "text": "Start"},
    }
    return [*blocks[:-1], {"type": "actions", "block_id": "old", "elements": [button]}]


async def test_an_old_message_about_a_finished_session_loses_its_buttons(
    office: Office, dana: Actor
) -> None:
    [message] = dana.messages
    appointment_id = office.cards()[0].appointment_id
    coaching.change_status(
        office.context, office.caller(DANA), appointment_id, coaching.Status.COMPLETED
    )
    office.sandbox.clock.advance(timedelta(seconds=30))
    await dana.click(message, "start")
    await office.settle()
    assert offered(message) == []
    assert "Completed" in message.words
    [_, refusal] = dana.messages
    assert refusal.only_for == DANA
    assert "completed" in refusal.words


async def test_an_old_message_about_a_deleted_session_loses_its_buttons(
    office: Office, dana: Actor
) -> None:
    [message] = dana.messages
    coaching.delete(office.context, office.caller(DANA), office.cards()[0].appointment_id)
    await dana.click(message, "start")
    await office.settle()
    assert offered(message) == []
    assert "Call review" in message.words
    assert any("isn’t there any more" in each.words for each in dana.messages)


async def test_a_button_on_the_home_tab_that_is_refused_says_so_on_a_page(
    office: Office, dana: Actor
) -> None:
    await dana.open_home()
    await office.settle()
    coaching.delete(office.context, office.caller(DANA), office.cards()[0].appointment_id)
    assert dana.home
    await dana.click(dana.home, "start")
    await office.settle()
    assert dana.modal
    assert "isn’t there any more" in dana.modal.words
    assert "Call review" not in dana.home.words


@pytest.mark.parametrize("kind", ["error", "drop_before", "server_error"])
async def test_what_was_done_is_not_called_a_failure_where_it_cannot_be_shown(
    office: Office, dana: Actor, kind: Kind
) -> None:
    office.sandbox.faults.add("chat.update", kind, error="cant_update_message")
    await dana.click(dana.messages[0], "start")
    await office.settle()
    assert status(office) is coaching.Status.IN_PROGRESS
    assert len(dana.messages) == 1


async def test_a_list_follows_what_is_done_in_it(office: Office, dana: Actor) -> None:
    await dana.command("/coach list")
    listed = dana.messages[-1]
    await dana.click(listed, "start")
    await office.settle()
    assert offered(listed) == ["complete"]
    await dana.click(listed, "complete")
    await office.settle()
    assert "Nothing is coming up" in listed.words
    assert status(office) is coaching.Status.COMPLETED


async def test_marking_as_read_in_one_place_is_reading_everywhere(
    office: Office, priya: Actor
) -> None:
    await priya.open_home()
    await office.settle()
    assert priya.home
    assert "1 unread" in priya.home.words
    [message] = priya.messages
    await priya.click(message, "mark_as_read")
    await office.settle()
    assert offered(message) == []
    assert "✓ Read" in message.words
    assert "unread" not in priya.home.words
    assert coaching.inbox(office.context, office.caller(PRIYA)).unread == 0


async def test_nobody_marks_what_was_sent_to_somebody_else(
    office: Office, dana: Actor, priya: Actor
) -> None:
    [theirs] = priya.messages
    [mine] = dana.messages
    stolen = theirs.blocks[-1]
    mine.content = type(mine.content)(mine.content.text, (*mine.blocks[:-1], stolen))
    await dana.click(mine, "mark_as_read")
    await office.settle()
    assert "isn’t there any more" in dana.messages[-1].words
    assert coaching.inbox(office.context, office.caller(PRIYA)).unread == 1
