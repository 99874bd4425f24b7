"""One turn of a person: who it is, what they did, and how they are answered."""
