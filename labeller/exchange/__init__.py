"""Taking labels out of a project and bringing them in: one file a format, behind one protocol."""
