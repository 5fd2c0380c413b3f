"""LibreOffice without a window, and the pictures of what it makes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

MISSING = "LibreOffice is missing (Debian 12: apt install libreoffice-writer libreoffice-calc poppler-utils)"


def program() -> str | None:
    """Where it is; None unless it can open texts and tables, and pdftotext is there."""
    found = shutil.which("soffice")
    if found is None or shutil.which("pdftotext") is None:
        return None
    rooms = Path(found).resolve().parent
    return found if all((rooms / f"lib{room}lo.so").exists() for room in ("sw", "sc")) else None


def to_pdf(office: str, files: Sequence[Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """Open these and write each as PDF into the folder, with a profile of its own."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = (
        office,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        *map(str, files),
    )
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


def text_of(pdf: Path) -> str:
    """What a PDF says, without the spaces."""
    done = subprocess.run(("pdftotext", pdf, "-"), capture_output=True, text=True, check=True)
    return "".join(done.stdout.split())
