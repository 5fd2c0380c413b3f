"""docs/rules.md: every rule, what meets it, what shows it; and how citations are read."""

from __future__ import annotations

import re

import pytest

from tests.rules import citations
from tests.rules.citations import ROOT
from tests.rules.page import CHAPTERS, page, rules

PROFILES = sorted((ROOT / "config" / "profiles").glob("*.yaml"))
COUNTS = {"D": 10, "P": 13, "A": 6, "S": 19, "R": 6, "F": 7, "Q": 10, "W": 7, "C": 7}


def test_every_rule_is_there_in_order() -> None:
    assert list(rules()) == [f"{letter}{n}" for letter in CHAPTERS for n in range(1, COUNTS[letter] + 1)]
    assert len(rules()) == 85


def test_the_page_is_up_to_date() -> None:
    """`python -m tests.rules.page > docs/rules.md` makes it anew."""
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == page()


def test_every_rule_test_is_named_after_a_rule_that_there_is() -> None:
    assert set(citations.named()) <= set(rules())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kept (P1-P3, P5)", ["P1", "P2", "P3", "P5"]),
        ("D10: never; see A2.", ["D10", "A2"]),
        ("an A4 page, UTF-8, B2B, Q.850, H264", []),
    ],
)
def test_ids_in_a_text(text: str, found: list[str]) -> None:
    assert list(citations.ids(text)) == found


def test_profiles_cite_rules_that_there_are() -> None:
    found = re.findall(r"\brule: (\w+)", "\n".join(path.read_text("utf-8") for path in PROFILES))
    assert len(found) > 100
    assert set(found) <= set(rules())


def test_a_test_is_counted_by_its_name() -> None:
    assert "tests/unit/test_dialer_profile.py" in citations.tests()["D1"]


def test_the_page_says_where_nothing_is_there_yet() -> None:
    """What is on the page is compared above."""
    sections = re.split(r"\n### ", (ROOT / "docs" / "rules.md").read_text("utf-8"))[1:]
    lacking = {one.partition(" ")[0] for one in sections if "Met by: not yet" in one}
    assert len(sections) == 85
    assert lacking == set(rules()) - set(citations.code())
