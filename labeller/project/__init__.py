"""The project folder: creating, opening, cleaning it, and moving labels in and out."""
