"""A script as it is named on a command line: one of the site's or the shipped ones, or a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from huifang import resources
from ivr import loader
from ivr.script import Script


@dataclass(frozen=True, slots=True)
class Located:
    """A script with the file that it stands in, and the data directory whose frames it may use."""

    script: Script
    path: Path
    data: Path

    def place_of(self, name: str) -> str:
        """ "file:line" of a node, or of what else a problem names."""
        return loader.place_of(self.path, name, resources.script_finder(self.data))


def locate(data: Path, named: str) -> Located:
    """The script of that name, or in that file (`*.yaml`).

    Raises:
        InputError: there is none, or it cannot be used.
    """
    path = Path(named) if named.endswith(".yaml") else resources.named(data, "scripts", named)
    return Located(loader.load(path, resources.script_finder(data)), path, data)


def located(data: Path, names: list[str] | None) -> Iterator[Located]:
    """These scripts, or all that there are.

    Raises:
        InputError: as `locate`.
    """
    yield from (locate(data, name) for name in names or resources.names(data, "scripts"))
