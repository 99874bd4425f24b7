"""Tests of the use cases and the rules."""
