"""Options that the commands of `huifang report` share, and how their papers are written."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from base.errors import InputError
from base.files import require_folder, save
from huifang.cli.forms import FORM, form_of
from huifang.cli.options import printable
from huifang.cli.output import progress_bar, say
from huifang.site import Site, open_site
from office.reports.making import Made, filed
from papers.paper import Paper
from papers.stretches import stretch
from papers.writing import Format, write
from plans.periods import Span
from records import audit
from records.chain import Act
from records.staff import staff_names


def _span(text: str) -> Span:
    try:
        return stretch(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Form = Annotated[Format | None, FORM]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE|DIR", help="Where to: a file; of several papers a directory."
    ),
]
Period = Annotated[
    Span | None,
    typer.Option(
        "--period",
        metavar="YYYY-MM|YYYYQn|YYYY",
        help="Of which period; without, the last that is over.",
        parser=_span,
        show_default=False,
    ),
]
Branches = Annotated[
    list[str] | None,
    typer.Option(
        "--branch", metavar="NAME", help="Only this branch (营业部); may be repeated.", show_default=False
    ),
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="编号.", show_default=False)]
Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER...", help="编号.", show_default=False)]
ProfileName = Annotated[str, typer.Option("--profile", metavar="NAME", help="The firm's policy profile.")]
Said = Annotated[
    str,
    typer.Option("--words", metavar="TEXT", help="What stands under 问题说明及处理意见.", callback=printable),
]
Make: TypeAlias = Callable[[Site], Awaitable[Sequence[Made]]]

_UNFIT = re.compile(r"[^\w.-]+")


def write_all(data: Path, by: str, make: Make, wanted: Format | None, output: Path | None) -> None:
    """Make papers, keep them in the books, and write them to a file, a directory, or as text to stdout.

    Who takes them away is noted before (A6).

    Raises:
        InputError: there is nothing to write, it cannot be written there, or the file ends otherwise than the
            form it shall have.
    """
    form = form_of(Format, wanted, output)
    if output is not None:
        require_folder(output)
    papers = asyncio.run(_made(data, by, make, form))
    if output is None:
        for paper in papers:
            sys.stdout.write(write(paper, form).decode())
        return
    places = _places(papers, form, output)
    if places[0][0] != output:
        _make_folder(output)
    with progress_bar("writing") as shown:
        for n, (path, paper) in enumerate(places, 1):
            save(path, write(paper, form))
            shown(n, len(places))
    for path, _ in places:
        say(str(path))


def _make_folder(place: Path) -> None:
    """Several papers have a folder of their own, beneath one that is there."""
    try:
        place.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", where=str(place)) from error


async def _made(data: Path, by: str, make: Make, form: Format) -> list[Paper]:
    async with open_site(data, by=by) as site:
        people = await staff_names(site.database)
        made = await make(site)
        if not made:
            raise InputError(
                "there is nothing to write", remedy="`huifang customers import` brings branches in"
            )
        papers = [await filed(site, one, people) for one in made]
        names = (one.number or one.title for one in papers)
        detail = {"form": form.value}
        acts = [Act(site.now(), by, "exported", "paper", name, detail) for name in names]
        await audit.keep(site.database, *acts)
        return papers


def _places(papers: Sequence[Paper], form: Format, output: Path) -> list[tuple[Path, Paper]]:
    """One paper goes to the file that is named, several into a directory, each by its number."""
    if len(papers) == 1 and not output.is_dir():
        return [(output, papers[0])]
    if output.suffix == f".{form.value}":
        what = f"{len(papers)} papers do not fit into one file"
        raise InputError(what, where=str(output), remedy="name a directory, or one --branch")
    return [(output / f"{_UNFIT.sub('_', one.number or one.title)}.{form.value}", one) for one in papers]
