"""Dialogs and small questions."""
