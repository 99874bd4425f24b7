"""Messages that tell people of sessions, and what is pressed in them."""
