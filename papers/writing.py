"""One paper in the form that is asked for."""

from __future__ import annotations

from enum import StrEnum

from papers import forms, pdf, sheets, word
from papers.paper import Paper


class Format(StrEnum):
    """Forms of a paper; the value is the file's suffix."""

    TXT = "txt"
    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"


def write(paper: Paper, form: Format) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: what a PDF takes is missing on this machine.
    """
    match form:
        case Format.TXT:
            return forms.text(paper).encode()
        case Format.HTML:
            return forms.html(paper).encode()
        case Format.DOCX:
            return word.docx(paper)
        case Format.XLSX:
            return sheets.xlsx(paper)
        case Format.PDF:
            return pdf.pdf(paper)
