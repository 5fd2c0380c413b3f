"""Everything that keeps a script from being used: flaws of its graph, words that have no sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from base.errors import PromptError
from huifang.scripts.locating import Located
from ivr import check
from ivr.lines import fixed_lines, lines_for
from ivr.prompts import PromptStore
from ivr.script import Script
from ivr.values import Line, Slots
from ivr.voice.phonemes import phonemes


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw. `where`: "file:line"; `path`: the nodes that lead to it; `remedy`: what to do, or ""."""

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
    """A script looked over.

    Attributes:
        prompts: sentences; made_later: those that hold a customer's own words, rendered for each campaign.
        missing: keys of sentences for everybody that nobody has recorded or rendered.
    """

    script: Script
    prompts: int
    made_later: int
    missing: tuple[str, ...]
    flaws: tuple[Flaw, ...]


def checked(found: Located, store: PromptStore) -> Checked:
    """All flaws of a script and of its sound."""
    script = found.script
    lines = list(dict.fromkeys(lines_for(script, Slots(_examples(script)))))
    fixed = frozenset(fixed_lines(script))
    graph = [
        Flaw(found.place_of(one.node), f"{one.node}: {one.what}", one.path) for one in check.problems(script)
    ]
    silent, missing = _silent(found, store, [line for line in lines if line in fixed])
    later = [line for line in lines if line not in fixed]
    sound = [*silent, *_unspeakable(found, [*missing, *later])]
    keys = tuple(line.prompt for line in missing)
    return Checked(script, len(lines), len(later), keys, (*graph, *sound))


def _examples(script: Script) -> dict[str, str]:
    return {name: slot.example for name, slot in script.slots.items()}


def _silent(found: Located, store: PromptStore, lines: list[Line]) -> tuple[list[Flaw], list[Line]]:
    """A flaw for sentences without sound, all in one, and these sentences."""
    try:
        missing = store.missing(lines)
    except PromptError as error:
        return [Flaw(error.where or str(found.path), error.what, (), error.remedy)], []
    if not missing:
        return [], []
    what = f"{len(missing)} of {len(lines)} sentences have no sound, first {missing[0].prompt}"
    remedy = f"run: huifang prompts render --script {found.script.name}"
    return [Flaw(str(found.path), what, (), remedy)], missing


def _unspeakable(found: Located, lines: list[Line]) -> Iterator[Flaw]:
    """Sentences that a synthesiser could not say, with the slots' examples in them."""
    for line in lines:
        try:
            phonemes(line.wording)
        except PromptError as error:
            yield Flaw(_place(found, line), f"{line.prompt} cannot be rendered: {error.what}")


def _place(found: Located, line: Line) -> str:
    """Where a line's wording stands; pieces of times and numbers are of no script."""
    name, _, rest = line.prompt.partition(".")
    part, _, variant = rest.partition(".")
    if name != found.script.name:
        return str(found.path)
    return found.place_of(f"aside {variant.partition('.')[0]}" if part == "aside" else part)
