"""Objects by name, imported when they are first used."""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any


@dataclass(frozen=True)
class NoOptions:
    """For entries without options."""


class Registry(MutableMapping[str, Any]):
    """Names in the order in which they were added; the first is the default.

    Args:
        kind: what they are, for messages.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._found: dict[str, Any] = {}
        self._default = ""
        self._explained: dict[str, str] = {}
        self._needs: dict[str, str] = {}
        self._options: dict[str, type] = {}
        self._packages: dict[str, str] = {}

    def add(
        self,
        name: str,
        what: Any,
        explained: str = "",
        options: type = NoOptions,
        needs: str = "",
    ) -> None:
        """Register an object under a name.

        Args:
            what: the object, or "module:attribute", to be imported when first used.
            explained: a line about it for people.
            options: a frozen dataclass of its settings.
            needs: a line about its requirements.
        """
        self._found[name] = what
        self._explained[name] = explained
        self._needs[name] = needs
        self._options[name] = options

    def add_entry_points(self, group: str) -> None:
        """Add what installed packages offer in an entry-point group (Python Packaging User Guide,
        "Entry points specification"). Existing names are kept."""
        for point in entry_points(group=group):
            if point.name not in self._found:
                self.add(point.name, point.value)
                self._packages[point.name] = point.dist.name if point.dist else point.value

    def package(self, name: str) -> str:
        """The package that offers it; "" for this program's own."""
        return self._packages.get(name, "")

    @property
    def default(self) -> str:
        """The default name: the first one, unless another was set."""
        return self._default or next(iter(self._found))

    @default.setter
    def default(self, name: str) -> None:
        self._default = name

    def explained(self, name: str) -> str:
        """The line about it, or else its name."""
        if not self._explained[name] and name in self._packages:
            return f"{name}: of the package {self._packages[name]}"
        return self._explained[name] or name

    def needs(self, name: str) -> str:
        """The line about its requirements; may be ""."""
        return self._needs[name]

    def options(self, name: str) -> type:
        """The dataclass of its settings."""
        return self._options[name]

    def __getitem__(self, name: str) -> Any:
        what = self._found[name]
        if isinstance(what, str):
            module, attribute = what.split(":")
            what = self._found[name] = getattr(import_module(module), attribute)
        return what

    def __setitem__(self, name: str, what: Any) -> None:
        options, needs = self._options.get(name, NoOptions), self._needs.get(name, "")
        self.add(name, what, self._explained.get(name, ""), options, needs)

    def __delitem__(self, name: str) -> None:
        del self._found[name], self._explained[name], self._needs[name], self._options[name]
        self._packages.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
