"""`huifang drill talk`: conversations with sound over all scripts."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Annotated

import typer
from rich.console import Console

from huifang.cli.options import AsJson
from huifang.cli.output import as_json, as_table, rendering_bar, say
from huifang.cli.places import Place, place_of
from huifang.drill.talk import Order, Report, talk
from huifang.drill.talk_judge import Verdict
from huifang.stopping import Stopped, run_until_stopped
from papers.words import disposition

Scripts = Annotated[
    list[str] | None, typer.Option("--script", metavar="NAME", help="Only this one; may be given again.")
]
Conversations = Annotated[int, typer.Option(min=1, max=1000, help="How many, in turn over the scripts.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same customers.")]
Channels = Annotated[int, typer.Option(min=1, max=40, help="Calls at once.")]
Noise = Annotated[bool, typer.Option("--noise/--quiet", help="Some customers stand in a street or a crowd.")]


def talk_(
    script: Scripts = None,
    conversations: Conversations = 60,
    seed: Seed = 1,
    channels: Channels = 8,
    noise: Noise = True,
    data: Place = None,
    json: AsJson = False,
) -> None:
    """Have conversations with simulated customers, and see whether each ends as it should.

    They answer by voice and keys, ask back, refuse, complain, hang up; nobody is called. What they will say
    is drawn from the seed, and with it what should be filed. Exit status 1 when a conversation ended
    otherwise, or an answer was filed that was not meant. Voices that are missing are rendered first.

    Example: huifang drill talk --conversations 12 --script new_account --seed 3
    """
    told: list[Report] = []

    async def work(stop: asyncio.Event) -> None:
        console = Console(stderr=True)
        with place_of(data) as place, rendering_bar() as tell:
            order = Order(place, conversations, seed, tuple(script or ()), channels, noise)
            with suppress(Stopped):
                told.append(await talk(order, tell, console, stop))

    status = run_until_stopped(work)
    if not told:
        raise typer.Exit(status)
    _show(told[0], json)
    raise typer.Exit(status or int(not told[0].passed))


def _show(report: Report, json: bool) -> None:
    if json:
        as_json(report)
        return
    columns = ("script", "customer", "meant", "came to", "right", "again", "open", "wrong", "seconds")
    as_table("", columns, (_row(one) for one in report.verdicts))
    rows = (
        ("conversations", report.conversations),
        ("ended as they should", _share(report.ended_well, report.conversations)),
        ("to their end without a person", _share(report.alone, report.conversations)),
        ("answers filed as meant", report.answers),
        ("said once more", report.again),
        ("left open", report.open),
        ("filed and not meant", report.wrong),
        ("took", f"{report.seconds:.0f} s"),
    )
    as_table("", ("", ""), rows)
    if report.passed:
        say("Every conversation ended as it should.")


def _share(number: int, of: int) -> str:
    return f"{number} ({number / of:.1%})"


def _row(one: Verdict) -> tuple[object, ...]:
    what = " ".join(part for part in (one.intent, one.at, one.noise) if part)
    came = _ends(one.got) + "".join(f", {unlike}" for unlike in one.unlike)
    wrong = " ".join(f"{each.question}={each.filed} ({each.meant}: {each.heard})" for each in one.wrong)
    shown = came if one.ended_well else f"! {came}"
    return (
        *(one.script, what, _ends(one.expected), shown),
        *(one.right, one.again or "", " ".join(one.open), wrong, one.seconds),
    )


def _ends(dispositions: tuple[str, ...]) -> str:
    return " ".join(map(disposition, dispositions))
