"""What a lead is worth: its sound, its distance and its length, weighed by weights that were fitted.

The weights of a model are a versioned file beside this module, or a site's own after `huifang calibrate`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from base.errors import InputError

FEATURES = ("distance", "sound", "silence", "syllables", "cue", "believed")
"""What is weighed: how far in sound; how much likelier the sound is with the phrase in its text (nats); the
same for a silent line, which a common phrase wins anyhow; length; whether a cue stands near; how far the
turn's text is believed."""

SHIPPED = Path(__file__).with_name("weights")


class Weights(BaseModel):
    """A fitted logistic regression over `FEATURES`, and where its tiers begin.

    Attributes:
        version: kept with every flag.
        model_sha256: the recogniser that they were fitted for.
        weights: nats for one unit of each feature.
        certain, probable, faint: probabilities from which a lead has that tier; below the last it is none.
        fitted_on: what they were fitted on, for people.
        positives: how many of that were true.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = Field(min_length=1)
    model_sha256: str
    bias: float
    weights: Mapping[str, float]
    certain: float = 0.9
    probable: float = 0.5
    faint: float = 0.1
    fitted_on: str = ""
    positives: int = 0

    @classmethod
    def neutral(cls, model_sha256: str) -> Self:
        """Weights that tell nothing, for a model that has none: every lead is as likely as not."""
        return cls(version="0", model_sha256=model_sha256, bias=0.0, weights=dict.fromkeys(FEATURES, 0.0))

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely the phrase was said, 0 to 1."""
        nats = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, nats))))

    def tier(self, probability: float) -> str:
        """The tier of a lead that likely; "" for none."""
        tiers = (("certain", self.certain), ("probable", self.probable), ("faint", self.faint))
        return next((name for name, least in tiers if probability >= least), "")


def weights_of(model_sha256: str, *places: Path) -> Weights | None:
    """The weights for a recogniser, from the first of `places` that has some, else the shipped ones.

    Raises:
        InputError: a file of weights cannot be used.
    """
    for place in (*places, SHIPPED):
        path = place / f"{model_sha256[:12]}.json"
        if path.is_file():
            return _read(path)
    return None


def _read(path: Path) -> Weights:
    try:
        return Weights.model_validate_json(path.read_bytes())
    except ValidationError as error:
        remedy = "run `huifang calibrate` again, or delete it for the shipped ones"
        raise InputError("holds no weights", where=str(path), remedy=remedy) from error
