"""Remind me again, on a reminder: picked once, promised once, and the message says so."""

from datetime import timedelta

from bot import coaching
from tests.slack.office import PRIYA, Office


async def test_a_reminder_is_put_off_and_comes_again(office: Office) -> None:
    awake = coaching.SettingsChanges(quiet=coaching.Quiet.NEVER)
    coaching.change_settings(office.context, office.caller(PRIYA), awake)
    await office.book("Call review", timedelta(hours=30))
    await office.settle()
    office.sandbox.clock.advance(timedelta(hours=6))
    await office.settle()
    priya = office.person(PRIYA)
    reminder = await priya.message_with("starts in 24 hours")
    [menu] = [
        element
        for block in reminder.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == "snooze"
    ]
    assert [each["text"]["text"] for each in menu["options"]][:2] == ["In 10 minutes", "In an hour"]
    await priya.click(reminder, "snooze", value=menu["options"][1]["value"])
    await office.settle()
    assert "You’ll be reminded again" in reminder.words
    assert "snooze" not in str(reminder.blocks)
    before = len(priya.messages)
    office.sandbox.clock.advance(timedelta(hours=1))
    await office.settle()
    assert len(priya.messages) == before + 1
    assert "starts in 23 hours" in priya.messages[-1].words
