"""Whether the model that a site names and the engine that it names belong together."""

from __future__ import annotations

from pathlib import Path

from base.errors import SettingsError
from transcribe import engines

_ANY = ("auto", "none")
"""Settings of `speech.engine` that every model fits."""


def require_fit(engine: str, path: Path) -> None:
    """Raise SettingsError where the setting `speech.engine` names another engine than the model is for."""
    needed = engines.engine_of(path)
    if engine not in (*_ANY, needed):
        what = f"{path.name} is a model for {needed}, not for {engine}"
        remedy = "set speech.engine: auto, or another speech.model"
        raise SettingsError(what, where="speech.engine", remedy=remedy)
