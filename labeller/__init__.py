"""Labeller: people label images, a model learns beside them and picks the next ones.

From Python: `labeller.open("PROJECT")` (labeller/api.py).
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from labeller.api import open_project as open
    from labeller.core.errors import LabellerError

__all__ = ["LabellerError", "__version__", "open"]


def __getattr__(name: str) -> Any:
    """The parts of the public surface are imported when they are asked for."""
    if name == "open":
        from labeller.api import open_project

        return open_project
    if name == "LabellerError":
        from labeller.core.errors import LabellerError

        return LabellerError
    raise AttributeError(f"module 'labeller' has no attribute '{name}'")
