"""The class of a customer by assets and turnover, in the steps of a profile (C2). Pure."""

from __future__ import annotations

from plans.sections import Classes


def class_of(assets: float, turnover: float, classes: Classes) -> str:
    """The class of a customer with these assets (yuan) and this turnover; "" below every step."""
    for step in classes.steps:
        if assets >= step.assets_from:
            return step.low if turnover < classes.turnover else step.high
    return ""
