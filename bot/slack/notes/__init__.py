"""`/coach note`: the notes on a session, and the form to write one."""
