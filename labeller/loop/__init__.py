"""The active-learning loop: what learns and chooses, and what came of it."""
