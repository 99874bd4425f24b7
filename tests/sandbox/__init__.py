"""The pretend Slack, seen from the bot's side and from the page's."""
