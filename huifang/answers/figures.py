"""From trials to figures; docs/answers.md defines each. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from huifang.answers.rows import Row
from ivr.poles import opposite


@dataclass(frozen=True, slots=True)
class Trial:
    """One row with what became of it.

    Attributes:
        heard: the recogniser's first text.
        accepted: as `trial.accepted` gives it.
        latency_s: from the end of the utterance to what it means.
    """

    row: Row
    heard: str
    accepted: str
    latency_s: float

    @property
    def right(self) -> bool:
        """Accepted as what was expected; several answers in any order."""
        return bool(self.accepted) and set(self.accepted.split(",")) == set(self.row.expected.split(","))

    @property
    def wrong(self) -> bool:
        """Accepted as something else, or accepted at all where nothing was expected."""
        return bool(self.accepted) and not self.right and not self._repeated

    @property
    def _repeated(self) -> bool:
        """The question was only said again, as after words that were not understood."""
        aside = self.row.script.asides.get(self.accepted)
        return aside is not None and aside.say is None and aside.to_owner is None

    @property
    def flipped(self) -> bool:
        """Accepted as the opposite pole."""
        return self.wrong and opposite(self.row.expected, self.accepted)


@dataclass(frozen=True, slots=True)
class Part:
    """Figures of some trials in set, as shares of them."""

    n: int
    right: float
    reasked: float
    wrong_accepted: float


@dataclass(frozen=True, slots=True)
class OutOfSet:
    """Figures of the trials where nothing was expected."""

    n: int
    wrong_accepted: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a table of trials came to.

    Attributes:
        right_or_reasked, reasked: shares of the trials in set.
        wrong_accepted: share of all trials, in set and out of it.
        pole_flips: how many; out of `pole_trials`.
        by_kind: figures of the trials in set by kind of question.
        by_group: the same by the groups that the table names.
    """

    n: int
    right_or_reasked: float
    reasked: float
    wrong_accepted: float
    pole_flips: int
    pole_trials: int
    latency_p50_s: float
    latency_p95_s: float
    in_set: Part
    out_of_set: OutOfSet
    by_kind: dict[str, Part]
    by_group: dict[str, Part]


def figures(trials: Sequence[Trial]) -> Figures:
    """All figures of at least one trial."""
    inside = [trial for trial in trials if trial.row.expected]
    outside = [trial for trial in trials if not trial.row.expected]
    whole = _part(inside)
    latencies = sorted(trial.latency_s for trial in trials)
    return Figures(
        n=len(trials),
        right_or_reasked=round(whole.right + whole.reasked, 4),
        reasked=whole.reasked,
        wrong_accepted=_share(sum(trial.wrong for trial in trials), len(trials)),
        pole_flips=sum(trial.flipped for trial in inside),
        pole_trials=sum(_at_pole(trial.row) for trial in inside),
        latency_p50_s=_quantile(latencies, 0.5),
        latency_p95_s=_quantile(latencies, 0.95),
        in_set=whole,
        out_of_set=OutOfSet(len(outside), _share(sum(trial.wrong for trial in outside), len(outside))),
        by_kind=_parts(inside, lambda trial: (trial.row.kind,)),
        by_group=_parts(inside, lambda trial: trial.row.groups),
    )


def confusions(trials: Iterable[Trial]) -> list[tuple[str, str, str, int]]:
    """(question, expected, accepted, how often) of what was accepted wrongly, most frequent first."""
    found = Counter(
        (trial.row.question, trial.row.expected or "-", trial.accepted) for trial in trials if trial.wrong
    )
    return [(*pair, count) for pair, count in sorted(found.items(), key=lambda one: (-one[1], one[0]))]


def _at_pole(row: Row) -> bool:
    """Whether the question has an answer opposite to the expected one."""
    options = getattr(row.script.nodes[row.node], "options", {})
    return row.expected in options and any(opposite(row.expected, other) for other in options)


def _parts(trials: Sequence[Trial], names: Callable[[Trial], tuple[str, ...]]) -> dict[str, Part]:
    """Figures by the names that each trial goes by."""
    every = sorted({name for trial in trials for name in names(trial)})
    return {name: _part([trial for trial in trials if name in names(trial)]) for name in every}


def _part(trials: Sequence[Trial]) -> Part:
    right, wrong = sum(trial.right for trial in trials), sum(trial.wrong for trial in trials)
    n = len(trials)
    return Part(n, _share(right, n), _share(n - right - wrong, n), _share(wrong, n))


def _share(count: int, of: int) -> float:
    return round(count / of, 4) if of else 0.0


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The least value that so many of them do not exceed."""
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 3)
