"""What every use case stands on: who asks, what they may, and what a word means."""
