"""Fault injection. `make reliability` tries each fault many times and writes the table of
docs/reliability.md; the tests here try the same faults a few times."""
