"""From recordings and their flags to figures; docs/speech.md defines each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from base.exact import Interval, events
from huifang.speech.errors import character_errors, characters
from huifang.speech.intervals import Counted, share
from transcribe.flags import TIERS

LEAD, ORDINARY = "lead", "ordinary"
"""Groups whose rows alone decide the recall and the false alarms of the whole, where a table has them."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One flag: `tier` is faint where it is no finding."""

    rule: str
    tier: str

    @property
    def counts(self) -> bool:
        """Whether it is a finding."""
        return self.tier != TIERS[-1]


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording with what became of it.

    Attributes:
        expected: rules that it should raise.
        speech_s: seconds in which the voice detector heard speech.
    """

    transcript: str
    heard: str
    expected: frozenset[str]
    raised: tuple[Raised, ...]
    speech_s: float
    groups: tuple[str, ...] = ()

    @property
    def found(self) -> frozenset[str]:
        """Rules of its findings."""
        return frozenset(one.rule for one in self.raised if one.counts)


@dataclass(frozen=True, slots=True)
class Part:
    """Figures of some recordings; None where there is nothing to measure. Intervals are of 95 %.

    Attributes:
        hours: of speech.
        expected: (recording, rule) pairs that should have been found; `flag_recall` is the share that was.
        false_alarms: findings of rules that a recording should not raise.
        flagged: share of the recordings with any finding.
    """

    n: int
    hours: float
    cer: float
    cer_interval: Interval
    expected: int
    flag_recall: float | None
    flag_recall_interval: Interval | None
    false_alarms: int
    false_alarms_per_hour: float | None
    false_alarms_interval: Interval | None
    flagged: float
    flagged_interval: Interval


@dataclass(frozen=True, slots=True)
class ByRule:
    """Figures of one rule, as `Part` has them; false alarms per hour of all the speech that may hold them."""

    expected: int
    flag_recall: float | None
    flag_recall_interval: Interval | None
    false_alarms: int
    false_alarms_per_hour: float | None
    false_alarms_interval: Interval | None


@dataclass(frozen=True, slots=True)
class ByTier:
    """How many flags of one tier were expected and were not, in the same rows."""

    expected: int
    not_expected: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a table came to: `Part`'s figures of the whole, its conditions, rules and tiers.

    Attributes:
        hours: of the speech in which false alarms were counted.
        cer: of all recordings.
    """

    n: int
    hours: float
    cer: float
    cer_interval: Interval
    flag_recall: float | None
    flag_recall_interval: Interval | None
    false_alarms: int
    false_alarms_per_hour: float | None
    false_alarms_interval: Interval | None
    by_condition: dict[str, Part]
    by_rule: dict[str, ByRule]
    by_tier: dict[str, ByTier]


def figures(trials: Sequence[Trial], names: Mapping[str, str], *, keywords: bool) -> Figures:
    """All figures of at least one trial.

    `names`: what rules are called where not by their id. `keywords`: they were made of the transcripts, so
    that every row counts for recall and for false alarms.
    """
    leads = trials if keywords else _kind(trials, LEAD, lambda trial: bool(trial.expected))
    ordinary = trials if keywords else _kind(trials, ORDINARY, lambda trial: not trial.expected)
    cer, cer_interval = _cer(trials)
    recall, recall_interval = _recall(leads)
    alarms = sum(map(_alarms, ordinary))
    rate, rate_interval = _rate(alarms, _hours(ordinary))
    every = dict.fromkeys(name for trial in trials for name in trial.groups)
    return Figures(
        len(trials), _hours(ordinary), cer, cer_interval, recall, recall_interval,
        alarms, rate, rate_interval,
        by_condition={name: _part([one for one in trials if name in one.groups]) for name in every},
        by_rule=_by_rule(leads, ordinary, names),
        by_tier={tier: _tier(leads, ordinary, tier) for tier in TIERS},
    )  # fmt: skip


def _kind(trials: Sequence[Trial], group: str, otherwise: Callable[[Trial], bool]) -> list[Trial]:
    """The rows of a group; of a table without it those that look like it."""
    return [one for one in trials if group in one.groups] or [one for one in trials if otherwise(one)]


def _part(trials: Sequence[Trial]) -> Part:
    cer, cer_interval = _cer(trials)
    recall, recall_interval = _recall(trials)
    alarms, hours = sum(map(_alarms, trials)), _hours(trials)
    rate, rate_interval = _rate(alarms, hours)
    flagged, flagged_interval = _rounded(share((one.transcript, bool(one.found), 1) for one in trials))
    assert flagged is not None
    assert flagged_interval is not None
    return Part(
        len(trials), hours, cer, cer_interval, sum(len(one.expected) for one in trials), recall,
        recall_interval, alarms, rate, rate_interval, flagged, flagged_interval,
    )  # fmt: skip


def _cer(trials: Iterable[Trial]) -> tuple[float, Interval]:
    value, interval = _rounded(
        share(
            (one.transcript, character_errors(one.transcript, one.heard), len(characters(one.transcript)))
            for one in trials
        )
    )
    assert value is not None
    assert interval is not None
    return value, interval


def _recall(trials: Iterable[Trial], *rules: str) -> tuple[float | None, Interval | None]:
    """Share of the expected (recording, rule) pairs that were found; of these rules, or of all."""
    return _rounded(share(_counted(trials, rules)))


def _counted(trials: Iterable[Trial], rules: Sequence[str]) -> Iterable[Counted]:
    for one in trials:
        wanted = one.expected & set(rules) if rules else one.expected
        yield one.transcript, len(wanted & one.found), len(wanted)


def _alarms(trial: Trial) -> int:
    return sum(one.counts and one.rule not in trial.expected for one in trial.raised)


def _hours(trials: Iterable[Trial]) -> float:
    return round(sum(one.speech_s for one in trials) / 3600, 4)


def _rate(alarms: int, hours: float) -> tuple[float | None, Interval | None]:
    """False alarms per hour of speech and their exact interval."""
    if not hours:
        return None, None
    low, high = events(alarms)
    return round(alarms / hours, 3), (round(low / hours, 3), round(high / hours, 3))


def _by_rule(
    leads: Sequence[Trial], ordinary: Sequence[Trial], names: Mapping[str, str]
) -> dict[str, ByRule]:
    ids: dict[str, list[str]] = {}
    raised = (one.rule for trial in ordinary for one in trial.raised)
    for rule in dict.fromkeys((*(rule for trial in leads for rule in sorted(trial.expected)), *raised)):
        ids.setdefault(names.get(rule, rule), []).append(rule)
    return {name: _rule(leads, ordinary, ids[name]) for name in sorted(ids)}


def _rule(leads: Sequence[Trial], ordinary: Sequence[Trial], rules: Sequence[str]) -> ByRule:
    expected = sum(len(one.expected & set(rules)) for one in leads)
    recall, recall_interval = _recall(leads, *rules)
    alarms = sum(
        one.counts and one.rule in rules and one.rule not in trial.expected
        for trial in ordinary
        for one in trial.raised
    )
    return ByRule(expected, recall, recall_interval, alarms, *_rate(alarms, _hours(ordinary)))


def _tier(leads: Iterable[Trial], ordinary: Iterable[Trial], tier: str) -> ByTier:
    """Expected among the leads, not expected in ordinary speech."""
    right = sum(one.tier == tier and one.rule in trial.expected for trial in leads for one in trial.raised)
    wrong = sum(
        one.tier == tier and one.rule not in trial.expected for trial in ordinary for one in trial.raised
    )
    return ByTier(right, wrong)


def _rounded(found: tuple[float, Interval] | None) -> tuple[float | None, Interval | None]:
    if found is None:
        return None, None
    value, (low, high) = found
    return round(value, 4), (round(low, 4), round(high, 4))
