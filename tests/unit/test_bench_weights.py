"""What weights are fitted on: of a rule that is true its likeliest lead, of others every lead."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from base.audio import RATE
from bench.weights import judged
from records.post_call import Utterance
from tests.unit.test_transcribe_flagging import Scoring
from transcribe.rules import load

RULES = load(Path(__file__).parents[2] / "config" / "keywords.yaml")


def test_a_true_rule_gives_its_likeliest_lead_and_another_all_of_its_own() -> None:
    heard = [Utterance("customer", 0.0, 3.0, "赚了三七分层给他四六分开", 0.7)]
    sound = np.zeros(3 * RATE, np.int16)
    engine = Scoring("赚了三七分成给他四六分开")
    told = judged(sound, heard, {"profit_sharing"}, engine, RULES)
    (mine,) = [features for features, true in told if true]
    assert (mine["distance"], mine["sound"]) == (0.0, 0.0)
    none = judged(sound, heard, (), engine, RULES)
    assert not any(true for _, true in none)
    assert len(none) > len([one for one in told if not one[1]])
