"""Start Labeller. `python main.py --help` lists what it does without a window."""

from labeller.cli import main

if __name__ == "__main__":
    main()
