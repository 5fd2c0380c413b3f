"""What is only seen across utterances: words that follow on words, silence, speed, what nobody said (F3).

Pure. Words are looked for as written or as they sound exactly; the lead is never more than probable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from base.pinyin import sounding
from records.post_call import Flag, Utterance
from transcribe.leads import PEOPLE
from transcribe.matching import Speech, says
from transcribe.negation import AFFIRMED
from transcribe.rules import Rule, Rules, Step

_LONG_ENOUGH = 10
"""Characters from which an utterance's speed can be told."""
_SPOKE = 20
"""Characters that a party says before it is asked for what it did not say."""


def in_course(rule: Rule, utterances: Sequence[Utterance], rules: Rules) -> Iterator[Flag]:
    """The leads of one rule in the course of a call."""
    if rule.absent:
        yield from _absent(rule, utterances, rules)
    if rule.course is None:
        return
    if rule.course.steps:
        yield from _following(rule, rule.course.steps, utterances, rules)
    elif rule.course.silence_s:
        yield from _silences(rule, rule.course.silence_s, utterances, rules)
    elif rule.course.fastest:
        yield from _fast(rule, rule.course.fastest, utterances, rules)


def _following(
    rule: Rule, steps: Sequence[Step], utterances: Sequence[Utterance], rules: Rules
) -> Iterator[Flag]:
    """Every place where the last step ends a chain of all of them; a step is spent on one chain."""
    assert rule.course is not None
    reached: list[Utterance] = []
    for said in sorted(utterances, key=lambda one: one.start_s):
        if reached and said.start_s - reached[-1].end_s > rule.course.within_s:
            reached = []
        if _takes(steps[len(reached)], said):
            reached = [*reached, said]
        if len(reached) == len(steps):
            text = " … ".join(one.text for one in reached)
            yield _flag(rule, rules, reached, text, f"先后说了“{text}”")
            reached = []


def _takes(step: Step, said: Utterance) -> bool:
    if said.party not in PEOPLE or step.party not in ("any", said.party):
        return False
    speech = Speech.of(said.text)
    return any(says(words, speech) for words in step.spoken)


def _silences(rule: Rule, longest_s: float, utterances: Sequence[Utterance], rules: Rules) -> Iterator[Flag]:
    spoken_until, last = 0.0, None
    for said in sorted(utterances, key=lambda one: one.start_s):
        quiet = said.start_s - spoken_until
        if last is not None and quiet >= longest_s and rule.party in ("any", said.party):
            pause = Utterance(said.party, spoken_until, said.start_s, "", 1.0)
            yield _flag(rule, rules, [pause], "", f"静默 {quiet:.0f} 秒")
        spoken_until, last = max(spoken_until, said.end_s), said


def _fast(rule: Rule, fastest: float, utterances: Iterable[Utterance], rules: Rules) -> Iterator[Flag]:
    for said in utterances:
        chars, length_s = len(sounding(said.text)), said.end_s - said.start_s
        mine = said.party in PEOPLE and rule.party in ("any", said.party)
        if mine and chars >= _LONG_ENOUGH and length_s > 0 and chars / length_s > fastest:
            yield _flag(rule, rules, [said], said.text, f"语速每秒 {chars / length_s:.1f} 字")


def _absent(rule: Rule, utterances: Sequence[Utterance], rules: Rules) -> Iterator[Flag]:
    """One flag over all that a party said, when it said none of the words."""
    mine = [one for one in utterances if one.party in PEOPLE and rule.party in ("any", one.party)]
    if sum(len(sounding(one.text)) for one in mine) < _SPOKE:
        return
    texts = [Speech.of(text) for one in mine for text in (one.text, *(other for other, _ in one.held))]
    if not any(says(phrase.say, text) for phrase in rule.spoken for text in texts):
        yield _flag(
            rule, rules, mine, "", "整段通话没有听到：" + "、".join(one.say for one in rule.spoken[:5])
        )


def _flag(rule: Rule, rules: Rules, said: Sequence[Utterance], text: str, why: str) -> Flag:
    return Flag(
        rule=rule.id,
        rule_version=rules.version,
        category=rule.category,
        severity=rule.severity,
        party=said[-1].party,
        start_s=said[0].start_s,
        end_s=said[-1].end_s,
        text=text,
        score=1.0,
        tier="probable",
        negation=AFFIRMED,
        why=why,
    )
