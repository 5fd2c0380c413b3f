"""What would go wrong with hearing: models that are missing or corrupt, phrases that a model cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from base.errors import InputError
from huifang import resources
from huifang.finding import Finding, guarded
from huifang.scripts.locating import locate
from huifang.site import Site
from huifang.speech_models import require_fit
from huifang.words import counted
from ivr.asking import choices
from ivr.understanding import expected
from transcribe import engines, vosk_models
from transcribe.vosk import Vosk

_NAMED = 5
"""Phrases that are named; of the others only the number is told."""


def look(site: Site) -> Iterator[Finding]:
    """Which engine hears, with which model, and which phrases it has no words for."""
    speech = site.settings.speech
    if speech.live_path == speech.path:
        does = "hears answers and transcribes"
        yield guarded("speech model", partial(_model, speech.engine, speech.path, does))
    else:
        yield guarded("speech model", partial(_model, speech.engine, speech.path, "transcribes"))
        live = partial(_model, speech.engine, speech.live_path, "hears answers")
        yield guarded("live speech model", live)
    if vosk_models.is_vosk(speech.live_path) and vosk_models.takes_grammar(speech.live_path):
        yield guarded("expected phrases", partial(_phrases, site))


def _model(engine: str, path: Path, does: str) -> str:
    sha256 = engines.sha256_of(path)
    engines.verify(path)
    require_fit(engine, path)
    engines.require_library(path)
    return f"{engines.engine_of(path)} {does}: {path.name} is whole, sha256 {sha256[:12]}"


def _phrases(site: Site) -> str:
    every = expected_in(site.data)
    unknown = Vosk(site.settings.speech.live_path).unknown(every)
    if not unknown:
        return f"the model has words for all {len(every)}"
    named = ", ".join(unknown[:_NAMED]) + (", ..." if len(unknown) > _NAMED else "")
    return (
        f"the model lacks words of {counted(len(unknown), 'phrase')} of {len(every)}, heard freely: {named}"
    )


def expected_in(data: Path) -> tuple[str, ...]:
    """All phrases that are expected at any question of any script; broken scripts are told elsewhere."""
    phrases: dict[str, None] = {}
    for name in resources.names(data, "scripts"):
        try:
            script = locate(data, name).script
        except InputError:
            continue
        values = {slot: one.example for slot, one in script.slots.items()}
        for node in script.nodes:
            phrases.update(dict.fromkeys(expected(choices(script, node, values))))
    return tuple(phrases)
