"""The model's panels, and the operations that use it."""
