"""Strategies: which images are worth labelling next. One strategy a file."""
