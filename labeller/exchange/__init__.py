"""Taking labels out of a project and bringing them in. One format a file."""
