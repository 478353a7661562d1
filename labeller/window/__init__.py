"""The window. It asks neither torch nor SQL anything; long work runs in a thread and reports."""
