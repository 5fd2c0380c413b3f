"""Utterances and answers in, leads out (F1, F2, F4, F6, F7). Pure: the same words always give the same flags.

A lead is found in words (as written, or as they sound) or in a closed answer. Its tier says how far to trust
it: certain, probable, or faint. Faint ones are kept for people who search and are no finding: what is
negated, what only resembles a phrase. Our own prompts are never flagged, nor is their echo on the
customer's track.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from base.pinyin import sounding
from records.model import AnswerRow
from records.post_call import Flag, Utterance
from transcribe.matching import Found, Speech, echoes, find, says
from transcribe.negation import AFFIRMED, NEGATED, UNCLEAR, negation
from transcribe.rules import LONG, Phrase, Rule, Rules

CERTAIN, PROBABLE, FAINT = "certain", "probable", "faint"
TIERS = (CERTAIN, PROBABLE, FAINT)
"""Best first."""

_NEAR_SOUND = 0.13
"""Up to this distance four syllables and more need no cue to be probable: one syllable half different."""
_SURE_ANSWER = 0.8
_ECHO_S = 1.0
_ECHO_TAIL_S = 0.3
_ECHO_CONTEXT = 4
_HOW = {"key": "按键", "speech": "语音"}
_DOUBT = {NEGATED: "，但含否定，可能是说没有", UNCLEAR: "，肯定还是否定听不清", AFFIRMED: ""}


@dataclass(frozen=True, slots=True)
class _Match:
    """One phrase found in one utterance; `cue` is the word or question that supports it, "" for none."""

    rule: Rule
    phrase: Phrase
    found: Found
    cue: str
    negation: str
    tier: str

    @property
    def rank(self) -> tuple[int, float, int]:
        """Better matches come first."""
        return TIERS.index(self.tier), self.found.distance, self.found.start - self.found.end


def flag(utterances: Sequence[Utterance], answers: Sequence[AnswerRow], rules: Rules) -> tuple[Flag, ...]:
    """Every lead in a call, in the order of its seconds."""
    prompts = [one for one in utterances if one.party == "system"]
    flags = [
        made
        for rule in rules.rules
        for found in (
            _in_answers(rule, answers, rules),
            _in_speech(rule, utterances, prompts, answers, rules),
        )
        for made in found
    ]
    return tuple(sorted(_merged(flags), key=lambda one: (one.start_s, one.rule)))


def counts(flag: Flag) -> bool:
    """Whether a flag is a finding to show, and not only a faint trace."""
    return flag.tier != FAINT


def _in_answers(rule: Rule, answers: Iterable[AnswerRow], rules: Rules) -> Iterator[Flag]:
    """Closed answers that are evidence by themselves."""
    wanted = {(evidence.question, value) for evidence in rule.answers for value in evidence.values}
    for answer in answers:
        if (answer.question, answer.value) in wanted:
            sure = answer.how == "key" or answer.score >= _SURE_ANSWER
            yield Flag(
                rule=rule.id,
                rule_version=rules.version,
                category=rule.category,
                severity=rule.severity,
                party="customer",
                start_s=answer.start_s,
                end_s=answer.end_s,
                text=answer.heard or answer.label,
                score=1.0 if answer.how == "key" else answer.score,
                tier=CERTAIN if sure else PROBABLE,
                negation=AFFIRMED,
                why=f"问题 {answer.question} 的回答是“{answer.label}”（{_HOW.get(answer.how, answer.how)}）",
            )


def _in_speech(
    rule: Rule,
    utterances: Iterable[Utterance],
    prompts: Sequence[Utterance],
    answers: Sequence[AnswerRow],
    rules: Rules,
) -> Iterator[Flag]:
    """Phrases in the words of those whose words count."""
    for utterance in utterances:
        if utterance.party == "system" or rule.party not in ("any", utterance.party):
            continue
        speech = Speech.of(utterance.text)
        asked = _asked(rule, utterance, answers)
        for match in _best(_matches(rule, speech, asked, rules.family if rule.not_family else ())):
            made = _flag(match, utterance, speech, rules)
            if _is_echo(match.found, speech, made, prompts):
                continue
            yield _doubted(made) if _is_repeated(rule, made, prompts) else made


def _matches(rule: Rule, speech: Speech, asked: str, family: Sequence[str]) -> Iterator[_Match]:
    apart = [
        one for words in rule.exceptions for one in find(words, speech, by_sound=True) if one.distance == 0
    ]
    for phrase in rule.spoken:
        for found in find(phrase.say, speech, by_sound=rule.by_sound(phrase)):
            if any(spot.start <= found.start and found.end <= spot.end for spot in apart):
                continue
            if _by_family(rule, speech, found, family):
                continue
            cue = _cue(rule, speech, found) or asked
            if phrase.cue_needed and not cue:
                continue
            meant = negation(speech.chars, found.start, found.end)
            yield _Match(rule, phrase, found, cue, meant, tier(found, supported=bool(cue), meant=meant))


def tier(found: Found, *, supported: bool, meant: str) -> str:
    """How far to trust a match.

    `supported`: a cue stands near, or the question asked for it. `meant`: its negation.
    """
    length = found.end - found.start
    close = found.distance == 0 or supported or (length > LONG and found.distance <= _NEAR_SOUND)
    if meant == NEGATED or not close:
        return FAINT
    level = 0 if found.exact and length >= LONG else 1
    return TIERS[level + (meant == UNCLEAR)]


def _cue(rule: Rule, speech: Speech, found: Found) -> str:
    """The first cue within the rule's reach on either side of a match."""
    before = speech.cut(found.start - rule.within, found.start)
    after = speech.cut(found.end, found.end + rule.within)
    return next((cue for cue in rule.cues if says(cue, before) or says(cue, after)), "")


def _by_family(rule: Rule, speech: Speech, found: Found, family: Sequence[str]) -> bool:
    """Whether one of the family did it: such a word before a match, and no longer cue behind that word."""
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


def _asked(rule: Rule, utterance: Utterance, answers: Iterable[AnswerRow]) -> str:
    """The question of `asked_in` that these words answer."""
    return next(
        (
            answer.question
            for answer in answers
            if answer.question in rule.asked_in
            and answer.start_s < utterance.end_s
            and utterance.start_s < answer.end_s
        ),
        "",
    )


def _best(matches: Iterable[_Match]) -> list[_Match]:
    """One match for each place: of those that overlap the one to trust most."""
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda one: one.rank):
        if all(match.found.end <= one.found.start or one.found.end <= match.found.start for one in kept):
            kept.append(match)
    return kept


def _is_echo(found: Found, speech: Speech, made: Flag, prompts: Iterable[Utterance]) -> bool:
    """Whether the words around a match are those of a prompt that was playing at that time (F4)."""
    around = speech.cut(found.start - _ECHO_CONTEXT, found.end + _ECHO_CONTEXT)
    return any(
        echoes(around, Speech.of(prompt.text))
        for prompt in prompts
        if prompt.start_s < made.end_s and made.start_s < prompt.end_s + _ECHO_S
    )


def _is_repeated(rule: Rule, made: Flag, prompts: Iterable[Utterance]) -> bool:
    """Whether a prompt that was playing says the same in other words: perhaps its echo, misheard (F4)."""
    return any(
        prompt.start_s < made.end_s
        and made.start_s < prompt.end_s + _ECHO_TAIL_S
        and any(_holds(phrase, rule, prompt) for phrase in rule.spoken if not phrase.cue_needed)
        for prompt in prompts
    )


def _holds(phrase: Phrase, rule: Rule, prompt: Utterance) -> bool:
    return any(find(phrase.say, Speech.of(prompt.text), by_sound=rule.by_sound(phrase)))


def _doubted(made: Flag) -> Flag:
    return replace(made, tier=FAINT, why=f"{made.why}，但系统当时正在说这句话，可能是回声")


def _merged(flags: Iterable[Flag]) -> list[Flag]:
    """One flag for each rule and stretch of time: the more certain one, with the reasons of all."""
    kept: list[Flag] = []
    for one in sorted(flags, key=lambda one: (TIERS.index(one.tier), one.start_s)):
        place = next((n for n, other in enumerate(kept) if _same_place(one, other)), None)
        if place is None:
            kept.append(one)
        else:
            kept[place] = _joined(kept[place], one)
    return kept


def _same_place(one: Flag, other: Flag) -> bool:
    return one.rule == other.rule and one.start_s < other.end_s and other.start_s < one.end_s


def _joined(better: Flag, other: Flag) -> Flag:
    return replace(
        better,
        start_s=min(better.start_s, other.start_s),
        end_s=max(better.end_s, other.end_s),
        why=f"{better.why}；{other.why}",
    )


def _flag(match: _Match, utterance: Utterance, speech: Speech, rules: Rules) -> Flag:
    start_s, end_s = _seconds(utterance, match.found, len(speech))
    return Flag(
        rule=match.rule.id,
        rule_version=rules.version,
        category=match.rule.category,
        severity=match.rule.severity,
        party=utterance.party,
        start_s=start_s,
        end_s=end_s,
        text=speech.chars[match.found.start : match.found.end],
        score=round(1.0 - match.found.distance, 3),
        tier=match.tier,
        negation=match.negation,
        why=_why(match, speech),
    )


def _why(match: _Match, speech: Speech) -> str:
    said = speech.chars[match.found.start : match.found.end]
    alike = "" if match.found.exact else f"，与“{match.phrase.say}”音近（距离 {match.found.distance:.2f}）"
    cue = f"，依据“{match.cue}”" if match.cue else ""
    return f"听到“{said}”{alike}{cue}{_DOUBT[match.negation]}"


def _seconds(utterance: Utterance, found: Found, length: int) -> tuple[float, float]:
    """Where a match stands in the audio: by the characters' times, else by their share of the utterance."""
    if len(utterance.chars) == len(utterance.text):
        pairs = zip(utterance.text, utterance.chars, strict=True)
        times = [at for char, at in pairs if sounding(char)]
        return times[found.start], times[found.end] if found.end < length else utterance.end_s
    per_char = (utterance.end_s - utterance.start_s) / length
    return utterance.start_s + found.start * per_char, utterance.start_s + found.end * per_char
