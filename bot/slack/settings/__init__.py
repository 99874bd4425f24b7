"""`/coach settings`: what somebody chooses for themselves."""
