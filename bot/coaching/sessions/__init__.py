"""Scheduling sessions, changing them, and what becomes of them."""
