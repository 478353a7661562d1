"""Export and import of labels: one file per format, behind one protocol."""
