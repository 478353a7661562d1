"""`python -m labeller` is the command `labeller`."""

from labeller.cli import main

if __name__ == "__main__":
    main()
