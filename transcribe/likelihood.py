"""How well expected phrases fit a sound: Whisper's probability of each, over the encoding that is there.

Nothing is decoded again and nothing is suggested to the decoding. Each phrase is read through the decoder
(teacher forcing) once for the sound and once, kept, for silence: the difference is what the sound says for
it. Without silence's share a common phrase would fit anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples
from base.pinyin import distance, folded
from ivr.doubts import contradicts, denies
from ivr.understanding import MURMURS, core
from transcribe.engine import Fit
from transcribe.text import traditional

NEAREST = 5
"""Phrases tried: those nearest in sound to what was heard."""
POLES = 2
"""Of those that deny and of those that do not, at least so many: a pole is never tried without its rival."""
_DOER = re.compile("我们?|[他她]们?|客户经理|经理|经纪人|介绍人|朋友|家人|都|也|还|就|一直|经常")
"""Behind these a denial may stand: 我没收到, 经理不知道."""
_DEGREE = re.compile("很|挺|蛮|太|非常|特别|十分|比较|好像|应该|可能|觉得|感觉|是")
"""Behind these 不, hardly 没: 很不满意, 好像不是."""
_WHO = re.compile("[我他她你您]|客户|经理|经纪|介绍|朋友|家人|本人|自己")
"""What 不是 denies: 不是我自己."""
LEAD = "嗯"
"""What people say before an answer."""
HYPOTHESES = 3
"""Different texts of the decoding that phrases are held against."""

KEPT = 8192
"""Phrases whose spelling, sound and probability for silence are kept: more than all scripts have."""

_STATES_PER_S = 50
_AROUND_S, _REST_S = 0.3, 1.0
"""The decoder looks at the sound, a little after it, and the window's end: without some rest it errs."""
_QUIET_S, _HISS = 1.5, 8.0
_LEAST = 1e-10

Floats = NDArray[np.float32]


def worth_trying(texts: Sequence[str], expected: Sequence[str]) -> tuple[str, ...]:
    """Expected phrases that may have been misheard as `texts`, the nearest first.

    None where the first text sounds like one and no other denies what it does not, or the other way round.
    Pure. `texts`: what the decoding held possible, best first.
    """
    heard = tuple(dict.fromkeys(folded(core(text)) for text in texts if core(text)))[:HYPOTHESES]
    agreed = len({denies(core(text)) for text in texts}) == 1
    if not heard or (agreed and heard[0] in {_sounds(phrase) for phrase in expected}):
        return ()
    far = {phrase: min(distance(one, _sounds(phrase)) for one in heard) for phrase in expected}
    ranked = sorted(far, key=far.__getitem__)
    denying = [phrase for phrase in ranked if denies(core(phrase))]
    affirming = [phrase for phrase in ranked if not denies(core(phrase))]
    return tuple(dict.fromkeys((*ranked[:NEAREST], *denying[:POLES], *affirming[:POLES])))


def denials(texts: Sequence[str], affirmed: str) -> tuple[str, ...]:
    """What else may have been said where a text denies: 好像不是 for 好像是.

    Pure. A question's phrases need not hold every denial; but none may fit as well as what is affirmed.
    """
    if not affirmed or not any(contradicts(core(text), core(affirmed)) for text in texts):
        return ()
    return tuple(
        dict.fromkeys(denied for before, rest in _places(affirmed) for denied in _denied(before, rest))
    )


def _places(phrase: str) -> Iterator[tuple[str, str]]:
    """Where a denial may stand in it: at the beginning, and behind each word that leads to what is said."""
    at = 0
    while at < len(phrase):
        yield phrase[:at], phrase[at:]
        led = _DOER.match(phrase, at) or _DEGREE.match(phrase, at)
        if led is None:
            return
        at = led.end()


def _denied(before: str, rest: str) -> Iterator[str]:
    """The ways to deny what follows: people say 不是我, 没有, 不满意."""
    if _WHO.match(rest):
        yield f"{before}不是{rest}"
    elif not rest.startswith("有"):
        yield f"{before}不{rest}"
    if not _DEGREE.search(before):
        yield f"{before}没{rest}"


def quiet() -> Samples:
    """A line on which nobody speaks, 8 kHz."""
    hiss = np.random.default_rng(3).normal(0, _HISS, round(_QUIET_S * RATE))
    return hiss.astype(np.int16)


@lru_cache(KEPT)
def _sounds(phrase: str) -> tuple[str, ...]:
    return folded(core(phrase))


class Likelihood:
    """Scores phrases with a loaded Whisper (CTranslate2). One thread at a time."""

    def __init__(self, model: Any, tokenizer: Any, start: Sequence[int], silence: Any) -> None:
        """`start`: the tokens before a text; `silence`: what `quiet` gives, encoded."""
        self._model = model
        self._tokenizer = tokenizer
        self._start = list(start)
        self._silence = _seen(silence, _QUIET_S)
        self._of_silence: dict[tuple[int, ...], float] = {}
        self._spellings = lru_cache(KEPT)(self._spelt)

    def tried(
        self, encoded: Any, length_s: float, texts: Sequence[str], expected: Sequence[str]
    ) -> tuple[tuple[str, float], ...]:
        """Scores of the phrases that are `worth_trying`, with the likeliest one's `denials`, best first."""
        lead = LEAD if texts and texts[0][:1] in MURMURS else ""
        likely = self.of(encoded, length_s, worth_trying(texts, expected), lead)
        affirmed = next((phrase for phrase, _ in likely if not denies(core(phrase))), "")
        denied = denials(texts, affirmed)
        new = [phrase for phrase in denied if phrase not in dict(likely)]
        return tuple(sorted((*likely, *self.of(encoded, length_s, new, lead)), key=lambda one: -one[1]))

    def of(
        self, encoded: Any, length_s: float, phrases: Iterable[str], lead: str = ""
    ) -> tuple[tuple[str, float], ...]:
        """(phrase, nats by which it is likelier for the sound than for silence), best first.

        `encoded`: the window whose first `length_s` seconds are the sound; `lead`: what is said before each.
        """
        spelt = {phrase: self._spellings(lead + phrase) for phrase in phrases}
        every = [tokens for several in spelt.values() for tokens in several]
        if not every:
            return ()
        found = dict(zip(every, self._logprobs(_seen(encoded, length_s), every), strict=True))
        silent = self._silent(every)
        scores = {
            phrase: max(found[tokens] for tokens in several) - max(silent[tokens] for tokens in several)
            for phrase, several in spelt.items()
        }
        return tuple(sorted(scores.items(), key=lambda one: -one[1]))

    def fits(self, encoded: Any, length_s: float, texts: Sequence[str]) -> tuple[Fit, ...]:
        """How likely each text is for the window's first `length_s` seconds.

        All are spelt, simplified or traditional, as is likelier for the first one, where that tells: to read
        each in both takes twice as long. Nothing is kept: whole turns are not said twice.
        """
        states, spelt = _seen(encoded, length_s), [self._spelt(text) for text in texts]
        sound = dict(zip(spelt[0], self._logprobs(states, spelt[0]), strict=True)) if spelt else {}
        if len(sound) > 1:
            which = spelt[0].index(max(spelt[0], key=sound.__getitem__))
            spelt = [several[min(which, len(several) - 1) :][:1] for several in spelt]
        new = list(dict.fromkeys(tokens for several in spelt for tokens in several if tokens not in sound))
        sound.update(zip(new, self._logprobs(states, new), strict=True))
        likelier = [max(several, key=sound.__getitem__) for several in spelt]
        silence = self._logprobs(self._silence, likelier)
        return tuple(Fit(sound[tokens], quiet) for tokens, quiet in zip(likelier, silence, strict=True))

    def _silent(self, texts: Sequence[tuple[int, ...]]) -> Mapping[tuple[int, ...], float]:
        """Log-probabilities for silence, kept; all forgotten when too many (customers have names)."""
        if len(self._of_silence) > KEPT:
            self._of_silence.clear()
        new = [tokens for tokens in texts if tokens not in self._of_silence]
        self._of_silence.update(zip(new, self._logprobs(self._silence, new), strict=True))
        return self._of_silence

    def _spelt(self, phrase: str) -> tuple[tuple[int, ...], ...]:
        """Its tokens, and those of its traditional characters where they are others."""
        texts = dict.fromkeys((phrase, traditional(phrase)))
        every = (self._tokenizer.encode(text, add_special_tokens=False).ids for text in texts)
        return tuple(map(tuple, every))

    def _logprobs(self, states: Floats, texts: Sequence[tuple[int, ...]]) -> list[float]:
        """Log-probability of each text."""
        import ctranslate2

        if not texts:
            return []
        several = ctranslate2.StorageView.from_array(np.repeat(states, len(texts), axis=0))
        read = self._model.align(several, self._start, [list(text) for text in texts], 2)
        return [float(np.log(np.maximum(one.text_token_probs, _LEAST)).sum()) for one in read]


def _seen(encoded: Any, length_s: float) -> Floats:
    """The states that the decoder looks at: shape (1, states, width)."""
    states = np.array(encoded, dtype=np.float32)
    end, rest = round((length_s + _AROUND_S) * _STATES_PER_S), round(_REST_S * _STATES_PER_S)
    if end + rest >= states.shape[1]:
        return states
    return np.concatenate([states[:, :end], states[:, -rest:]], axis=1)
