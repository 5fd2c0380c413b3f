"""Everything that keeps a script from being used: flaws of its graph, words that have no sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from base.errors import PromptError
from huifang.scripts.locating import Located
from ivr import check
from ivr.lines import lines_for
from ivr.prompts import PromptStore
from ivr.script import Script
from ivr.values import Line, Slots
from ivr.voice.phonemes import phonemes


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw. `where`: "file:line"; `path`: the nodes that lead to it, where that matters; `remedy`: or ""."""

    where: str
    what: str
    path: tuple[str, ...] = ()
    remedy: str = ""

    def __str__(self) -> str:
        """One line."""
        remedy = f" ({self.remedy})" if self.remedy else ""
        way = f"; the way there: {' → '.join(self.path)}" if self.path else ""
        return f"{self.where}: {self.what}{way}{remedy}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A script looked over. `prompts`: sentences; `made_later`: those that hold a customer's own words."""

    script: Script
    prompts: int
    made_later: int
    flaws: tuple[Flaw, ...]


def checked(found: Located, store: PromptStore) -> Checked:
    """All flaws of a script and of its sound."""
    script = found.script
    lines = dict.fromkeys(lines_for(script, Slots(_examples(script))))
    fixed = frozenset(lines_for(script, Slots({})))
    flaws = [
        Flaw(found.place_of(one.node), f"{one.node}: {one.what}", one.path) for one in check.problems(script)
    ]
    flaws += _silent(found, store, [line for line in lines if line in fixed])
    flaws += _unspeakable(found, [line for line in lines if line not in fixed])
    return Checked(script, len(lines), len(lines.keys() - fixed), tuple(flaws))


def _examples(script: Script) -> dict[str, str]:
    return {name: slot.example for name, slot in script.slots.items()}


def _silent(found: Located, store: PromptStore, lines: list[Line]) -> Iterator[Flaw]:
    """Sentences for all customers that nobody has recorded or rendered."""
    for line in store.missing(lines):
        what = f"{line.prompt} has no sound: {line.wording}"
        yield Flaw(_place(found, line), what, (), f"huifang prompts render --script {found.script.name}")


def _unspeakable(found: Located, lines: list[Line]) -> Iterator[Flaw]:
    """Sentences with customers' words are rendered for each campaign; with the examples they must speak."""
    for line in lines:
        try:
            phonemes(line.wording)
        except PromptError as error:
            yield Flaw(_place(found, line), f"{line.prompt} cannot be rendered: {error.what}")


def _place(found: Located, line: Line) -> str:
    """Where a line's wording stands; pieces of times and numbers are of no script."""
    name, _, rest = line.prompt.partition(".")
    if name != found.script.name:
        return str(found.path)
    part, _, variant = rest.partition(".")
    known = f"aside {variant.partition('.')[0]}" if part == "aside" else part
    return found.place_of(known)
