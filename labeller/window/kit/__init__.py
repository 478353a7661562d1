"""What the whole window shares: texts, colours, actions, small widgets, the worker thread."""
