"""`check`, `restore`, repair and bug reports."""
