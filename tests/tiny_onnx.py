"""Models that sherpa-onnx loads and decodes with, made here: a low tone is 滿, a high one 意 (of 滿意)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from base.audio import RATE, Samples

LOW_HZ, HIGH_HZ = 400, 2500
_BANDS, _STACKED = 80, 7
_WIDTH = _BANDS * _STACKED
_LOUD = 8.0
"""Log energy, mean over the bands of a tone: silence lies far below."""
_NEVER = -1e9

_COMMON = {
    "vocab_size": "6",
    "lfr_window_size": str(_STACKED),
    "lfr_window_shift": "6",
    "neg_mean": ",".join(["0"] * _WIDTH),
    "inv_stddev": ",".join(["1"] * _WIDTH),
}
_LANGUAGES = {
    "lang_auto": "0",
    "lang_zh": "3",
    "lang_en": "4",
    "lang_yue": "7",
    "lang_ja": "11",
    "lang_ko": "12",
}
SENSE_VOICE = {**_COMMON, **_LANGUAGES, "normalize_samples": "0", "with_itn": "14", "without_itn": "15"}
PARAFORMER = _COMMON
_PEAKS = ("us_alphas", "us_cif_peak")
_PEAK_CONSTANTS: dict[str, NDArray[Any]] = {
    "zero_at": np.array([0], np.int64),
    "one_at": np.array([1], np.int64),
    "last_axis": np.array([2], np.int64),
    "nought": np.array(0, np.float32),
    "one": np.array(1, np.float32),
    "two_more": np.array([0, 0, 0, 0, 0, 2], np.int64),
    "flat": np.array([0, -1], np.int64),
    "one_more": np.array([0, 0, 0, 1], np.int64),
}


def tones(*hertz: int) -> Samples:
    """Half a second of each tone, with half a second of quiet before, between and behind; 0 is quiet, too."""
    at = np.arange(RATE // 2) / RATE
    quiet = np.zeros(RATE // 2)
    parts = [part for one in hertz for part in (quiet, 8000 * np.sin(2 * np.pi * one * at))]
    return np.concatenate([*parts, quiet]).astype(np.int16)


def sense_voice(path: Path, metadata: dict[str, str] | None = None) -> Path:
    """A SenseVoice: four marks, then one row of scores a frame, the blank's higher in silence."""
    marks = np.full((1, 4, 6), _NEVER, np.float32)
    for frame, token in enumerate((3, 4, 5, 4)):
        marks[0, frame, token] = 1
    nodes = [*_scored("scores"), helper.make_node("Concat", ["marks", "scores"], ["logits"], axis=1)]
    inputs = [*_inputs("x", "x_length"), _whole("language"), _whole("text_norm")]
    tokens = "<unk> 0\n滿 1\n意 2\n<|zh|> 3\n<|NEUTRAL|> 4\n<|woitn|> 5\n"
    return _written(
        path, nodes, inputs, {"marks": marks}, SENSE_VOICE if metadata is None else metadata, tokens
    )


def paraformer(path: Path, metadata: dict[str, str] | None = None, *, timed: bool = False) -> Path:
    """A Paraformer, one token a frame: `<blank>` in silence; if `timed`, it tells when each was said."""
    count = [helper.make_node("Cast", ["speech_lengths"], ["token_num"], to=TensorProto.INT64)]
    nodes = [*_scored("logits", "speech"), *count, *(_peaks() if timed else ())]
    tokens = "<blank> 0\n滿 1\n意 2\n<s> 3\n</s> 4\n<unk> 5\n"
    outputs = [helper.make_tensor_value_info("token_num", TensorProto.INT64, ["N"])]
    if timed:
        outputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", "P"]) for name in _PEAKS]
    told = PARAFORMER if metadata is None else metadata
    constants = _PEAK_CONSTANTS if timed else {}
    return _written(path, nodes, _inputs("speech", "speech_lengths"), constants, told, tokens, outputs)


def _peaks() -> list[Any]:
    """A peak at the first of three steps of each frame, and one behind the last."""
    return [
        helper.make_node("Slice", ["speech", "zero_at", "one_at", "last_axis"], ["column"]),
        helper.make_node("Mul", ["column", "nought"], ["noughts"]),
        helper.make_node("Add", ["noughts", "one"], ["ones"]),
        helper.make_node("Pad", ["ones", "two_more"], ["steps"]),
        helper.make_node("Reshape", ["steps", "flat"], ["flattened"]),
        helper.make_node("Pad", ["flattened", "one_more", "one"], [_PEAKS[1]]),
        helper.make_node("Identity", [_PEAKS[1]], [_PEAKS[0]]),
    ]


def _scored(name: str, sound: str = "x") -> list[Any]:
    return [
        helper.make_node("MatMul", [sound, "weights"], ["energies"]),
        helper.make_node("Add", ["energies", "bias"], [name]),
    ]


def _whole(name: str) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.INT32, ["N"])


def _inputs(sound: str, length: str) -> list[Any]:
    return [helper.make_tensor_value_info(sound, TensorProto.FLOAT, ["N", "T", _WIDTH]), _whole(length)]


def _weights() -> dict[str, NDArray[np.float32]]:
    """Mean log energy of the low bands for token 1, of the high ones for token 2, a constant for token 0."""
    weights = np.zeros((_WIDTH, 6), np.float32)
    for stacked in range(_STACKED):
        for token, first in ((1, 5), (2, 35)):
            weights[stacked * _BANDS + first : stacked * _BANDS + first + 20, token] = 1 / (20 * _STACKED)
    return {"weights": weights, "bias": np.array([_LOUD, 0, 0, _NEVER, _NEVER, _NEVER], np.float32)}


def _written(
    path: Path,
    nodes: list[Any],
    inputs: list[Any],
    constants: dict[str, NDArray[Any]],
    metadata: dict[str, str],
    tokens: str,
    outputs: list[Any] | None = None,
) -> Path:
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", "L", 6])
    values = [numpy_helper.from_array(value, name) for name, value in {**_weights(), **constants}.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, [logits, *(outputs or [])], values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, metadata)
    path.mkdir(parents=True)
    onnx.save(model, path / "model.onnx")
    (path / "tokens.txt").write_text(tokens, encoding="utf-8")
    return path
