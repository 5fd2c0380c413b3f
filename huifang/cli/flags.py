"""`huifang flags`: what is flagged, and the rules by which it is (F1-F3, F6, F7)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from huifang import resources
from huifang.assemble import KEYWORDS
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, progress_bar, say
from huifang.flagged import again, looking
from huifang.flagged.changes import Change, Changes
from huifang.site import open_site
from huifang.words import counted
from ivr.loader import load as load_script
from records import campaigns
from records import flags as records
from transcribe import rules
from transcribe.flags import TIERS
from transcribe.whole import suspicion

app = typer.Typer(help="What is flagged in calls, and the rules by which it is.", no_args_is_help=True)

Rules = Annotated[
    Path | None,
    typer.Argument(metavar="RULES.yaml", help="A file of rules; none: those in force.", show_default=False),
]
New = Annotated[Path, typer.Argument(metavar="RULES.yaml", help="The rules to try.", show_default=False)]
Against = Annotated[str, typer.Option("--against", metavar="CAMPAIGN", help="Whose calls are flagged anew.")]
Campaign = Annotated[str, typer.Option("--campaign", metavar="CAMPAIGN", help="Only its calls.")]
Rule = Annotated[str, typer.Option("--rule", metavar="ID", help="Only flags of this rule.")]
Faint = Annotated[bool, typer.Option("--faint", help="Faint ones, too.")]
Calls = Annotated[bool, typer.Option("--calls", help="Calls instead, the most suspicious first.")]
Last = Annotated[int, typer.Option("--last", metavar="N", min=1, max=100_000, help="So many at most.")]


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its leads together. `suspicion`: 0 to 1 (`transcribe.whole`)."""

    call: str
    customer: str
    suspicion: float
    rules: list[str]


@app.command()
def check(path: Rules = None, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Look rules over: mistakes end with status 2, doubtful things are listed with their lines.

    Example: huifang flags check keywords.yaml
    """
    file = path or resources.find(data, KEYWORDS) or resources.SHIPPED_CONFIG / KEYWORDS
    read = rules.load(file)
    scripts = (load_script(resources.named(data, "scripts", one)) for one in resources.names(data, "scripts"))
    questions = {node for script in scripts for node in script.nodes}
    found = looking.with_lines(file, looking.warnings(read, questions))
    if json:
        as_json({"file": file, "version": read.version, "rules": len(read.rules), "warnings": found})
        return
    for line in found:
        say(line)
    wordings = sum(len(rule.spoken) for rule in read.rules)
    say(f"{file}: version {read.version}, {counted(len(read.rules), 'rule')}, {counted(wordings, 'wording')}")


@app.command("test")
def try_(path: New, against: Against, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Show what rules would change in a campaign's calls; nothing is kept.

    Example: huifang flags test keywords.yaml --against 2026-11
    """

    async def run() -> Changes:
        async with open_site(data) as site:
            with progress_bar("flagging") as progress:
                return await again.tried(site, path, against, progress)

    found = asyncio.run(run())
    if json:
        as_json({**asdict(found), "by_kind": found.by_kind})
        return
    if found.changes:
        columns = ("call", "customer", "what", "rule", "tier", "second", "text")
        as_table(f"What {path} would change", columns, map(_changed, found.changes))
    say(
        f"{counted(found.calls, 'call')}: {found.by_kind.get('added', 0)} flags added,"
        f" {found.by_kind.get('gone', 0)} gone, {found.by_kind.get('changed', 0)} of another tier;"
        f" calls with a lead {found.flagged_before} -> {found.flagged_after}"
    )


@app.command()
def apply(
    path: Rules = None, campaign: Campaign = "", data: Data = DEFAULT_DATA, json: AsJson = False
) -> None:
    """Flag old transcripts anew, with the rules in force or with new ones, which are then put in force.

    It is a job for each call: what is left when you stop it, `huifang worker` does. Replaced flags stay in
    the records.

    Example: huifang flags apply keywords.yaml
    """

    async def run() -> tuple[int, Path | None]:
        async with open_site(data) as site:
            placed = again.put_in_force(site, path) if path else None
            with progress_bar("flagging") as progress:
                return await again.applied(site, campaign, progress), placed

    done, placed = asyncio.run(run())
    if json:
        as_json({"calls": done, "rules": placed})
        return
    if placed:
        say(f"rules in force: {placed}")
    say(f"{counted(done, 'call')} flagged anew")


@app.command("list")
def list_(
    campaign: Campaign = "",
    rule: Rule = "",
    faint: Faint = False,
    calls: Calls = False,
    last: Last = 50,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """List leads with their second, their tier and why; and calls that cannot be judged.

    With --calls each call has one line: its leads together, closed answers weighing more than free speech.

    Example: huifang flags list --rule profit_sharing
    """

    async def run() -> tuple[list[records.Kept], list[tuple[int, str]]]:
        async with open_site(data) as site:
            own = (await campaigns.get(site.database, campaign)).id if campaign else None
            tiers = TIERS if faint else TIERS[:-1]
            found = await records.listed(site.database, last, campaign_id=own, rule=rule, tiers=tiers)
            return found, await records.doubtful(site.database, own)

    found, doubtful = asyncio.run(run())
    if json:
        shown = {"calls": _calls(found)} if calls else {"flags": [asdict(one) for one in found]}
        as_json(shown | {"cannot_be_judged": dict(doubtful)})
        return
    if calls:
        told = _calls(found)
        rows = ((one.call, one.customer, f"{one.suspicion:.2f}", " ".join(one.rules)) for one in told)
        as_table(counted(len(told), "call"), ("call", "customer", "suspicion", "rules"), rows)
    else:
        columns = ("flag", "call", "customer", "category", "tier", "score", "second", "text", "why")
        as_table(counted(len(found), "flag"), columns, map(_kept, found))
    if doubtful:
        say("in these calls no flag means nothing:")
        as_table("", ("call", "why"), doubtful)


def _changed(one: Change) -> tuple[object, ...]:
    tier = " -> ".join(filter(None, (one.before, one.after)))
    return (
        one.attempt_id,
        one.customer,
        one.what,
        one.flag.rule,
        tier,
        f"{one.flag.start_s:.1f}",
        one.flag.text,
    )


def _calls(found: Sequence[records.Kept]) -> list[Call]:
    """The calls of some flags, the most suspicious first."""
    by_call: dict[str, list[records.Kept]] = {}
    for one in found:
        by_call.setdefault(_call(one), []).append(one)
    told = [
        Call(
            call,
            mine[0].customer,
            suspicion(one.flag for one in mine),
            _rules(mine),
        )
        for call, mine in by_call.items()
    ]
    return sorted(told, key=lambda one: -one.suspicion)


def _rules(found: Sequence[records.Kept]) -> list[str]:
    return sorted({one.flag.rule for one in found})


def _call(one: records.Kept) -> str:
    return str(one.attempt_id) if one.attempt_id else f"R{one.recording_id}"


def _kept(one: records.Kept) -> tuple[object, ...]:
    call, flag = _call(one), one.flag
    second = f"{flag.start_s:.1f}"
    return (
        one.id,
        call,
        one.customer,
        flag.category,
        flag.tier,
        f"{flag.score:.2f}",
        second,
        flag.text,
        flag.why,
    )
