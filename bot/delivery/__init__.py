"""Keeping promises: claim what is due, send it, settle it; at most once in effect, never lost."""
