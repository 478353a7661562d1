"""Simulations, in which the oracle labels, and their results."""
