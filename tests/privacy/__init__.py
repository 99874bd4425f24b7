"""Nobody learns what is not theirs, through any door; and nobody is refused what is theirs."""
