"""What is said in the corpus: sentences by kind, their wordings, and which half they belong to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from pydantic import BaseModel, ConfigDict

from bench.answers.table import VOICES, number

ORDINARY, LEAD, BEYOND = "ordinary", "lead", "beyond"
KINDS = (ORDINARY, LEAD, BEYOND, "decoy", "negated", "innocent", "quoted")
FILLED = {"tuned": 4, "held_out": 12}
"""So many sentences are made of one of ordinary talk, by half."""
_SLOT = re.compile(r"\{(\w+)\}")


class Texts(BaseModel):
    """What texts.yaml holds; the file says how."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slots: dict[str, str]
    ordinary: tuple[str, ...]
    leads: dict[str, tuple[str, ...]]
    beyond: dict[str, tuple[str, ...]]
    decoys: tuple[str, ...]
    negated: tuple[str, ...]
    innocent: tuple[str, ...]
    quoted: tuple[str, ...]
    answers: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """One sentence of one half.

    Attributes:
        kind: one of `KINDS`.
        said: the words.
        rule: the rule whose matter it is; "" for none.
    """

    half: str
    kind: str
    said: str
    rule: str = ""


def sentences(texts: Texts) -> list[Sentence]:
    """Every sentence, in an order that stays."""
    return sorted({*_ordinary(texts), *_others(texts)})


def _ordinary(texts: Texts) -> Iterator[Sentence]:
    for half, line in parted(texts.ordinary):
        for wording in _wordings(line):
            for said in filled(wording, texts.slots, FILLED[half]):
                yield Sentence(half, ORDINARY, said)


def _others(texts: Texts) -> Iterator[Sentence]:
    by_rule = [(LEAD, rule, lines) for rule, lines in texts.leads.items()]
    by_rule += [(BEYOND, rule, lines) for rule, lines in texts.beyond.items()]
    plain = (texts.decoys, texts.negated, texts.innocent, texts.quoted)
    by_kind = [(kind, "", lines) for kind, lines in zip(KINDS[3:], plain, strict=True)]
    for kind, rule, lines in (*by_rule, *by_kind):
        for half, line in parted(lines):
            for said in _wordings(line):
                yield Sentence(half, kind, said, rule)


def parted(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(half, line): every other line, so that lines added at the end move no other one to another half."""
    return zip(cycle(VOICES), lines)


def filled(wording: str, slots: dict[str, str], count: int) -> list[str]:
    """At most so many different sentences of one with slots; one without stays the only one."""
    made: dict[str, None] = {}
    for n in range(count * 3):
        made[_SLOT.sub(_Filler(slots, f"{wording} {n}"), wording)] = None
    return list(made)[:count]


class _Filler:
    """Puts a word in the place of a slot: another one at each place of a sentence."""

    def __init__(self, slots: dict[str, str], seed: str) -> None:
        self._slots = slots
        self._seed = seed
        self._place = 0

    def __call__(self, match: re.Match[str]) -> str:
        self._place += 1
        words: Sequence[str] = self._slots[match[1]].split()
        return words[number(self._seed, str(self._place)) % len(words)]


def _wordings(line: str) -> list[str]:
    return [wording.strip() for wording in line.split("|")]
