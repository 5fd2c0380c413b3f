"""A profile as it is named on a command line: one of the site's or the shipped ones, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dialer import profile as profiles
from dialer.profile import Profile, Read
from huifang import resources
from huifang.site import calendar_of


@dataclass(frozen=True, slots=True)
class Located:
    """A profile with the files that it is written in: its own, the one that it extends, and so on."""

    profile: Profile
    files: Sequence[Read]

    @property
    def extends(self) -> str:
        """The profile that it inherits from; "" for none."""
        return self.files[1].path.stem if len(self.files) > 1 else ""

    def place_of(self, place: tuple[str, ...]) -> str:
        """ "file:line" of what it says."""
        return profiles.place_of(self.files, place)


def locate(data: Path, named: str) -> Located:
    """The profile of that name, or in that file (`*.yaml`).

    Raises:
        InputError: there is none, or it cannot be used.
    """
    find = partial(resources.named, data, "profiles")
    path = Path(named) if named.endswith(".yaml") else find(named)
    files = profiles.chain(path, find)
    return Located(profiles.assemble(files, calendar_of(data)), files)
