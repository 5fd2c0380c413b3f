"""Which form a file gets: what is asked for, else what its ending says."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import typer

from base.errors import InputError

F = TypeVar("F", bound=StrEnum)

FORM: typer.models.OptionInfo = typer.Option(
    "--format", help="The form; without, what the file's ending says.", show_default="txt"
)

BINARY = frozenset({"docx", "xlsx", "pdf"})
"""Forms that are no text for a terminal."""


def form_of(forms: type[F], wanted: F | None, output: Path | None) -> F:
    """The form of a file, or of what goes to stdout; the first of `forms` where nothing says which.

    Raises:
        InputError: the file ends otherwise than its form, or as none; or there is no file, and the form is no
            text.
    """
    ending = output.suffix.removeprefix(".").lower() if output is not None else ""
    said = forms(ending) if ending in set(forms) else None
    if wanted is not None and said not in (None, wanted):
        raise InputError(
            f"ends in .{ending}, but the form is {wanted.value}",
            where=str(output),
            remedy=f"write --format {ending}, or a file that ends in .{wanted.value}",
        )
    if ending and wanted is said is None and output is not None and not output.is_dir():
        known = ", ".join(f".{one.value}" for one in forms)
        raise InputError(
            f"ends in .{ending}, which is no form of this", where=str(output), remedy=f"known: {known}"
        )
    form = wanted or said or next(iter(forms))
    if output is None and form.value in BINARY:
        what = "is no text for a terminal"
        raise InputError(what, where=f"--format {form.value}", remedy="name a file: --output FILE")
    return form
