"""The bot put together: the sandbox starts with a story, over Slack's own protocol."""

from bot.app import sandboxed
from bot.settings import read_settings


async def test_the_sandbox_starts_with_something_in_every_view() -> None:
    async with sandboxed(read_settings({"COACHBOT_LOG_LEVEL": "ERROR"})) as sandbox:
        dana, priya = sandbox.person("U0DANA"), sandbox.person("U0PRIYA")
        await dana.open_home()
        home = await dana.until(lambda me: me.home)
        assert home is not None
        for words in ("unread", "Overdue", "Today", "Next"):
            assert words.lower() in home.words.lower()
        assert len(priya.messages) > 5
        statuses = " ".join(each.words for each in [*dana.messages, *priya.messages])
        for status in ("Scheduled", "In progress", "Completed", "Overdue"):
            assert status in statuses
        assert "needs a new time" in " ".join(
            each.words for each in sandbox.person("U0OMAR").messages
        )
        assert sandbox.calls.refused() == []
        assert sandbox.complaints == []
