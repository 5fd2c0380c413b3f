"""A recogniser in a process of its own, kept warm: a sound that kills it costs that sound only."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from base.audio import Samples
from base.errors import EngineError, InputError, ModelError
from transcribe.engine import Capabilities, Engine, Fit, Recognised

START_S = 600.0
"""A model that takes longer to load, on a busy machine and giving way, never will."""
ANSWER_S = 300.0
"""A stretch of 25 s that takes longer hangs."""

_SAID = (ArithmeticError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError)
"""What a decoder may raise over a sound: it is told, and the process goes on."""


class Apart:
    """An engine elsewhere; satisfies `transcribe.engine.Engine`, `Scorer` and `Quick` where that one does.

    A process that died is started again when it is next asked.
    """

    def __init__(self, load: Callable[[], Engine], *, nice: int = 0, answer_s: float = ANSWER_S) -> None:
        """Start and wait until the model is loaded.

        Args:
            load: called over there: it must be picklable.
            nice: how far the process gives way to others.
            answer_s: when it is given up.

        Raises:
            ModelError: the model cannot be loaded.
            EngineError: the process does not come up.
        """
        self._load, self._nice, self._answer_s = load, nice, answer_s
        self._closed = False
        self._start()

    @property
    def name(self) -> str:
        """The engine's name as transcripts keep it."""
        return self._told[0]

    @property
    def model_sha256(self) -> str:
        """Hex SHA-256 of its weights."""
        return self._told[1]

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return self._told[2]

    @property
    def pid(self) -> int | None:
        """The process."""
        return self._process.pid

    def answer(self, samples: Samples, expected: tuple[str, ...] = ()) -> Recognised:
        """As `Engine.answer`; raises EngineError."""
        heard: Recognised = self._ask("answer", samples, expected)
        return heard

    def transcribe(self, samples: Samples) -> Recognised:
        """As `Engine.transcribe`; raises EngineError."""
        heard: Recognised = self._ask("transcribe", samples)
        return heard

    def transcribe_once(self, samples: Samples) -> Recognised:
        """As `Quick.transcribe_once`, where the capabilities say so; raises EngineError."""
        heard: Recognised = self._ask("transcribe_once", samples)
        return heard

    def score(self, samples: Samples, texts: Sequence[str]) -> tuple[Fit, ...]:
        """As `Scorer.score`, where the capabilities say so; raises EngineError."""
        fits: tuple[Fit, ...] = self._ask("score", samples, texts)
        return fits

    def close(self) -> None:
        """End the process; it is not started again."""
        self._closed = True
        self._end()

    def _ask(self, method: str, *arguments: object) -> Any:
        if self._closed:
            raise EngineError("the recogniser is closed")
        if not self._process.is_alive():
            self._end()
            self._start()
        try:
            self._pipe.send((method, arguments))
            done, value = self._received(self._answer_s)
        except (EOFError, OSError) as error:
            self._end()
            raise EngineError(
                f"the recogniser died over a sound (status {self._process.exitcode})"
            ) from error
        if not done:
            raise EngineError(value)
        return value

    def _received(self, seconds: float) -> tuple[bool, Any]:
        """What comes over the pipe; a process that says nothing in time is ended."""
        if not self._pipe.poll(seconds):
            self._end()
            raise EngineError(f"the recogniser said nothing for {seconds:.0f} s")
        done, value = self._pipe.recv()
        return bool(done), value

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, self._load, self._nice)
        self._process: BaseProcess = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        try:
            loaded, value = self._received(START_S)
        except (EOFError, OSError) as error:
            self._end()
            raise EngineError("the recogniser's process does not start") from error
        if not loaded:
            self._end()
            what, where, remedy = value
            raise ModelError(what, where=where, remedy=remedy)
        self._told: tuple[str, str, Capabilities] = value

    def _end(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, load: Callable[[], Engine], nice: int) -> None:
    """Answer until nobody asks any more. A signal to the asker's group is not for us.

    OpenMP is told its threads before it is loaded: else it starts one for each core, and they spin.
    """
    os.setsid()
    os.nice(nice)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        engine = load()
    except InputError as error:
        pipe.send((False, (error.what, error.where, error.remedy)))
        return
    pipe.send((True, (engine.name, engine.model_sha256, engine.capabilities)))
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            method, arguments = pipe.recv()
            pipe.send(_answered(engine, method, arguments))


def _answered(engine: Engine, method: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, getattr(engine, method)(*arguments)
    except _SAID as error:
        return False, f"{type(error).__name__}: {error}"
