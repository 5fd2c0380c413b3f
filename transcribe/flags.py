"""Utterances and answers in, leads out (F1, F2, F4, F6, F7). Pure: the same words always give the same flags.

A lead is found in words (as written, or as they sound) or in a closed answer. Its tier says how far to trust
it: certain, probable, or faint. Faint ones are kept for people who search and are no finding: what is
negated, what only resembles a phrase. Our own prompts are never flagged, nor is their echo on the
customer's track.

Whoever can weigh leads on the sound (`transcribe.flagging`) hands a `Weigh` in: then more is proposed, from
every text that was held possible, and tiers are what the weighing says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from records.model import AnswerRow
from records.post_call import Flag, Utterance
from transcribe.course import in_course
from transcribe.leads import Lead, Turn, leads, turns
from transcribe.matching import Speech, echoes, find
from transcribe.negation import AFFIRMED, NEGATED, UNCLEAR
from transcribe.rules import LONG, Evidence, Phrase, Rule, Rules

CERTAIN, PROBABLE, FAINT = "certain", "probable", "faint"
TIERS = (CERTAIN, PROBABLE, FAINT)
"""Best first."""

_NEAR_SOUND = 0.13
"""Up to this distance four syllables and more need no cue to be probable: one syllable half different."""
_SURE_ANSWER = 0.8
_ECHO_S = 1.0
_ECHO_TAIL_S = 0.3
_ECHO_CONTEXT = 4
_MOST_OF_A_RULE = 3
"""Leads of one rule in one turn that are weighed: the nearest."""
_HOW = {"key": "按键", "speech": "语音"}
_DOUBT = {NEGATED: "，但含否定，可能是说没有", UNCLEAR: "，肯定还是否定听不清", AFFIRMED: ""}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A lead's tier before negation is thought of ("": it is none), and what led there."""

    tier: str
    score: float
    features: dict[str, float] = field(default_factory=dict, hash=False)
    weights: str = ""


Weigh = Callable[[Turn, Sequence[Lead]], Sequence[Weighed]]
"""Weighs the leads of one turn; gives as many."""


@dataclass(frozen=True, slots=True)
class _Match:
    """A lead and what it is worth."""

    lead: Lead
    worth: Weighed

    @property
    def rank(self) -> tuple[int, float, float, int]:
        """Better matches come first."""
        found = self.lead.found
        return TIERS.index(self.worth.tier), -self.worth.score, found.distance, found.start - found.end


def flag(
    utterances: Sequence[Utterance],
    answers: Sequence[AnswerRow],
    rules: Rules,
    weigh: Weigh | None = None,
    kept: Mapping[str, str] | None = None,
    *,
    generous: bool = False,
) -> tuple[Flag, ...]:
    """Every lead in a call, in the order of its seconds.

    Args:
        kept: what the firm keeps of the customer, as answers are written, for `Evidence.differs_from`.
        generous: places far in sound and in other texts are proposed, too: only with a `weigh` that judges.
    """
    prompts = [one for one in utterances if one.party == "system"]
    flags = [
        made
        for rule in rules.rules
        for found in (_in_answers(rule, answers, rules, kept or {}), in_course(rule, utterances, rules))
        for made in found
    ]
    for said in turns(utterances, answers):
        flags += _in_speech(said, prompts, rules, weigh, generous)
    return tuple(sorted(_merged(flags), key=lambda one: (one.start_s, one.rule)))


def counts(flag: Flag) -> bool:
    """Whether a flag is a finding to show: no faint trace, and nothing that does credit (F3)."""
    return flag.tier != FAINT and flag.severity != "credit"


def _in_answers(
    rule: Rule, answers: Iterable[AnswerRow], rules: Rules, kept: Mapping[str, str]
) -> Iterator[Flag]:
    """Closed answers that are evidence by themselves."""
    for answer in answers:
        evidence = next((one for one in rule.answers if _speaks_for(one, answer, kept)), None)
        if evidence is not None:
            against = f"，与系统记录“{kept[evidence.differs_from]}”不符" if evidence.differs_from else ""
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
                why=f"问题 {answer.question} 的回答是“{answer.label or answer.value}”"
                f"（{_HOW.get(answer.how, answer.how)}）{against}",
            )


def _speaks_for(evidence: Evidence, answer: AnswerRow, kept: Mapping[str, str]) -> bool:
    """Whether an answer is what a rule looks for; what is not kept is not held against anybody."""
    if answer.question != evidence.question:
        return False
    if evidence.differs_from is None:
        return answer.value in evidence.values
    return bool(answer.value and kept.get(evidence.differs_from, answer.value) != answer.value)


def _in_speech(
    said: Turn, prompts: Sequence[Utterance], rules: Rules, weigh: Weigh | None, generous: bool
) -> Iterator[Flag]:
    """Phrases in one turn of somebody whose words count."""
    proposed = nearest(leads(said, rules, generous=generous))
    worths = weigh(said, proposed) if weigh else [plainly(lead) for lead in proposed]
    matches = [
        _Match(lead, _meant(worth, lead.negation))
        for lead, worth in zip(proposed, worths, strict=True)
        if worth.tier
    ]
    for match in _best(matches):
        made = _flag(match, said.utterance, rules)
        if not _is_echo(match.lead, made, prompts):
            yield _doubted(made) if _is_repeated(match.lead.rule, made, prompts) else made


def nearest(proposed: Iterable[Lead]) -> list[Lead]:
    """The leads worth weighing: a phrase once at a place, few of a rule but those said to the letter."""
    kept: dict[str, list[Lead]] = {}
    for lead in sorted(proposed, key=lambda one: (one.found.distance, -len(one.phrase.say))):
        mine = kept.setdefault(lead.rule.id, [])
        again = any(one.phrase == lead.phrase and _overlap(one, lead) for one in mine)
        if not again and (lead.found.distance == 0 or len(mine) < _MOST_OF_A_RULE):
            mine.append(lead)
    return [lead for mine in kept.values() for lead in mine]


def plainly(lead: Lead) -> Weighed:
    """How far to trust a lead by its text alone; two syllables need their cue to have come so far."""
    found, length = lead.found, len(lead.phrase.say)
    close = found.distance == 0 or lead.cue or (length > LONG and found.distance <= _NEAR_SOUND)
    tier = (CERTAIN if found.exact and length >= LONG else PROBABLE) if close else FAINT
    return Weighed(tier, round(1.0 - found.distance, 3))


def _meant(worth: Weighed, negation: str) -> Weighed:
    """What is negated is faint; where that cannot be told it is trusted one tier less."""
    level = TIERS.index(worth.tier) + (negation == UNCLEAR)
    tier = FAINT if negation == NEGATED else TIERS[min(level, len(TIERS) - 1)]
    return replace(worth, tier=tier)


def _best(matches: Iterable[_Match]) -> list[_Match]:
    """One match of a rule for each place: of those that overlap the one to trust most."""
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda one: one.rank):
        if not any(_overlap(match.lead, one.lead) for one in kept):
            kept.append(match)
    return kept


def _overlap(one: Lead, other: Lead) -> bool:
    return one.rule.id == other.rule.id and one.start_s < other.end_s and other.start_s < one.end_s


def _is_echo(lead: Lead, made: Flag, prompts: Iterable[Utterance]) -> bool:
    """Whether the words around a match are those of a prompt that was playing at that time (F4)."""
    found, speech = lead.found, lead.speech
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


def _flag(match: _Match, utterance: Utterance, rules: Rules) -> Flag:
    lead, worth = match.lead, match.worth
    return Flag(
        rule=lead.rule.id,
        rule_version=rules.version,
        category=lead.rule.category,
        severity=lead.rule.severity,
        party=utterance.party,
        start_s=lead.start_s,
        end_s=lead.end_s,
        text=lead.said,
        score=worth.score,
        tier=worth.tier,
        negation=lead.negation,
        why=_why(lead),
        phrase=lead.phrase.say,
        features=worth.features,
        weights=worth.weights,
    )


def _why(lead: Lead) -> str:
    found = lead.found
    alike = "" if found.exact else f"，与“{lead.phrase.say}”音近（距离 {found.distance:.2f}）"
    cue = f"，依据“{lead.cue}”" if lead.cue else ""
    return f"听到“{lead.said}”{alike}{cue}{_DOUBT[lead.negation]}"
