"""Answers that are each other's opposite (是 and 不是): to take one for the other is the worst mistake."""

from __future__ import annotations

_PAIRS = frozenset(
    frozenset(pair)
    for pair in (
        ("yes", "no"),
        ("satisfied", "dissatisfied"),
        ("very_satisfied", "dissatisfied"),
        ("satisfied", "very_dissatisfied"),
        ("very_satisfied", "very_dissatisfied"),
        ("here", "away"),
        ("agreed", "refused"),
        ("right", "wrong"),
        ("all", "none"),
    )
)
_DENYING = ("not_{}", "no_{}", "{}_not", "dis{}", "in{}", "un{}")
"""How an option is named that denies another: know and know_not, agreed and not_agreed."""


def opposite(one: str, other: str) -> bool:
    """Whether two options of a question, by their names, are poles."""
    return frozenset((one, other)) in _PAIRS or any(
        form.format(a) == b for form in _DENYING for a, b in ((one, other), (other, one))
    )
