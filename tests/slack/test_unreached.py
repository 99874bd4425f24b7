"""Who left the workspace gets nothing more; who leads their session hears of it at once."""

from datetime import timedelta

from bot import coaching
from tests.slack.office import DANA, PRIYA, Office


async def test_who_leads_the_session_is_told_within_one_cycle(office: Office) -> None:
    awake = coaching.SettingsChanges(quiet=coaching.Quiet.NEVER)
    coaching.change_settings(office.context, office.caller(PRIYA), awake)
    await office.book("Call review", timedelta(hours=30))
    await office.settle()
    priya = office.person(PRIYA)
    told = len(priya.messages)
    assert told
    office.sandbox.deactivate(PRIYA)
    await office.settle()
    office.sandbox.clock.advance(timedelta(hours=6, minutes=1))
    await office.settle()
    message = await office.person(DANA).message_with("Please tell them yourself")
    said = message.content.text or ""
    assert "Priya Raman can’t be reached in Slack (their account is deactivated)" in said
    assert "Call review" in said
    assert len(priya.messages) == told, "not even into the conversation of before"
    assert not office.sandbox.calls.refused()
