"""Tests of the front end in Slack: what people do there, and what they see."""
