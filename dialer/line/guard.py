"""PJSIP swallows exceptions of callbacks, and tracebacks keep pj objects alive: keep their words only."""

from __future__ import annotations

import traceback
from types import TracebackType


class Guard:
    """Wraps the body of a callback: `with guard(leg): ...`. `mishaps` keeps (leg, text)."""

    def __init__(self) -> None:
        self.mishaps: list[tuple[str, str]] = []

    def __call__(self, leg: str) -> _Guarded:
        """The context of one callback of that leg ("" of none)."""
        return _Guarded(self, leg)


class _Guarded:
    def __init__(self, guard: Guard, leg: str) -> None:
        self._guard = guard
        self._leg = leg

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        self._guard.mishaps.append((self._leg, "".join(traceback.format_exception(kind, error, trace))))
        return True
