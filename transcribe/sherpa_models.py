"""SenseVoice and Paraformer as sherpa-onnx has them: a directory with an ONNX file and its tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from base.errors import ModelError
from base.files import sha256_file
from transcribe import sums

TOKENS = "tokens.txt"
_WEIGHTS = ("model.int8.onnx", "model.onnx")
"""The first of them that is there is used: the small one is the quicker one."""
_REMEDY = "delete that directory, then run: huifang models install FILE_OR_URL"

Family = Literal["sense_voice", "paraformer"]

METADATA: dict[Family, tuple[str, ...]] = {
    "sense_voice": (
        *("vocab_size", "lfr_window_size", "lfr_window_shift", "normalize_samples", "neg_mean", "inv_stddev"),
        *("with_itn", "without_itn", "lang_auto", "lang_zh", "lang_en", "lang_ja", "lang_ko", "lang_yue"),
    ),
    "paraformer": ("vocab_size", "lfr_window_size", "lfr_window_shift", "neg_mean", "inv_stddev"),
}
"""What the library reads from a model, and ends the process where it is not there."""


def is_sherpa(path: Path) -> bool:
    """Whether a directory holds such a model, whole or not."""
    return (path / TOKENS).is_file() and weights(path).is_file()


def weights(path: Path) -> Path:
    """The ONNX file that is used."""
    return next((path / name for name in _WEIGHTS if (path / name).is_file()), path / _WEIGHTS[-1])


def verify(path: Path) -> None:
    """Check that the files are there, and those of an installed model byte for byte.

    Raises:
        ModelError: a file is missing, cut short or altered.
    """
    sums.require(path, (TOKENS, weights(path).name), _REMEDY)
    sums.compare(path, _REMEDY)


def sha256(path: Path) -> str:
    """Hex SHA-256 of the weights.

    Raises:
        ModelError: there are none.
    """
    sums.require(path, (weights(path).name,), _REMEDY)
    return sha256_file(weights(path))


def family(path: Path) -> Family:
    """Which of the two it is: SenseVoice's tokens name the language first.

    Raises:
        ModelError: the ONNX file cannot be read, or lacks what the library needs to know of it: the library
            itself would end the process.
    """
    tokens = (path / TOKENS).read_text(encoding="utf-8", errors="replace")
    found: Family = "sense_voice" if "<|zh|>" in tokens else "paraformer"
    missing = [key for key in METADATA[found] if key not in _metadata(weights(path))]
    if missing:
        what = f"this is no {found} model for sherpa-onnx: it lacks {missing[0]}"
        raise ModelError(what, where=str(weights(path)), remedy=_REMEDY)
    if found == "paraformer" and "</s>" not in tokens:
        raise ModelError("the tokens lack </s>", where=str(path / TOKENS), remedy=_REMEDY)
    return found


def _metadata(onnx: Path) -> dict[str, str]:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    refused = (
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NotImplemented,
    )
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])
    except (*refused, state.RuntimeException) as error:
        raise ModelError("this is no ONNX model", where=str(onnx), remedy=_REMEDY) from error
    return dict(session.get_modelmeta().custom_metadata_map)
