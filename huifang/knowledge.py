"""What simulated phones know of an installation: scripts by name, and the sound of the prompts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from base import yamlfile
from base.audio import Samples, read_wav
from huifang import resources
from huifang.prompting import store_of
from huifang.settings import Settings, load
from ivr import loader
from ivr.lines import lines_for, pieces
from ivr.prompts import read_manifest
from ivr.script import Script
from ivr.values import Line, Slots
from softphone.household import spoken_of
from softphone.persona import Cast, PersonaError
from softphone.vocabulary import questions_of

_NOWHERE = Path("/nonexistent")


def script_of(cast: Cast, file: Path, data: Path | None) -> Script | None:
    """The script that personas, read from `file`, are made for; None when it names none.

    Raises:
        InputError: there is no such script, or a persona answers what it does not ask.
    """
    if not cast.script:
        return None
    site = data or _NOWHERE
    script = loader.load(resources.named(site, "scripts", cast.script), resources.script_finder(site))
    for index, persona in enumerate(cast.personas):
        asked = questions_of(script, spoken_of(persona)).keys() | cast.questions.keys()
        unasked = sorted(cast.answers_of(persona).keys() - asked)
        if unasked:
            what = f"persona {persona.id} answers {unasked[0]}, which script {cast.script} does not ask"
            place = ("personas", index, "answers", unasked[0])
            raise PersonaError(what, where=yamlfile.where(file, place))
    return script


def prompts_of(cast: Cast, script: Script | None, data: Path | None) -> Iterator[tuple[str, Samples]]:
    """(wording, sound) of what is known by heart: their script's prompts, or all that are shipped."""
    if script is None:
        yield from _shipped()
        return
    slots = [Slots(spoken_of(persona)) for persona in cast.personas]
    yield from _sounds((line for one in slots for line in lines_for(script, one)), data)


def pieces_of(script: Script | None, data: Path | None) -> Iterator[tuple[str, Samples]]:
    """(wording, sound) of the pieces that numbers and times are said back with."""
    yield from _sounds(pieces(script) if script else (), data)


def _sounds(lines: Iterable[Line], data: Path | None) -> Iterator[tuple[str, Samples]]:
    store = store_of(data or _NOWHERE, load(data) if data else Settings())
    for line in dict.fromkeys(lines):
        if path := store.find(line):
            yield line.wording, read_wav(path)


def _shipped() -> Iterator[tuple[str, Samples]]:
    for row in read_manifest(resources.SHIPPED_PROMPTS).prompts:
        yield row.wording, read_wav(resources.SHIPPED_PROMPTS / row.file)
