"""What people do in the pretend Slack; the page and the tests both come through here."""
