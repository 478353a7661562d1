"""The folder a user opens: made, kept, cleaned, its labels read in and out."""
