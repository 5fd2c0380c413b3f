"""The packaged model, and a little speech at 8 kHz through µ-law, synthesised with the packaged voices."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from base.audio import Samples, read_wav
from huifang.settings import Speech
from transcribe.models import ensure_packaged

RECORDINGS = Path(__file__).parent / "data" / "speech"
DELEGATED = "账户交给他代客操作，赚了钱我们三七分成。"
MYSELF = "都是我自己操作。"
SATISFIED = "很满意。"


@cache
def packaged_model() -> Path:
    """The directory of the packaged model, joined when it is not there yet."""
    return ensure_packaged(Speech().directory)


def recorded(name: str) -> Samples:
    """One of the little recordings: delegated, myself, satisfied."""
    return read_wav(RECORDINGS / f"{name}.wav")
