"""Training MoBYv2AL, and what is done with the trained network. Runs where there is no window."""
