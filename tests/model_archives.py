"""Archives of a Vosk model of a few bytes, as models are published."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

NAME = "vosk-model-tiny"
FILES = {
    "am/final.mdl": "weights",
    "conf/model.conf": "--beam=10.0\n",
    "conf/mfcc.conf": "--num-ceps=40\n",
    "graph/HCLr.fst": "graph",
    "graph/Gr.fst": "words",
    "README": "a model",
}


def packed(target: Path, name: str = NAME, files: dict[str, str] | None = None) -> Path:
    """A zip file as models are published."""
    with zipfile.ZipFile(target, "w") as archive:
        archive.mkdir(name)
        for path, content in (FILES if files is None else files).items():
            archive.writestr(f"{name}/{path}", content)
    return target


def archived(target: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A zip or tar file, by the name's end, with just these files."""
    if files is None:
        files = {f"{NAME}/{path}": text for path, text in FILES.items()}
    content = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w") as packed:
            for name, data in content.items():
                packed.writestr(name, data)
        return target
    kind = target.suffix.removeprefix(".").removeprefix("tar")
    with tarfile.open(target, f"w:{kind}") as tar:  # type: ignore[call-overload]
        for name, data in content.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return target


def nothing_left(models_dir: Path) -> bool:
    return not [one for one in models_dir.glob("*") if one.is_dir()]
