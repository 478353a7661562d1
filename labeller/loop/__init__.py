"""The active-learning loop: train, select, suggest, and what came of it."""
