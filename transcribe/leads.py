"""From the texts of one turn to the places where a rule's words may stand. Pure.

What a rule says of context is held against each place here: cues, the question asked, expressions that mean
something else, the family, negation. How far to trust a place is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from base.pinyin import sounding
from records.model import AnswerRow
from records.post_call import Utterance
from transcribe.gate import lexicon
from transcribe.matching import Found, Speech, find, says
from transcribe.negation import AFFIRMED, negation
from transcribe.rules import Phrase, Rule, Rules

PEOPLE = ("customer", "agent")
"""Whose words are searched: not the system's, nor its echo's (F4)."""
_SLACK = 2
"""Characters by which one text's places may be off in another text of the same turn."""


@dataclass(frozen=True)
class Turn:
    """One utterance and what was held possible for it, ready to be searched.

    Attributes:
        asked: ids of the questions whose answers it overlaps, in their order.
        around: the call's other utterances.
    """

    utterance: Utterance
    asked: tuple[str, ...]
    around: tuple[Utterance, ...] = ()

    @cached_property
    def best(self) -> Speech:
        """The text that was believed."""
        return Speech.of(self.utterance.text)

    def within(self, seconds: float) -> tuple[Speech, ...]:
        """What others of the call's utterances say so few seconds away."""
        said = self.utterance
        return tuple(
            Speech.of(one.text)
            for one in self.around
            if one.start_s - said.end_s <= seconds and said.start_s - one.end_s <= seconds
        )

    @cached_property
    def others(self) -> tuple[Speech, ...]:
        """Other texts, each once."""
        texts = dict.fromkeys(Speech.of(text) for text, _ in self.utterance.held)
        return tuple(text for text in texts if len(text) and text.chars != self.best.chars)

    def seconds(self, speech: Speech, found: Found) -> tuple[float, float]:
        """Where a place is in the audio: by the characters' times if the text has them, else by its share."""
        said = self.utterance
        if speech is self.best and len(said.chars) == len(said.text):
            pairs = zip(said.text, said.chars, strict=True)
            times = [at for char, at in pairs if sounding(char)]
            return times[found.start], times[found.end] if found.end < len(speech) else said.end_s
        start, end = found.start / len(speech), found.end / len(speech)
        length_s = said.end_s - said.start_s
        return said.start_s + start * length_s, said.start_s + end * length_s

    def in_best(self, speech: Speech, found: Found) -> tuple[int, int]:
        """The same place in the believed text, as far as can be told."""
        if speech is self.best:
            return found.start, found.end
        share = len(self.best) / len(speech)
        return round(found.start * share), round(found.end * share)


@dataclass(frozen=True, slots=True)
class Lead:
    """One phrase in one text of a turn; `cue` is the word or question that supports it, "" for none."""

    rule: Rule
    phrase: Phrase
    found: Found
    speech: Speech
    cue: str
    negation: str
    start_s: float
    end_s: float

    @property
    def said(self) -> str:
        """The words that stand there."""
        return self.speech.chars[self.found.start : self.found.end]


def turns(utterances: Sequence[Utterance], answers: Iterable[AnswerRow]) -> Iterator[Turn]:
    """What people say, each with the questions that it answers and with what else is said."""
    people = [one for one in utterances if one.party in PEOPLE]
    for said in people:
        asked = (
            answer.question
            for answer in answers
            if answer.start_s < said.end_s and said.start_s < answer.end_s
        )
        yield Turn(said, tuple(asked), tuple(one for one in people if one is not said))


def leads(said: Turn, rules: Rules, *, generous: bool) -> Iterator[Lead]:
    """Every place in a turn where a rule's words stand, its context held against it.

    `generous`: also places far in sound, and in texts beside the believed one: to be weighed on the sound.
    """
    for speech in (said.best, *said.others) if generous else (said.best,):
        if not len(speech):
            continue
        theirs = of_party(rules, said.utterance.party)
        near = lexicon(theirs).near(speech) if generous else _plainly(theirs, speech)
        for rule, phrase, found in near:
            yield from _supported(rule, phrase, found, speech, said, rules)


def of_party(rules: Rules, party: str) -> tuple[Rule, ...]:
    """The rules that listen to a party for what it says."""
    return tuple(rule for rule in rules.rules if rule.party in ("any", party) and not rule.absent)


def _plainly(rules: Iterable[Rule], speech: Speech) -> Iterator[tuple[Rule, Phrase, Found]]:
    for rule in rules:
        for phrase in rule.spoken:
            for found in find(phrase.say, speech, by_sound=rule.by_sound(phrase)):
                yield rule, phrase, found


def _supported(
    rule: Rule, phrase: Phrase, found: Found, speech: Speech, said: Turn, rules: Rules
) -> Iterator[Lead]:
    """The lead, unless what stands around it says that it is none."""
    if _excepted(rule, speech, found) or _excepted_in_best(rule, found, speech, said):
        return
    if rule.not_family and _by_family(rule, speech, found, rules.family):
        return
    asked = next((question for question in said.asked if question in rule.asked_in), "")
    cue = _cue(rule, speech, found) or asked or _cue_elsewhere(rule, said)
    if phrase.cue_needed and not cue:
        return
    yield Lead(
        rule, phrase, found, speech, cue, _meant(found, speech, said), *said.seconds(speech, found)
    )  # fmt: skip


def _meant(found: Found, speech: Speech, said: Turn) -> str:
    """Affirmed only where the believed text does not deny it either: 没 is what is misheard."""
    meant = negation(speech.chars, found.start, found.end)
    if meant != AFFIRMED or speech is said.best:
        return meant
    return negation(said.best.chars, *said.in_best(speech, found))


def _excepted(rule: Rule, speech: Speech, found: Found) -> bool:
    return any(one.start <= found.start and found.end <= one.end for one in _exceptions(rule, speech))


def _excepted_in_best(rule: Rule, found: Found, speech: Speech, said: Turn) -> bool:
    if speech is said.best:
        return False
    start, end = said.in_best(speech, found)
    return any(
        one.start <= start + _SLACK and end <= one.end + _SLACK for one in _exceptions(rule, said.best)
    )


def _exceptions(rule: Rule, speech: Speech) -> Iterator[Found]:
    """Where longer expressions stand that mean something else."""
    for words in rule.exceptions:
        yield from (one for one in find(words, speech, by_sound=True) if one.distance == 0)


def _cue(rule: Rule, speech: Speech, found: Found) -> str:
    """The first cue within the rule's reach on either side of a place."""
    before = speech.cut(found.start - rule.within, found.start)
    after = speech.cut(found.end, found.end + rule.within)
    return next((cue for cue in rule.cues if says(cue, before) or says(cue, after)), "")


def _cue_elsewhere(rule: Rule, said: Turn) -> str:
    """The first cue that somebody says in the seconds around a turn."""
    if not rule.within_s:
        return ""
    near = said.within(rule.within_s)
    return next((cue for cue in rule.cues if any(says(cue, speech) for speech in near)), "")


def _by_family(rule: Rule, speech: Speech, found: Found, family: Sequence[str]) -> bool:
    """Whether one of the family did it: such a word before a place, and no longer cue behind that word."""
    before = speech.cut(found.start - rule.within, found.end)
    size = found.end - found.start
    last = max((_last(words, before, size) for words in family), default=-1)
    nouns = (cue for cue in rule.cues if len(cue) > 1)
    return last >= 0 and not any(says(noun, before.cut(last, len(before))) for noun in nouns)


def _last(words: str, before: Speech, tail: int) -> int:
    """Where words that begin before the last `tail` characters end; -1: nowhere."""
    places = find(words, before, by_sound=len(words) > 1)
    return max(
        (one.end for one in places if one.distance == 0 and one.start < len(before) - tail), default=-1
    )
