"""Benchmarks of speed and accuracy, each with a peer measured in the same run."""
