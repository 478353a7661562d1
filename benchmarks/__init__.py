"""Tables of speed, each with its peer measured in the same run."""
