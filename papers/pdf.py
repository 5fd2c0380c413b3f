"""Papers as PDF: the page of `papers.forms`, laid out by WeasyPrint, with the fonts of the machine inside.

WeasyPrint needs pango, a program library of the system, and a font for Chinese; both are packages of the
distribution (docs/papers.md). It is imported when a PDF is asked for: it takes a second.
"""

from __future__ import annotations

import shutil
import subprocess

from base.errors import InputError
from papers import forms
from papers.paper import Paper

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-wqy-microhei"
"""Of Debian 12 and Ubuntu 24.04."""


def pdf(paper: Paper) -> bytes:
    """The file's bytes.

    Raises:
        InputError: pango or a font for Chinese is missing on this machine.
    """
    try:
        from weasyprint import HTML
    except OSError as error:
        raise _missing("pango") from error
    if not _has_chinese():
        raise _missing("a font for Chinese")
    return bytes(HTML(string=forms.html(paper)).write_pdf(presentational_hints=True))


def _has_chinese() -> bool:
    """Whether fontconfig knows a font for Chinese; without one a paper would be boxes."""
    program = shutil.which("fc-list")
    if program is None:
        raise _missing("fontconfig")
    found = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def _missing(what: str) -> InputError:
    return InputError(f"{what} is missing on this machine", where="PDF", remedy=f"apt install {PACKAGES}")
