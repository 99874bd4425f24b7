"""Promises are kept: not lost, not doubled, not late without reason, and never untrue."""
