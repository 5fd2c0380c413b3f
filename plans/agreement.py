"""How far reviewers agree who scored the same calls blind, and who deviates how (Q5). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from base.exact import TAIL, Interval, trials
from records.scored import Violation

DRAWS = 2000

Said: TypeAlias = Sequence[Sequence[str]]
"""What was said of each call, one column for each reviewer."""
_Marks: TypeAlias = npt.NDArray[np.float64]
"""(reviewer, call, word): 1 where the reviewer said the word of the call."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of reviewers over calls.

    Attributes:
        same: share of pairs of reviewers who said the same of a call.
        kappa: agreement beyond chance: Cohen's for two reviewers, Fleiss' for more; None where everybody said
            the same word throughout, so that chance could not be told from agreement.
        interval: of 95 %, by drawing calls again.
    """

    calls: int
    same: float
    kappa: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a reviewer said of one call: answers to the items, by key."""

    total: float
    violation: Violation
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Deviation:
    """How a reviewer differs from the others.

    Attributes:
        points: how far the totals lie above (below: negative) the mean of the others', on average.
        stricter: calls in which this reviewer alone heard a violation that most others did not.
        laxer: calls in which most others heard one, and this reviewer did not.
        items: those on which most often another answer was given than by most, with how often.
    """

    reviewer: str
    points: float
    stricter: int
    laxer: int
    items: tuple[tuple[str, int], ...]


def agreement(said: Said) -> Agreement | None:
    """Of two reviewers or more; None where there are fewer, or no call."""
    if not said or len(said[0]) < 2:
        return None
    marks = _marks(said)
    same, kappa = _kappas(marks[:, None])
    if np.isnan(kappa[0]):
        return Agreement(len(said), float(same[0]), None, None)
    return Agreement(len(said), float(same[0]), float(kappa[0]), _interval(marks, bool(same[0] == 1.0)))


def deviations(sheets: Mapping[str, Sequence[Sheet]], most_items: int = 3) -> list[Deviation]:
    """By reviewer; each has a sheet for every call, in one order. Two reviewers at least."""
    return [_deviation(who, own, _others(sheets, who), most_items) for who, own in sheets.items()]


def _others(sheets: Mapping[str, Sequence[Sheet]], who: str) -> list[list[Sheet]]:
    """By call, what the others said of it."""
    return [
        list(one) for one in zip(*(theirs for name, theirs in sheets.items() if name != who), strict=True)
    ]


def _deviation(who: str, own: Sequence[Sheet], others: Sequence[Sequence[Sheet]], most: int) -> Deviation:
    pairs = list(zip(own, others, strict=True))
    points = [mine.total - sum(one.total for one in rest) / len(rest) for mine, rest in pairs]
    heard = [(mine.violation is Violation.YES, _balance(rest)) for mine, rest in pairs]
    items = Counter(key for mine, rest in pairs for key in _other_answers(mine, rest))
    return Deviation(
        who,
        sum(points) / len(points) if points else 0.0,
        sum(mine and rest < 0 for mine, rest in heard),
        sum(rest > 0 and not mine for mine, rest in heard),
        tuple(items.most_common(most)),
    )


def _balance(sheets: Sequence[Sheet]) -> int:
    """Above 0 where most heard a violation, below where most did not."""
    return sum(1 if one.violation is Violation.YES else -1 for one in sheets)


def _other_answers(mine: Sheet, rest: Sequence[Sheet]) -> list[str]:
    """Items that more than half of the others answered alike, and I did not."""
    found = []
    for key, answer in mine.answers.items():
        word, times = Counter(one.answers.get(key, "") for one in rest).most_common(1)[0]
        if times * 2 > len(rest) and word != answer:
            found.append(key)
    return found


def _marks(said: Said) -> _Marks:
    words = sorted({word for call in said for word in call})
    return np.array(
        [[[word == one for one in words] for word in by] for by in zip(*said, strict=True)], float
    )


def _kappas(marks: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Share of pairs that agree, and kappa (nan where chance agrees wholly), of (reviewer, draw, call, word).

    Cohen, Educational and Psychological Measurement 20, 1960; Fleiss, Psychological Bulletin 76, 1971.
    """
    reviewers = len(marks)
    together = marks.sum(axis=0)
    same = ((together**2).sum(axis=-1) - reviewers).mean(axis=-1) / (reviewers * (reviewers - 1))
    uses = marks.mean(axis=2)
    chance = (uses[0] * uses[1] if reviewers == 2 else uses.mean(axis=0) ** 2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return same, np.where(chance < 1 - 1e-12, (same - chance) / (1 - chance), np.nan)


def _interval(marks: _Marks, all_alike: bool) -> Interval:
    """Where all agree, drawing again cannot tell how sure that is: the bound is that of as many trials."""
    calls = marks.shape[1]
    if all_alike:
        chance = float((marks.mean(axis=(0, 1)) ** 2).sum())
        return max(-1.0, (trials(calls, calls)[0] - chance) / (1 - chance)), 1.0
    drawn = np.random.default_rng(7).integers(calls, size=(DRAWS, calls))
    low, high = np.nanquantile(_kappas(marks[:, drawn])[1], (TAIL, 1 - TAIL))
    return float(low), float(high)
