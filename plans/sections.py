"""What a firm's profile demands besides its duties: ranking, classes, merging, clocks.

Sections of a policy profile (`dialer.profile`); each entry cites the rule that it serves. What no source
states is a setting of the shipped `default`. Duties: `plans.duties`; papers: `plans.paperwork`.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from plans.duties import Period, RuleId, Section, Share, Within
from records.model import Kind

EntryId = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]


class Measure(StrEnum):
    """What customers are ranked by (P3); fields of `records.people.Facts`."""

    ASSETS = "assets"
    VOLUME = "volume"
    COMMISSION = "commission"
    TURNOVER = "turnover"


class KeyActive(Section):
    """Who counts as key and active in a branch: the first by any measure, and those added by hand (P3).

    Attributes:
        of_last: the stretch whose figures count.
        share: of the branch's customers, so many come first by a measure.
        introduced: introduced customers among the first of this share by any measure are always among them.
    """

    by: tuple[Measure, ...] = Field(default=tuple(Measure), min_length=1)
    of_last: Literal[Period.MONTH, Period.QUARTER, Period.YEAR] = Period.YEAR
    share: Share = 0.2
    introduced: Share = 0.1
    rule: RuleId = "P3"


class Step(Section):
    """Customers of so many yuan on, up to the next higher step: their class by turnover (C2).

    Attributes:
        low, high: the class of those below the limit of turnover, and of the others.
    """

    assets_from: float = Field(ge=0)
    low: str = Field(min_length=1)
    high: str = Field(min_length=1)


class Classes(Section):
    """Classes of customers by assets and turnover (C2). Without steps there are none.

    Attributes:
        turnover: the limit between `low` and `high`; the firm sets it anew each year.
        steps: from the highest down.
    """

    turnover: float = Field(default=3.0, gt=0)
    steps: tuple[Step, ...] = ()
    rule: RuleId = "C2"

    @model_validator(mode="after")
    def _goes_down(self) -> Self:
        if any(one.assets_from <= other.assets_from for one, other in pairwise(self.steps)):
            raise ValueError("`steps` go from the highest `assets_from` down")
        return self

    def names(self) -> frozenset[str]:
        """All classes that there are."""
        return frozenset(name for step in self.steps for name in (step.low, step.high))


class Together(Section):
    """Kinds that may be done in one call, and the script of that call (D7)."""

    kinds: tuple[Kind, ...] = Field(min_length=2)
    script: str = Field(min_length=1)
    rule: RuleId = "D7"


class Merge(Section):
    """When follow-ups of one customer and one executor become one call (D7).

    Attributes:
        apart_days: their last days lie at most so far apart.
    """

    together: tuple[Together, ...] = ()
    apart_days: int = Field(default=31, ge=0, le=366)


class ClockName(StrEnum):
    """What runs against a clock (Q4, Q9, C6)."""

    OPINION = "opinion"
    """An opinion is handled, from the day it was received."""
    ANSWER = "answer"
    """A department answers, from receipt."""
    LOOP = "loop"
    """The whole matter is closed, from the day it was raised."""
    RECORDS = "records"
    """Records of a special follow-up are with whoever ordered it, from the end of the work."""
    INSPECTION = "inspection"
    """The result of an inspection is written, from its end."""
    EMAIL = "email"
    """A customer's e-mail is answered, from the day it came."""


class Clock(Section):
    """The last day for something, counted from when it began; `aim`: the day that is aimed at."""

    within: Within
    aim: Within | None = None
    rule: RuleId
    says: str = ""
