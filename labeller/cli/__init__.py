"""The command line. Results go to stdout, progress and errors to stderr."""

from labeller.cli.main import main

__all__ = ["main"]
