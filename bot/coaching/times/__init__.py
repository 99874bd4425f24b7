"""Dates, hours and lengths of time as people say them, and the hours in which they work."""
