"""libvosk by ctypes: the functions of `vosk_api.h` (Vosk 0.3.45) that are used here.

The `vosk` package carries the library. Its Python code is not run: it fetches models on request, and needs
packages that nothing else needs. The GIL is free while a function of the library works.
"""

from __future__ import annotations

import ctypes
import json
import os
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from base.errors import ModelError
from base.files import package_file

_POINTER = ctypes.c_void_p
_FUNCTIONS: dict[str, tuple[object, tuple[object, ...]]] = {
    "vosk_set_log_level": (None, (ctypes.c_int,)),
    "vosk_model_new": (_POINTER, (ctypes.c_char_p,)),
    "vosk_model_free": (None, (_POINTER,)),
    "vosk_model_find_word": (ctypes.c_int, (_POINTER, ctypes.c_char_p)),
    "vosk_recognizer_new": (_POINTER, (_POINTER, ctypes.c_float)),
    "vosk_recognizer_new_grm": (_POINTER, (_POINTER, ctypes.c_float, ctypes.c_char_p)),
    "vosk_recognizer_free": (None, (_POINTER,)),
    "vosk_recognizer_set_words": (None, (_POINTER, ctypes.c_int)),
    "vosk_recognizer_accept_waveform": (ctypes.c_int, (_POINTER, ctypes.c_char_p, ctypes.c_int)),
    "vosk_recognizer_final_result": (ctypes.c_char_p, (_POINTER,)),
}
_QUIET = -1
"""Log level that keeps warnings and errors."""
_SEED = 1


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the model has it, when it was said (seconds from the start), how sure that is (0 to 1)."""

    text: str
    start_s: float
    end_s: float
    confidence: float


class Model:
    """A loaded model; it serves any number of decoders."""

    def __init__(self, path: Path) -> None:
        """Load a directory; nothing is ever fetched.

        Raises:
            ModelError: the library is missing, or it cannot load that.
        """
        self.library = _library()
        self.handle = self.library.vosk_model_new(os.fsencode(path))
        if not self.handle:
            what, remedy = "Vosk cannot load this speech model", "install it again: huifang models install"
            raise ModelError(what, where=str(path), remedy=remedy)
        weakref.finalize(self, self.library.vosk_model_free, self.handle)

    def knows(self, word: str) -> bool:
        """Whether it is in the vocabulary."""
        found: int = self.library.vosk_model_find_word(self.handle, word.encode())
        return found >= 0


class Decoder:
    """Decodes one sound after the other; each begins anew, nothing is kept of the last one's speaker.

    Making one costs far more than using it again: the graph is composed as it is walked through, and kept.
    """

    def __init__(self, model: Model, rate: int, grammar: Iterable[str] | None = None) -> None:
        """Hold it to `grammar`, phrases of words parted by spaces; None decodes freely."""
        self._library = model.library
        self._model = model  # kept alive
        if grammar is None:
            self._handle = self._library.vosk_recognizer_new(model.handle, rate)
        else:
            phrases = json.dumps(list(grammar), ensure_ascii=False).encode()
            self._handle = self._library.vosk_recognizer_new_grm(model.handle, rate, phrases)
        self._library.vosk_recognizer_set_words(self._handle, 1)
        self._rate = rate
        self._before = 0
        weakref.finalize(self, self._library.vosk_recognizer_free, self._handle)

    def decode(self, pcm: bytes) -> tuple[Word, ...]:
        """The words of a sound, mono signed 16-bit little endian at the decoder's rate.

        Kaldi dithers, with chance from C's `rand`: without a seed the same sound gives other words each time.
        """
        ctypes.CDLL(None).srand(_SEED)
        self._library.vosk_recognizer_accept_waveform(self._handle, pcm, len(pcm))
        result = json.loads(self._library.vosk_recognizer_final_result(self._handle))
        began_s = self._before / self._rate  # the library counts on from sound to sound
        self._before += len(pcm) // 2
        return tuple(
            Word(word["word"], word["start"] - began_s, word["end"] - began_s, word["conf"])
            for word in result.get("result", ())
        )


@cache
def _library() -> ctypes.CDLL:
    path = package_file("vosk", "libvosk.so")
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise ModelError(f"the library of Vosk cannot be used: {error}", where=str(path)) from error
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    library.vosk_set_log_level(_QUIET)
    return library
