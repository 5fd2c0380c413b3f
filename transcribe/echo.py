"""Our own prompts on the customer's track: recognised against the script's timeline and set aside (F4). Pure.

A far end that sends back what it hears makes our words the customer's. They are told by their sound and their
time: a run of syllables of the prompt that was playing, as late as an echo is. Who repeats a prompt's words
does so later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from base.pinyin import folded
from records.model import SpokenRow
from records.post_call import Utterance

ECHO = "echo"
"""The party of what was set aside."""

LATEST_S = 0.8
"""An echo comes back by then."""
_UNEVEN = 0.1
"""Where a syllable stands in a prompt is reckoned by its share: so far off may it be, as a share of it."""
_LEAST = 4
"""Syllables in common: fewer are anybody's."""
_ALIKE = 0.65
"""Share of a run's syllables that must be the prompt's: an echo is heard through much."""
_REST = 2
"""Characters beside a run, while the prompt plays, that are worth keeping: one alone is a misheard one."""


def set_aside(heard: Iterable[Utterance], spoken: Sequence[SpokenRow]) -> tuple[Utterance, ...]:
    """The customer's words; those that are a prompt's echo as utterances of the party `ECHO`."""
    return tuple(piece for one in heard for piece in _told(one, spoken))


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters `start` to `end` of an utterance that are an echo."""

    start: int
    end: int


def _told(said: Utterance, spoken: Sequence[SpokenRow]) -> Iterator[Utterance]:
    if len(folded(said.text)) != len(said.text):
        yield said
        return
    runs = (_echo(said, prompt) for prompt in spoken)
    found = sorted((run for run in runs if run is not None), key=lambda run: run.start)
    at = 0
    for run in found:
        if run.start < at:
            continue
        if at < run.start:
            yield _piece(said, at, run.start, said.party)
        yield _piece(said, run.start, run.end, ECHO)
        at = run.end
    if at == 0:
        yield said
    elif at < len(said.text):
        yield _piece(said, at, len(said.text), said.party)


def _echo(said: Utterance, prompt: SpokenRow) -> _Run | None:
    """The run of a prompt's syllables in what was said while it played, and a little later."""
    chars = range(len(said.text))
    within = [n for n in chars if prompt.start_s <= _second(said, n) <= prompt.end_s + LATEST_S]
    if not within:
        return None
    first, ours, theirs = within[0], folded(prompt.text), folded(said.text)
    alike = SequenceMatcher(None, theirs[first : within[-1] + 1], ours, autojunk=False)
    blocks = [
        block
        for block in alike.get_matching_blocks()
        if block.size and abs(_late(said, first + block.a, prompt, block.b, len(ours))) <= _bound(prompt)
    ]
    common = sum(block.size for block in blocks)
    if common < _LEAST:
        return None
    start, end = first + blocks[0].a, first + blocks[-1].a + blocks[-1].size
    if common < _ALIKE * (end - start):
        return None
    return _widened(said, start, end, prompt)


def _widened(said: Utterance, start: int, end: int, prompt: SpokenRow) -> _Run:
    """With single characters on its sides that were heard while the prompt played."""
    if start < _REST:
        start = 0
    left = len(said.text) - end
    if left and left < _REST and _second(said, end) < prompt.end_s:
        end = len(said.text)
    return _Run(start, end)


def _bound(prompt: SpokenRow) -> float:
    return LATEST_S + _UNEVEN * (prompt.end_s - prompt.start_s)


def _late(said: Utterance, char: int, prompt: SpokenRow, syllable: int, syllables: int) -> float:
    """Seconds between a syllable of the prompt and the character heard for it."""
    said_at = prompt.start_s + (prompt.end_s - prompt.start_s) * syllable / syllables
    return _second(said, char) - said_at


def _second(said: Utterance, char: int) -> float:
    """Where a character begins; by its share of the turn where that is not known."""
    if len(said.chars) == len(said.text):
        return said.chars[char]
    return said.start_s + (said.end_s - said.start_s) * char / len(said.text)


def _piece(said: Utterance, start: int, end: int, party: str) -> Utterance:
    if (start, end) == (0, len(said.text)):
        return Utterance(party, said.start_s, said.end_s, said.text, said.confidence, said.chars, said.held)
    begun = said.start_s if start == 0 else _second(said, start)
    over = said.end_s if end == len(said.text) else _second(said, end)
    chars = said.chars[start:end] if len(said.chars) == len(said.text) else ()
    return Utterance(party, begun, over, said.text[start:end], said.confidence, chars)
