"""Chaos: real processes, a real database, a pretend Slack on its worst day, and a verdict."""
