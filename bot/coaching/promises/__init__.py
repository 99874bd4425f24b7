"""The messages that are owed to people: when, in which words, and whether they still hold."""
