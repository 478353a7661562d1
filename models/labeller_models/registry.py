"""Objects by name, imported when they are first used."""

from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any


def mark(text: str) -> str:
    """Mark a text for translation where it is declared: `make translations` collects it, and the
    window shows it in the window's language."""
    return text


@dataclass(frozen=True)
class NoOptions:
    """For entries without options."""


@dataclass
class Entry:
    """What a registry knows about a name.

    Attributes:
        what: the object, or "module:attribute", to be imported when first used.
        explained: a description for people, on one line.
        options: a frozen dataclass of its settings.
        needs: its requirements, on one line.
        package: the package that provides it; "" for this program's own.
    """

    what: Any
    explained: str = ""
    options: type = NoOptions
    needs: str = ""
    package: str = ""


class BrokenPackage(ValueError):
    """A package cannot build what it offers under a name, for a reason; the error is its
    `__cause__`."""

    def __init__(self, name: str, package: str, reason: str) -> None:
        super().__init__(f"{name} of the package {package} cannot be loaded ({reason})")
        self.name, self.package, self.reason = name, package, reason


class Registry(MutableMapping[str, Any]):
    """Objects by name, in the order in which they were added; the first is the default.

    Args:
        kind: what they are called in messages.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.entries: dict[str, Entry] = {}
        self._default = ""

    def add(
        self, name: str, what: Any, explained: str = "", options: type = NoOptions, needs: str = ""
    ) -> None:
        """Register an object under a name; the arguments are as in `Entry`."""
        self.entries[name] = Entry(what, explained, options, needs)

    def add_entry_points(self, group: str) -> None:
        """Add what installed packages provide in an entry-point group (Python Packaging User Guide,
        "Entry points specification"). Existing names are kept."""
        for point in entry_points(group=group):
            if point.name not in self.entries:
                package = point.dist.name if point.dist else point.value
                self.entries[point.name] = Entry(point.value, package=package)

    @property
    def default(self) -> str:
        """The default name: the first one, unless another was set."""
        return self._default or next(iter(self.entries))

    @default.setter
    def default(self, name: str) -> None:
        self._default = name

    def build(self, name: str, *arguments: object) -> Any:
        """Call the entry of this name with arguments.

        Raises:
            KeyError: there is none of this name.
            BrokenPackage: another package offers it, and raised something.
        """
        package = self.entries[name].package
        try:
            return self[name](*arguments)
        except Exception as error:
            if not package:
                raise
            raise BrokenPackage(name, package, f"{type(error).__name__}: {error}") from error

    def own(self) -> list[str]:
        """The names of this program's own entries."""
        return [name for name, entry in self.entries.items() if not entry.package]

    def package(self, name: str) -> str:
        """The package that provides a name; "" for this program's own, and for unknown names."""
        return self.entries[name].package if name in self.entries else ""

    def explained(self, name: str) -> str:
        """The description of a name, or the name if there is none."""
        entry = self.entries[name]
        package = f": of the package {entry.package}" if entry.package else ""
        return entry.explained or f"{name}{package}"

    def needs(self, name: str) -> str:
        """The requirements of a name; may be ""."""
        return self.entries[name].needs

    def options(self, name: str) -> type:
        """The dataclass of a name's settings; for other packages, the object's `Options`."""
        entry = self.entries[name]
        if entry.package and entry.options is NoOptions:
            with suppress(Exception):  # a broken package has none; it is reported when it is used
                entry.options = getattr(self[name], "Options", NoOptions)
        return entry.options

    def __getitem__(self, name: str) -> Any:
        entry = self.entries[name]
        if isinstance(entry.what, str):
            module, attribute = entry.what.split(":")
            entry.what = getattr(import_module(module), attribute)
        return entry.what

    def __setitem__(self, name: str, what: Any) -> None:
        self.entries[name] = replace(self.entries.get(name, Entry(None)), what=what)

    def __delitem__(self, name: str) -> None:
        del self.entries[name]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)
