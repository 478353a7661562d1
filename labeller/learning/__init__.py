"""Learners, self-supervised methods, and trained models. Runs without a window."""
