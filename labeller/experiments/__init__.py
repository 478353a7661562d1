"""Simulations with the oracle in a person's place, and their results."""
