"""Networks as plain modules. Nothing here knows of projects, labels or windows."""
