"""What is shown of the model, and what it is asked to do."""
