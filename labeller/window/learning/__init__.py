"""What is shown and asked of the model."""
