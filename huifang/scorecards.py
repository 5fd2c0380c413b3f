"""A site's scorecards: its own before the shipped ones (Q5)."""

from __future__ import annotations

from pathlib import Path

from huifang import resources
from plans.scorecards import Scorecard, load

FOLDER = "scorecards"


def all_of(data: Path) -> tuple[Scorecard, ...]:
    """Every card, by name.

    Raises:
        InputError: one cannot be used.
    """
    return tuple(load(resources.named(data, FOLDER, name)) for name in resources.names(data, FOLDER))
