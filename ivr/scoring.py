"""Points of the chosen options, added up, and the band that the sum belongs to (S12)."""

from __future__ import annotations

from collections.abc import Iterable

from ivr.script import Ask, Script
from ivr.values import Answer

SEVERAL = ","
"""Between the names of several options, in an answer's value."""


def score(script: Script, answers: Iterable[Answer]) -> int | None:
    """The sum; None while a question is open, or where nothing is scored."""
    if script.score is None:
        return None
    values = {answer.question: answer.value for answer in answers}
    points = [_points(script, name, values.get(name, "")) for name in script.score.questions]
    known = [point for point in points if point is not None]
    return sum(known) if len(known) == len(points) else None


def band(script: Script, points: int | None) -> str:
    """The name of the first band that holds the points; "" without points or beyond the last band."""
    if script.score is None or points is None:
        return ""
    return next((name for name, most in script.score.bands.items() if points <= most), "")


def _points(script: Script, question: str, value: str) -> int | None:
    """Points of an answer; of several options the highest count."""
    node = script.nodes[question]
    options = node.options if isinstance(node, Ask) else {}
    points = [option.points for name, option in options.items() if name in value.split(SEVERAL)]
    return max((point for point in points if point is not None), default=None)
