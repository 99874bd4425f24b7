"""Proof that the bot keeps its promises: a mirror of each package, and the rules between them."""
