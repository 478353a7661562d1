"""The active-learning loop: train, select, suggest, evaluate."""
