"""Published models that a site may want: who publishes them, under which licence, how large they are.

Only `huifang models install URL` fetches one, and only when somebody says so. A sum stands here where it was
taken from a file that was fetched; the others are held to `--sha256`, or only told.
"""

from __future__ import annotations

from dataclasses import dataclass

from transcribe.models import PACKAGED, PACKAGED_FILES, WEIGHTS


@dataclass(frozen=True, slots=True)
class Known:
    """A published model.

    Attributes:
        name: of its directory.
        engine: which engine it is for.
        languages: ISO 639-1 codes, `yue` for Cantonese.
        licence: its publisher's, as the publisher names it.
        size: of what is fetched, or of the weights where that is not known.
        url: where its publisher has it; "" for the packaged one.
        sha256: of the file at `url` (of the weights of the packaged one); "" when not known here.
    """

    name: str
    engine: str
    languages: tuple[str, ...]
    licence: str
    size: str
    url: str = ""
    sha256: str = ""


_ALPHA_CEPHEI = "https://alphacephei.com/vosk/models"
_SHERPA = "https://github.com/k2-fsa/sherpa-onnx/releases/download/asr-models"
_SENSE_VOICE = "sherpa-onnx-sense-voice-zh-en-ja-ko-yue-int8-2024-07-17"
_PARAFORMER = "sherpa-onnx-paraformer-zh-2023-09-14"

KNOWN = (
    Known(
        PACKAGED, "whisper", ("zh", "and others"), "MIT", "145 MB, packaged", sha256=PACKAGED_FILES[WEIGHTS]
    ),
    Known(
        "vosk-model-small-cn-0.22",
        "vosk",
        ("zh",),
        "Apache-2.0",
        "44 MB",
        f"{_ALPHA_CEPHEI}/vosk-model-small-cn-0.22.zip",
        "3af8b0e7e0f835ae9d414ce5df580237a3cfb08d586c9fbbb0f7ff29ad5b14ba",
    ),
    Known(
        "vosk-model-cn-0.22",
        "vosk",
        ("zh",),
        "Apache-2.0",
        "1.36 GB",
        f"{_ALPHA_CEPHEI}/vosk-model-cn-0.22.zip",
    ),
    Known(
        _SENSE_VOICE,
        "sherpa",
        ("zh", "yue", "en", "ja", "ko"),
        "FunASR model licence",
        "239 MB of weights",
        f"{_SHERPA}/{_SENSE_VOICE}.tar.bz2",
    ),
    Known(
        _PARAFORMER,
        "sherpa",
        ("zh", "en"),
        "Apache-2.0",
        "243 MB of weights",
        f"{_SHERPA}/{_PARAFORMER}.tar.bz2",
    ),
)
"""In the order in which they are listed."""

BY_NAME = {one.name: one for one in KNOWN}
