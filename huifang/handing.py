"""The people of a site who take calls over: what a run needs for it, and what `huifang check` says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from base.audio import wav_seconds, write_wav
from base.errors import SettingsError
from dialer.transferring import Music, Switchboard
from huifang.finding import Finding
from huifang.settings import Settings
from huifang.site import Site
from ivr.script import HandOver, Script
from ivr.voice.melody import melody

MELODY = Path("cache") / "waiting.wav"


def switchboard_of(site: Site) -> Switchboard | None:
    """Who takes calls over on this node; None where nobody is set.

    Raises:
        SettingsError: the music cannot be used.
        InputError: the site's calendar cannot.
    """
    settings = site.settings
    if not settings.handover.groups:
        return None
    return Switchboard(settings.handover, site.calendar(), settings.trunks, music_of(site.data, settings))


def music_of(data: Path, settings: Settings) -> Music:
    """What waiting customers hear: the site's own file, else a melody that is written into the cache.

    Raises:
        SettingsError: the site's file cannot be used.
    """
    own = settings.handover.music
    file = data / own if own else data / MELODY
    if not own:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_wav(file, melody())
    try:
        seconds = wav_seconds(file)
    except (OSError, ValueError) as error:
        raise SettingsError(str(error), where="handover.music", remedy="8 kHz mono 16 bit WAV") from error
    if seconds < 1.0:
        raise SettingsError(f"{file}: shorter than a second", where="handover.music")
    return Music(str(file), seconds)


def people(data: Path, settings: Settings) -> Iterator[Finding]:
    """Whether calls can be handed over as the settings say."""
    groups = settings.handover.groups
    if not groups:
        return
    try:
        music_of(data, settings)
    except SettingsError as error:
        yield Finding("handing over", False, f"{error.where}: {error.what}", error.remedy)
        return
    counted = ", ".join(f"{name} {len(members)}" for name, members in groups.items())
    yield Finding("handing over", True, f"people in groups: {counted}")
    if settings.handover.kept == 0:
        says = "handover.slots_per_worker is 0: a full line worker hands nothing over"
        yield Finding("handing over", True, says, "set it to 1 or more", risk=True)


def lacking(script: Script, settings: Settings) -> Iterator[Finding]:
    """Groups that a script hands over to, and nobody is in: its `nobody` way is gone each time."""
    for name in sorted(groups_of(script) - settings.handover.groups.keys()):
        says = f"hands over to {name}, and handover.groups has no {name}: `nobody` is said instead"
        remedy = "set handover.groups in config/settings.yaml: docs/handover.md"
        yield Finding(f"people of script {script.name}", True, says, remedy, risk=True)


def groups_of(script: Script) -> frozenset[str]:
    """The groups that a script hands over to."""
    return frozenset(node.to for node in script.nodes.values() if isinstance(node, HandOver) and node.to)
