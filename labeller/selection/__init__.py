"""Strategies: which images are worth labelling next."""
