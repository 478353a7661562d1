"""The images of a batch and what a person does to them."""
