"""Scorecards (评分表): what a call is scored by, and the total that its answers give (Q5). Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from base import yamlfile
from base.errors import InputError
from records.model import Kind

FULL = 100
"""Points of all items together."""


class Answer(StrEnum):
    """To an item."""

    YES = "yes"
    PARTLY = "partly"
    """Half of the points; not for a critical item."""
    NO = "no"
    NOT_ASKED = "not_asked"
    """The item does not arise in this call: its points are not counted."""


_PARTS = {Answer.YES: 1.0, Answer.PARTLY: 0.5, Answer.NO: 0.0}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Model):
    """One thing to look at.

    Attributes:
        key: unique in the card, for good: scores are compared by it.
        group: heading that it stands under.
        asks: what is asked about the call, answered with yes where all is well.
        critical: a no brings the whole total down to 0 (一票否决).
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    group: str = Field(min_length=1)
    asks: str = Field(min_length=1)
    points: int = Field(ge=1, le=FULL)
    critical: bool = False


class Scorecard(_Model):
    """A version of a card.

    Attributes:
        kinds: of follow-up that it is meant for; none: all of them.
        pass_at: the least total with which a call passes.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", alias="scorecard")
    version: str = Field(min_length=1)
    title: str = Field(min_length=1)
    kinds: tuple[Kind, ...] = ()
    pass_at: int = Field(ge=0, le=FULL)
    items: tuple[Item, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        keys = [one.key for one in self.items]
        if twice := next((key for key in keys if keys.count(key) > 1), ""):
            raise ValueError(f"item {twice} is there twice")
        points = sum(one.points for one in self.items)
        if points != FULL:
            raise ValueError(f"the points of all items make {points}, not {FULL}")
        return self

    @cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of the content: comments and layout don't count."""
        return hashlib.sha256(
            json.dumps(self.content, sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()

    @property
    def content(self) -> dict[str, object]:
        """JSON-ready; `Scorecard.model_validate` takes it."""
        return self.model_dump(mode="json", by_alias=True)


@dataclass(frozen=True, slots=True)
class Result:
    """What answers give.

    Attributes:
        total: points of 100, to a tenth.
        failed: critical items that were answered with no.
    """

    total: float
    passed: bool
    failed: tuple[str, ...]


def load(path: Path) -> Scorecard:
    """Read a card.

    Raises:
        InputError: it cannot be used, with "file:line", or bears another name than its file.
    """
    card = yamlfile.load(path, Scorecard, InputError)
    if card.name != path.stem:
        raise InputError(f"holds the scorecard {card.name}", where=str(path), remedy="name both alike")
    return card


def result(card: Scorecard, answers: Mapping[str, Answer]) -> Result:
    """The total: points reached of those that could be, out of 100; 0 where a critical item failed.

    Raises:
        InputError: an item is not answered, a critical one by half, an unknown one is, or none arises.
    """
    _check(card, answers)
    arising = [one for one in card.items if answers[one.key] is not Answer.NOT_ASKED]
    if not arising:
        raise InputError("no item arises in the call", where=card.title, remedy="answer one at least")
    failed = tuple(one.key for one in arising if one.critical and answers[one.key] is Answer.NO)
    reached = sum(one.points * _PARTS[answers[one.key]] for one in arising)
    total = 0.0 if failed else round(FULL * reached / sum(one.points for one in arising), 1)
    return Result(total, total >= card.pass_at and not failed, failed)


def meant_for(cards: Sequence[Scorecard], kind: str) -> list[Scorecard]:
    """Cards for a kind of follow-up: those that name it before those for all."""
    named = [one for one in cards if kind in one.kinds]
    return named + [one for one in cards if not one.kinds]


def _check(card: Scorecard, answers: Mapping[str, Answer]) -> None:
    known = {one.key for one in card.items}
    if unknown := sorted(answers.keys() - known):
        raise InputError(f"has no item {unknown[0]}", where=card.title)
    for one in card.items:
        if one.key not in answers:
            raise InputError("is not answered", where=one.asks, remedy="answer every item")
        if one.critical and answers[one.key] is Answer.PARTLY:
            raise InputError("is critical: it is met or not", where=one.asks, remedy="answer yes or no")
