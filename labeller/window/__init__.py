"""The window. It uses neither torch nor SQL directly; long work runs in a thread that reports its
progress."""
