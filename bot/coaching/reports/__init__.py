"""Counting sessions."""
