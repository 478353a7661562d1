"""Everything that a project remembers, in one SQLite file. One file here for each kind of thing."""
