"""`make attacks`: what strangers can do to the bot over HTTP, measured on the real process."""
