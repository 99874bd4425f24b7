"""How the bot is told what happened: over a socket, or by signed requests."""
