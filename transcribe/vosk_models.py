"""Vosk models as local directories: installed from a zip file that the site gives, checked, never downloaded.

A model for run-time grammars has its graph in two parts (HCLr.fst, Gr.fst), one without has it in one
(HCLG.fst). Installing writes the sums of all files beside them: from then on they are checked byte for byte.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path, PurePosixPath

from base.errors import ModelError
from base.files import sha256_file
from transcribe.models import SPARE, Progress, require_room, whole, writing

KNOWN = {
    "vosk-model-small-cn-0.22": "3af8b0e7e0f835ae9d414ce5df580237a3cfb08d586c9fbbb0f7ff29ad5b14ba",
}
"""SHA-256 of published zip files, by the name of the model in them."""

SUMS = "SHA256SUMS"
WEIGHTS = "am/final.mdl"
_NEEDED = (WEIGHTS, "conf/model.conf", "conf/mfcc.conf")
_FIXED = ("graph/HCLG.fst",)
_COMPOSED = ("graph/HCLr.fst", "graph/Gr.fst")
_REMEDY = "delete that directory, then run: huifang models install FILE.zip"
_RATE = 16000
"""Kaldi's default sampling rate of features, in Hz."""


def is_vosk(path: Path) -> bool:
    """Whether a directory holds a Vosk model, whole or not."""
    return all((path / part).is_dir() for part in ("am", "conf", "graph"))


def takes_grammar(path: Path) -> bool:
    """Whether it can be held to phrases."""
    return all((path / part).is_file() for part in _COMPOSED)


def rate_of(path: Path) -> int:
    """The sampling rate that it was trained at, in Hz."""
    for line in (path / "conf" / "mfcc.conf").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "--sample-frequency":
            return int(float(value))
    return _RATE


def verify(path: Path) -> None:
    """Check that the files are there, and those of an installed model byte for byte.

    Raises:
        ModelError: a file is missing, cut short or altered.
    """
    for name in (*_NEEDED, *(_FIXED if (path / _FIXED[0]).is_file() else _COMPOSED)):
        if not (path / name).is_file() or (path / name).stat().st_size == 0:
            what = "a file of the speech model is missing or empty"
            raise ModelError(what, where=str(path / name), remedy=_REMEDY)
    if not (path / SUMS).is_file():
        return
    written = (path / SUMS).read_text(encoding="utf-8").splitlines()
    altered = sorted(set(written) ^ set(_sums(path).splitlines()))
    if altered:
        where = str(path / altered[0].partition("  ")[2])
        raise ModelError(
            "the speech model is corrupt: its SHA-256 is another one", where=where, remedy=_REMEDY
        )


def sha256(path: Path) -> str:
    """Hex SHA-256 of the sums of all files: the name of the model in every transcript."""
    return hashlib.sha256(_sums(path).encode()).hexdigest()


def install(archive: Path, models_dir: Path, progress: Progress) -> tuple[Path, str]:
    """Unpack a published zip file; gives the model's directory and the zip file's SHA-256.

    Raises:
        ModelError: not as a Vosk model is published, installed already, or the disk is full.
    """
    try:
        digest = sha256_file(archive)
        with zipfile.ZipFile(archive) as packed:
            target = models_dir / _name(archive, packed)
            _require_published(archive, target.name, digest)
            with writing(target):
                _unpack(packed, target, progress)
    except zipfile.BadZipFile as error:
        raise ModelError(
            f"no whole zip file: {error}", where=str(archive), remedy="fetch it again"
        ) from error
    return target, digest


def _name(archive: Path, packed: zipfile.ZipFile) -> str:
    """The one directory in the zip file, which is the model's name."""
    tops = {PurePosixPath(name).parts[0] for name in packed.namelist()}
    files = {"/".join(PurePosixPath(name).parts[1:]) for name in packed.namelist()}
    if len(tops) != 1 or not files.issuperset(_NEEDED) or min(tops).startswith("."):
        remedy = "give the zip file as alphacephei.com publishes it"
        raise ModelError("no Vosk model is in it", where=str(archive), remedy=remedy)
    return min(tops)


def _require_published(archive: Path, name: str, digest: str) -> None:
    if KNOWN.get(name, digest) != digest:
        what = f"this is not {name} as it was published: its SHA-256 is {digest}"
        raise ModelError(what, where=str(archive), remedy=f"fetch it again: {KNOWN[name]} is right")


def _unpack(packed: zipfile.ZipFile, target: Path, progress: Progress) -> None:
    if target.exists():
        raise ModelError("this model is installed already", where=str(target), remedy=_REMEDY)
    members = packed.infolist()
    total = sum(member.file_size for member in members)
    require_room(target.parent, total + SPARE)
    done = 0
    with whole(target) as staging:
        for member in members:
            packed.extract(member, staging)
            done += member.file_size
            progress(done, total)
        _lift(staging, target.name)
        verify(staging)
        (staging / SUMS).write_text(_sums(staging), encoding="utf-8")


def _lift(staging: Path, name: str) -> None:
    """What lies in the zip file's one directory is the model itself."""
    for one in (staging / name).iterdir():
        one.rename(staging / one.name)
    (staging / name).rmdir()


def _sums(path: Path) -> str:
    """One line a file, as `sha256sum` writes and checks them."""
    files = sorted(one for one in path.rglob("*") if one.is_file() and one != path / SUMS)
    return "".join(f"{sha256_file(one)}  {one.relative_to(path).as_posix()}\n" for one in files)
