"""What is written can be opened: DOCX and XLSX by LibreOffice, PDF by poppler; each says what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from papers.paper import Paper
from papers.writing import Format, write
from tests import office
from tests.paper_samples import samples

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def program() -> str:
    found = office.program()
    if found is None:
        pytest.fail(office.MISSING, pytrace=False)
    return found


def words_of(paper: Paper) -> list[str]:
    """What must be found on paper, wherever it is written: title, number, names and values of the head.

    Rows of boxes to tick are left out: pdftotext takes them apart.
    """
    values = [text for fact in paper.facts for text in (fact.name, fact.value) if "□" not in text]
    return ["".join(text.split()) for text in (paper.title, paper.number, *values) if text]


@pytest.mark.parametrize("form", [Format.DOCX, Format.XLSX])
def test_libreoffice_opens_every_form_without_complaint(program: str, form: Format, tmp_path: Path) -> None:
    papers = samples()
    files = [tmp_path / f"{name}.{form.value}" for name in papers]
    for file, paper in zip(files, papers.values(), strict=True):
        file.write_bytes(write(paper, form))
    done = office.to_pdf(program, files, tmp_path)
    assert done.returncode == 0, done
    assert "rror" not in done.stderr + done.stdout, done
    for file, paper in zip(files, papers.values(), strict=True):
        said = office.text_of(file.with_suffix(".pdf"))
        assert [word for word in words_of(paper) if word not in said] == [], file.name


@pytest.mark.parametrize("name", ["worksheet", "summary", "appraisal"])
def test_a_pdf_says_what_the_paper_says(program: str, name: str, tmp_path: Path) -> None:
    paper = samples()[name]
    file = tmp_path / f"{name}.pdf"
    file.write_bytes(write(paper, Format.PDF))
    said = office.text_of(file)
    assert [word for word in words_of(paper) if word not in said] == []
