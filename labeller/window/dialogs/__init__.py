"""Windows of their own, and small questions."""
