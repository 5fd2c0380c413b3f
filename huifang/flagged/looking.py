"""Rules looked over before anybody relies on them: what will never be found, and what names nothing. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from base import yamlfile
from transcribe.rules import Rule, Rules, wordings

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a person should look at, and where it stands in the file."""

    place: Place
    says: str


def warnings(rules: Rules, questions: Container[str]) -> Iterator[Warned]:
    """What looks wrong in rules that can be used. `questions`: ids of all questions of all scripts."""
    for n, rule in enumerate(rules.rules):
        yield from _of_phrases(rule, ("rules", n))
        yield from _of_questions(rule, ("rules", n), questions)


def with_lines(path: Path, found: Iterator[Warned]) -> list[str]:
    """As lines "file:line: words"."""
    return [f"{yamlfile.where(path, one.place)}: {one.says}" for one in found]


def _of_phrases(rule: Rule, place: Place) -> Iterator[Warned]:
    lost = {phrase.say for phrase in rule.lost}
    for n, phrase in enumerate(rule.phrases):
        if lost.intersection(wordings(phrase.say)):
            what = "is too short to be found alone, or wants a cue: give the rule `cues` or `asked_in`"
            yield Warned((*place, "phrases", n), f"{phrase.say} {what}")
    short = [cue for cue in rule.cues if len(cue) == 1]
    leaning = any(phrase.cue_needed for phrase in rule.spoken)
    if leaning and rule.cues and len(short) == len(rule.cues):
        yield Warned(
            (*place, "cues"), f"{rule.id}: all cues have one syllable and stand near almost anything"
        )


def _of_questions(rule: Rule, place: Place, questions: Container[str]) -> Iterator[Warned]:
    for n, question in enumerate(rule.asked_in):
        if question not in questions:
            yield Warned((*place, "asked_in", n), f"{question}: no script asks that")
    for n, evidence in enumerate(rule.answers):
        if evidence.question not in questions:
            yield Warned((*place, "answers", n), f"{evidence.question}: no script asks that")
