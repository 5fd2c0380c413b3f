"""Where scripts, profiles, rules and settings are found: the site's own file first, else the shipped one.

Shipped data are the folders `config/` and `prompts/`, installed as packages beside the code. A site's own lie
in `DATA/config/`, in the same layout, so that a file may be copied there and changed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from base.errors import InputError

SHIPPED_CONFIG = Path(str(files("config")))
SHIPPED_PROMPTS = Path(str(files("prompts")))


def config_dirs(data: Path) -> tuple[Path, Path]:
    """The folders searched, in their order."""
    return data / "config", SHIPPED_CONFIG


def find(data: Path, relative: str) -> Path | None:
    """A file by its path inside the config folders, "keywords.yaml"; None when neither has it."""
    return next((path for place in config_dirs(data) if (path := place / relative).is_file()), None)


def all_of(data: Path, relative: str) -> list[Path]:
    """A shipped file and the site's own of that name, where one adds to the other."""
    return [path for place in reversed(config_dirs(data)) if (path := place / relative).is_file()]


def named(data: Path, folder: str, name: str) -> Path:
    """A script or profile by its name: `named(data, "scripts", "new_account")`.

    Raises:
        InputError: there is none of that name; the message lists those there are.
    """
    found = find(data, f"{folder}/{name}.yaml") if _is_plain(name) else None
    if found is None:
        known = ", ".join(names(data, folder)) or "none"
        raise InputError(
            f"no {name!r} in {folder}", where=str(data / "config" / folder), remedy=f"known: {known}"
        )
    return found


def script_finder(data: Path) -> Callable[[str], Path]:
    """Finds what a script names: a frame ("frames/customer"), or a script to merge ("periodic")."""

    def found(name: str) -> Path:
        folder, _, plain = f"scripts/{name}".rpartition("/")
        return named(data, folder, plain)

    return found


def names(data: Path, folder: str) -> tuple[str, ...]:
    """All names of a folder, the site's and the shipped ones, sorted."""
    found = {path.stem for place in config_dirs(data) for path in (place / folder).glob("*.yaml")}
    return tuple(sorted(found))


def _is_plain(name: str) -> bool:
    """A name, not a way out of the folder."""
    return name == Path(name).name and name not in ("", ".", "..")
