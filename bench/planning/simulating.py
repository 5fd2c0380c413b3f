"""How long a simulated quarter takes: people, plans, calls, figures, the judge's reading."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from dialer.pacing import Pace
from dialer.simulation.trial import play, prepare
from huifang.simulating.assuming import assumed
from huifang.simulating.judge import judged
from huifang.site import profile_of

FIRST = date(2026, 1, 1)
PROFILE, CHANNELS, CPS, SEED = "boci", 12, 5.0, 1
_NOWHERE = Path("no-site")


def measure(customers: int) -> dict[str, float]:
    """Seconds to simulate a quarter of so many customers: `simulate_s`."""
    began = time.perf_counter()
    ground = prepare(
        profile_of(_NOWHERE, PROFILE),
        assumed(_NOWHERE),
        customers=customers,
        first=FIRST,
        months=3,
        seed=SEED,
    )
    pace = Pace(CHANNELS, CPS)
    played = play(ground, pace)
    broken = judged(ground, pace, played.trace)
    took = time.perf_counter() - began
    if broken or played.figures.in_time < 0.9:
        raise AssertionError(f"not a run to measure: {broken[:3]}, in time {played.figures.in_time}")
    return {"simulate_s": round(took, 1)}
