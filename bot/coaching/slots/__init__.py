"""Times that suit everybody."""
