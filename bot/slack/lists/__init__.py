"""Lists of sessions, and choosing one of them."""
