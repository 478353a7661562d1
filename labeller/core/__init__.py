"""Shared by all packages."""
