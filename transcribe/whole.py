"""A call as a whole: how far its leads together speak for a violation. Pure.

Closed answers (S7) weigh more than free speech: the question was understood, and what was said is one of few
things. Leads of different rules are taken as independent; of one rule the strongest counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from records.post_call import Flag
from transcribe.flags import FAINT
from transcribe.negation import NEGATED

_FREE_SPEECH = 0.7
"""What a lead in free speech is worth beside one in a closed answer."""
_TRACE = 0.3
"""What a faint lead is worth beside others."""


def suspicion(flags: Iterable[Flag]) -> float:
    """0 (nothing found) to 1, of a call that can be judged."""
    strongest: dict[str, float] = {}
    for flag in flags:
        strongest[flag.rule] = max(strongest.get(flag.rule, 0.0), _worth(flag))
    return 1.0 - prod(1.0 - worth for worth in strongest.values())


def _worth(flag: Flag) -> float:
    if flag.negation == NEGATED or flag.severity == "credit":
        return 0.0
    closed = flag.party == "customer" and not flag.phrase
    return flag.score * (1.0 if closed else _FREE_SPEECH) * (_TRACE if flag.tier == FAINT else 1.0)
