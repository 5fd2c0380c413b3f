"""`huifang script rehearse`: a script gone through by typing, or thousands of times at random."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from base.errors import InputError
from huifang.cli.options import DEFAULT_DATA, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, console, say, walking_bar
from huifang.scripts import rehearsals
from huifang.scripts.locating import locate
from huifang.scripts.typed import HANG_UP, Rehearsed, Step
from huifang.scripts.walking import Walks, passed, walks
from huifang.words import counted
from ivr.script import Script
from ivr.session import Session
from ivr.values import Slots
from papers.words import DISPOSITIONS

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A script's name, or a file (*.yaml).", show_default=False)
]
Count = Annotated[
    int | None,
    typer.Option(
        "--walks",
        metavar="N",
        min=1,
        max=1_000_000,
        help="So many random conversations instead.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=2**62, help="The same seed gives the same random walks.")]
Landline = Annotated[bool, typer.Option("--landline", help="A landline is called (S2).")]
Apologise = Annotated[bool, typer.Option("--after-silence", help="The last call was silent (D8).")]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="SLOT", help="The customer's row lacks this (may be repeated)."),
]
Who = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        default_factory=getpass.getuser,
        callback=printable,
        help="Who rehearses; it is logged (P11).",
        show_default="your account",
    ),
]
USAGE = f"type what the customer says; 1 or #1 presses a key, an empty line is silence, {HANG_UP} hangs up"


def rehearse(
    name: Name,
    who: Who,
    count: Count = None,
    seed: Seed = 1,
    landline: Landline = False,
    after_silence: Apologise = False,
    without: Without = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Go through a script by typing, or at random with --walks; it is logged with the script's version (P11).

    Each random walk must come to a proper end: exit status 1 when one does not.

    Example: huifang script rehearse new_account --walks 10000
    """
    script = locate(data, name).script
    if count is not None:
        _random(data, script, count, seed, who, json=json)
    else:
        _typed(data, script, who, Slots(_slots(script, without or [])), landline, after_silence, json=json)


def _slots(script: Script, without: list[str]) -> dict[str, str]:
    for name in without:
        if name not in script.slots or not script.slots[name].optional:
            optional = ", ".join(one for one, slot in script.slots.items() if slot.optional) or "none"
            raise InputError(f"no customer lacks {name!r}", where="--without", remedy=f"optional: {optional}")
    return {name: slot.example for name, slot in script.slots.items() if name not in without}


# --- at random ---------------------------------------------------------------------------------------------


def _random(data: Path, script: Script, count: int, seed: int, who: str, *, json: bool) -> None:
    now = rehearsals.now_at(data)
    with walking_bar() as progress:
        done = walks(script, count, seed, now, progress)
    logged = rehearsals.log(data, rehearsals.of_walks(script, done, now, who))
    if json:
        as_json(
            {"script": script.name, "version": script.version, "sha256": script.sha256, "logged": logged}
            | {name: getattr(done, name) for name in done.__slots__}
            | {"failed": done.failed}
        )
    else:
        _tell_walks(script, done, logged)
    if done.failed:
        raise typer.Exit(1)


def _tell_walks(script: Script, done: Walks, logged: bool) -> None:
    rows = [
        (name, DISPOSITIONS.get(name, ""), number, f"{number / done.walks:.1%}")
        for name, number in done.outcomes.items()
    ]
    rows += [
        (f"no proper end: {why}", "", number, f"{number / done.walks:.1%}")
        for why, number in done.flaws.items()
    ]
    as_table(
        f"{script.name} {script.version}: {counted(done.walks, 'walk')}",
        ("outcome", "结果", "walks", "share"),
        rows,
    )
    came = len(done.visits) - len(done.unvisited)
    never = f"; never: {', '.join(done.unvisited)}" if done.unvisited else ""
    say(f"{came} of {counted(len(done.visits), 'node')} visited{never}")
    say(
        f"{done.walks - done.failed} of {counted(done.walks, 'walk')} came to a proper end (seed {done.seed})"
    )
    _tell_logged(logged)


def _tell_logged(logged: bool) -> None:
    if not logged:
        typer.echo("not logged: there is no data directory", err=True)


# --- by typing ---------------------------------------------------------------------------------------------


def _typed(
    data: Path, script: Script, who: str, slots: Slots, landline: bool, apologise: bool, *, json: bool
) -> None:
    now = rehearsals.now_at(data)
    session, actions = Session.begin(script, slots, now, landline=landline, apologise=apologise)
    talk = Rehearsed(session, actions)
    talk.nodes |= {script.start, *passed(script, script.start, session.node)}
    if not json:
        say(f"{script.title} ({script.name} {script.version}): {USAGE}")
    turns = _converse(talk, json=json)
    logged = rehearsals.log(data, rehearsals.of_typed(script, talk, now, who))
    result = talk.session.result()
    if json:
        as_json(
            {
                "script": script.name,
                "version": script.version,
                "turns": turns,
                "result": result,
                "logged": logged,
            }
        )
        return
    rows = [
        (one.question, one.label or one.value, one.how, one.heard, f"{one.score:.2f}")
        for one in result.answers
    ]
    as_table(
        f"outcome: {result.outcome} {DISPOSITIONS.get(result.outcome, '')}",
        ("question", "answer", "how", "heard", "surely"),
        rows,
    )
    _tell_logged(logged)


def _converse(talk: Rehearsed, *, json: bool) -> list[dict[str, object]]:
    """Until the conversation is over, or nothing more is typed."""
    turns: list[dict[str, object]] = []
    while True:
        spoken = talk.go_on()
        turns += [
            {"node": line.prompt, "says": line.wording, "private": line.private} for line in spoken.said
        ]
        if not json:
            _tell_said(spoken)
        if talk.session.over or (typed := _read(json=json)) is None:
            return turns
        heard = talk.answer(typed)
        turns.append({"customer": typed, "understood": heard.understood})
        if not json:
            for line in heard.understood:
                console().print(Text(f"    {line}", style="dim"))


def _tell_said(step: Step) -> None:
    for line in step.said:
        mark = "本人" if line.private else "公开"
        console().print(Text.assemble((f"[{mark}] ", "dim"), (line.wording, "bold")))


def _read(*, json: bool) -> str | None:
    """A line of stdin without its end; None when there is no more."""
    if sys.stdin.isatty() and not json:
        typer.echo("> ", nl=False)
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
