"""How `huifang script` tells what it found: lines and tables for people, facts for machines."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from huifang.cli.output import as_json, as_table, console, say
from huifang.scripts.cards import Card, cards, ways_of
from huifang.scripts.checking import Checked
from huifang.scripts.comparing import Change, Comparison, What
from huifang.scripts.listing import Listed
from huifang.scripts.locating import Located
from huifang.standing import moment
from huifang.words import counted
from ivr.script import Script, prompts
from records.scripts import FiledScript

COLOURS = {What.ADDED: "green", What.REMOVED: "red strike", What.CHANGED: "yellow"}
MARKS = {What.ADDED: ("{+", "+}"), What.REMOVED: ("[-", "-]")}
"""Where there are no colours."""


def identity(script: Script) -> dict[str, Any]:
    """Which script it is."""
    return {"script": script.name, "version": script.version, "sha256": script.sha256}


def check_facts(found: Located, result: Checked) -> dict[str, Any]:
    """What a check found, for machines."""
    return {
        **identity(result.script),
        "file": found.path,
        "prompts": result.prompts,
        "made_later": result.made_later,
        "missing": result.missing,
        "flaws": result.flaws,
    }


def check_lines(result: Checked) -> None:
    """The same for people: a line for each flaw."""
    for flaw in result.flaws:
        say(str(flaw))
    script = result.script
    state = counted(len(result.flaws), "flaw") if result.flaws else "good"
    ready = result.prompts - result.made_later - len(result.missing)
    say(
        f"{script.name} {script.version}: {state}; {counted(len(script.nodes), 'node')}, "
        f"{counted(ready, 'sentence')} with sound, {result.made_later} with customers' own words"
    )


def show(script: Script, *, json: bool) -> None:
    """A script as a table: its nodes with what they say and where they lead, and its ways."""
    known = cards(script)
    if json:
        as_json({**identity(script), **script.model_dump(mode="json", by_alias=True, exclude_defaults=True)})
        return
    title = f"{script.title}: {script.name} {script.version}, {script.wording} wording"
    rows = (_node_row(script, card, known) for card in known.values())
    as_table(title, ("no.", "node", "what", "says", "leads to"), rows)
    ways = ((way, *(_named(known, name) for name in sides)) for way, sides in ways_of(script).items())
    as_table("ways out of every question", ("wish", "before the owner (A2)", "with the owner"), ways)


def _node_row(script: Script, card: Card, known: dict[str, Card]) -> tuple[object, ...]:
    said = "\n".join(wording for _, wording in prompts(script.nodes[card.name])) or "".join(card.lines)
    rows = (
        f"{row.key + ' ' if row.key else ''}{row.label} → {known[row.target].number}" for row in card.rows
    )
    public = "公开 " if card.public else ""
    return card.number, card.name, public + card.head, said, "\n".join(rows)


def _named(known: dict[str, Card], name: str) -> str:
    return f"{known[name].number} {name}"


def diff_facts(old: Script, new: Script, found: Comparison) -> dict[str, Any]:
    """A comparison for machines."""
    parts = [
        {
            "part": part.name,
            "what": part.what,
            "changes": [{**_facts(change), "pieces": change.pieces} for change in part.changes],
        }
        for part in found.parts
    ]
    return {
        "before": identity(old),
        "after": identity(new),
        "same": not found.parts,
        "needs_new_version": found.needs_new_version,
        "parts": parts,
    }


def _facts(change: Change) -> dict[str, Any]:
    return {"place": change.place, "what": change.what, "before": change.before, "after": change.after}


def diff_lines(old: Script, new: Script, found: Comparison, came_from: str) -> None:
    """A comparison for people: part by part, wordings word by word."""
    out = console()
    out.print(Text(f"--- {old.name} {old.version} ({came_from})"))
    out.print(Text(f"+++ {new.name} {new.version}"))
    for part in found.parts:
        out.print(Text(f"{part.name}: {part.what}", style=f"bold {COLOURS[part.what].split()[0]}"))
        for change in part.changes:
            out.print(Text.assemble(f"  {change.place}: ", _words(change, coloured=out.is_terminal)))
    say(_verdict(new, found))


def _words(change: Change, *, coloured: bool) -> Text:
    words = Text()
    for piece in change.pieces:
        text = piece.text.replace("\n", " | ")
        before, after = ("", "") if coloured or piece.what is None else MARKS[piece.what]
        words.append(f"{before}{text}{after}", style=COLOURS[piece.what] if piece.what else "")
    return words


def _verdict(new: Script, found: Comparison) -> str:
    if not found.parts:
        return "the same content: no new version is needed"
    if found.needs_new_version:
        return f"other content under version {new.version}: it needs a new version before it is used (S1)"
    return "another version, or another script: nothing that is filed is altered"


def filed_facts(record: FiledScript) -> dict[str, Any]:
    """What is filed, without its content."""
    names = ("name", "version", "sha256", "title", "kind", "wording", "filed_at")
    return {name: getattr(record, name) for name in names}


def list_row(one: Listed) -> tuple[object, ...]:
    """A script among others."""
    last = moment(one.last_rehearsed)
    wording = one.wording if one.unusable == "" else one.unusable
    return (
        *(one.name, one.version, one.kind, one.title, wording, one.questions),
        *(one.filed, one.rehearsals, last),
    )
