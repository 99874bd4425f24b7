"""The coaching bot: what happens, from a request to a message that has arrived."""
