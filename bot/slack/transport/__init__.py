"""The connections to Slack, and what it says over them."""
