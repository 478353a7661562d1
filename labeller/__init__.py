"""Labeller: people label images, a model learns beside them and picks the next ones."""

__version__ = "0.1.0"
