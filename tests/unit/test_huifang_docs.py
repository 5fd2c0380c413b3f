"""The documents name no file that is missing, and every word that the program uses for a result."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dialer.disposition import Disposition

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(
    r"`((?:base|config|dialer|docs|huifang|ivr|papers|plans|prompts|qa|records|scripts|softphone|tests|transcribe)/[\w./-]*)`"
)


def _title(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _in_this_place(link: str) -> bool:
    return "://" not in link and not link.startswith(("#", "mailto:"))


@pytest.mark.parametrize("page", PAGES, ids=_title)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [
        link.partition("#")[0] for link in _LINK.findall(page.read_text("utf-8")) if _in_this_place(link)
    ]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_title)
def test_every_path_named_exists(page: Path) -> None:
    assert [path for path in _PATH.findall(page.read_text("utf-8")) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_title)
def test_a_page_begins_with_its_title(page: Path) -> None:
    assert page.read_text("utf-8").startswith("# ")


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = [page.name for page in ROOT.glob("docs/*.md") if page.name != "README.md"]
    assert [page for page in pages if f"({page})" not in index] == []


def test_decisions_are_numbered_without_gap_and_have_their_parts() -> None:
    decisions = sorted(ROOT.glob("docs/adr/*.md"))
    assert [int(page.name[:4]) for page in decisions] == list(range(1, len(decisions) + 1))
    for page in decisions:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {page.name[:4]}: ")
        assert [
            part for part in ("Context", "Decision", "Consequences") if f"\n## {part}\n" not in text
        ] == []


def test_the_glossary_has_every_disposition() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    assert [one.value for one in Disposition if one.value not in glossary] == []
