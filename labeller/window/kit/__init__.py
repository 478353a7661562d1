"""Shared by the whole window: texts, colours, actions, small widgets, the worker thread."""
