"""Everything a project stores, in one SQLite file; one module per kind of record."""
