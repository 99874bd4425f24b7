"""Block Kit in the words of this bot: cards, lines, buttons and where they point."""
