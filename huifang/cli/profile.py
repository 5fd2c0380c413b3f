"""`huifang profile`: policy profiles listed, checked, explained in Chinese and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError
from base.files import save
from huifang import resources
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.profiles.checking import faults, scripts_of
from huifang.profiles.locating import Located, locate
from huifang.words import counted
from office.profiles.comparing import differences
from office.profiles.tables import ITEM, RULE, tables
from office.profiles.telling import PART, compared, explained
from papers.paper import Paper
from papers.writing import Format, write

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Policy profiles (规则档): what a firm demands; listed, checked, explained, compared.",
)

NAME_HELP = "A profile's name, or a file (*.yaml)."
Name = Annotated[str, typer.Argument(metavar="NAME", help=NAME_HELP, show_default=False)]
Other = Annotated[str, typer.Argument(metavar="OTHER", help=NAME_HELP, show_default=False)]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help=f"{NAME_HELP} Without: all.", show_default=False),
]


Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Write a paper: .docx, .xlsx, .pdf, .html or .txt.", show_default=False
    ),
]


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List all profiles, the site's own and the shipped ones, with the day from which each is valid.

    Example: huifang profile list
    """
    found = [locate(data, name) for name in resources.names(data, "profiles")]
    if json:
        as_json([_listed(one) for one in found])
        return
    columns = ("name", "valid from", "extends", "duties", "says")
    as_table("", columns, (tuple(_listed(one).values())[:-1] for one in found))


@app.command()
def check(names: Names = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Look for all that is wrong: what cannot be read, contradicts itself, is met by nobody, breaks a rule.

    Exit status 2 when there is anything.

    Example: huifang profile check haitong
    """
    kinds_of = scripts_of(data)
    found = {name: faults(data, name, kinds_of) for name in names or resources.names(data, "profiles")}
    if json:
        as_json({name: [_fault(one) for one in theirs] for name, theirs in found.items()})
    else:
        for name, theirs in found.items():
            _say_faults(name, theirs)
    if any(found.values()):
        raise typer.Exit(2)


@app.command()
def explain(name: Name, out: Out = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Say in Chinese what a profile demands, each line with the rule that it serves.

    Example: huifang profile explain boci --out boci.docx
    """
    found = locate(data, name)
    told = tables(found.profile)
    if out is not None:
        _save(out, explained(found.profile))
        return
    if json:
        as_json({**_listed(found), "tables": {one.title: one.facts() for one in told}})
        return
    profile = found.profile
    say(f"规则档 {profile.name}，自{profile.valid_from:%Y年%m月%d日}起生效")
    say(profile.says)
    for one in told:
        if one.rows:
            say("")
            as_table(one.title, (ITEM, *one.columns, RULE), one.lines())


@app.command()
def compare(
    name: Name, other: Other, out: Out = None, data: Data = DEFAULT_DATA, json: AsJson = False
) -> None:
    """Say in Chinese where two profiles differ.

    Example: huifang profile compare boci haitong
    """
    first, second = locate(data, name).profile, locate(data, other).profile
    found = tuple(differences(first, second))
    if out is not None:
        _save(out, compared(first, second, found))
        return
    if json:
        as_json({"first": first.name, "second": second.name, "differences": found})
        return
    if not found:
        say(f"{first.name} 与 {second.name} 要求相同")
        return
    columns = (PART, ITEM, first.name, second.name, RULE)
    rows = ((one.table, one.item, one.first, one.second, one.rule) for one in found)
    as_table(f"{first.name} 与 {second.name}：{len(found)}处不同", columns, rows)


def _save(out: Path, paper: Paper) -> None:
    """Write a paper in the form that the file's name asks for."""
    known = [form.value for form in Format]
    if out.suffix.removeprefix(".") not in known:
        raise InputError("is no form of a paper", where=f"--out {out}", remedy=f"known: .{', .'.join(known)}")
    save(out, write(paper, Format(out.suffix.removeprefix("."))))
    say(str(out))


def _listed(found: Located) -> dict[str, object]:
    profile = found.profile
    return {
        "name": profile.name,
        "valid_from": profile.valid_from,
        "extends": found.extends,
        "duties": len(profile.duties),
        "says": profile.says,
        "file": found.files[0].path,
    }


def _fault(one: InputError) -> dict[str, str]:
    return {"where": one.where, "what": one.what, "remedy": one.remedy}


def _say_faults(name: str, faults: tuple[InputError, ...]) -> None:
    for one in faults:
        say(str(one))
    say(f"{name}: {counted(len(faults), 'problem') if faults else 'good'}")
