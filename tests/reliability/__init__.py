"""Faults tried for real. `make reliability` tries each many times and prints the table of
docs/reliability.md; the tests here try the same a few times."""
