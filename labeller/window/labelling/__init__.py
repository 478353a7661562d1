"""A batch of images and what a person does with it."""
