"""The console's looks and words: contrast of colours, the same words in both languages, no inline code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import qa
from plans.casework import Why
from plans.grading import ASKED, Task
from qa.pages.review import View
from qa.words import Language, words
from records.reviewed import CLAIM, OBJECT, RELEASE, Severity
from records.users import Role

QA = Path(qa.__file__).parent
_TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TOKENS = {
    name: (light, dark) for name, light, dark in _TOKEN.findall((QA / "static/console.css").read_text())
}
TEXT = 4.5
"""WCAG 2.2 AA, 1.4.3; and 1.4.11 for the edges of what can be operated."""
PARTS = 3.0
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "soft", "accent") for ground in ("ground", "paper", "raised")),
    *((one, f"{one}-ground", TEXT) for one in ("high", "medium", "low", "good")),
    ("on-accent", "accent", TEXT),
    ("ink", "mark", TEXT),
    ("edge", "paper", PARTS),
    ("edge", "ground", PARTS),
]


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_what_wcag_computes() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_can_be_told_apart(ink: str, ground: str, least: float, theme: int) -> None:
    assert _contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= least


def test_no_colour_stands_outside_the_tokens() -> None:
    rules = (QA / "static/console.css").read_text().partition("}")[2]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", rules) == []


COMPOSED = (
    *(
        "desk_reason.",
        "desk_result.",
        "desk_way.",
        "desk_lack.",
        "person_call.",
        "change_what.",
        "change_state.",
    ),
    *("complaint_sort.", "complaint_state.", "complaint_step.", "complaint_clock."),
    *("theme.", "role.", "error.", "users.lock", "users.unlock", "campaign.", "gate.", "health.", "stage."),
    *("today.", "said.paused", "said.running"),
    *("owed_state.", "sheet_state.", "route.", "use.", "approval."),
    *("day.", "paper_grade.", "way.", "import_what."),
    *("answer.", "violation.", "scores.refused.", "whose."),
    *("step.", "words.", "field.", "outcome.", "severity.", "refused.", "review.view."),
    *("party.", "calls.order.", "player.key.", "player.does.", "hearing.", "verdict.", "leads.state."),
)
"""Words whose key is put together."""


def test_every_word_a_page_asks_for_is_there_and_none_is_left_over() -> None:
    known = set(words(Language.ZH))
    sources = "\n".join(one.read_text() for one in QA.rglob("*") if one.suffix in {".html", ".py"})
    assert set(re.findall(r'\bt\("([\w.]+)"\)', sources)) <= known
    left_over = {one for one in known if f'"{one}"' not in sources and f"'{one}'" not in sources}
    assert [one for one in left_over if not one.startswith(COMPOSED)] == []


def test_every_role_has_a_word() -> None:
    assert {f"role.{role.value}" for role in Role} <= set(words(Language.EN))


@pytest.mark.parametrize("template", sorted((QA / "templates").glob("*.html")), ids=lambda path: path.name)
def test_templates_have_no_inline_script_or_style(template: Path) -> None:
    text = template.read_text("utf-8")
    assert re.findall(r"\sstyle=|\son\w+=|<style|javascript:|<script(?![^>]*\ssrc=)", text) == []


def test_every_word_of_review_is_there_and_no_other() -> None:
    asked = ASKED.values()
    wanted = {
        *(f"step.{one}" for one in (*Task, CLAIM, RELEASE, OBJECT)),
        *(f"words.{task}" for task, one in ASKED.items() if one.words),
        f"words.{OBJECT}",
        *(f"field.{name}" for one in asked for name in one.fields),
        *("field.outcome", "field.major"),
        *(f"outcome.{one}" for given in asked for one in given.choices),
        *(f"severity.{one}" for one in Severity),
        *(f"refused.{one}" for one in Why),
        "refused.taken",
        *(f"review.view.{one}" for one in View),
    }
    kinds = ("step.", "words.", "field.", "outcome.", "severity.", "refused.", "review.view.")
    assert {key for key in words(Language.EN) if key.startswith(kinds)} == wanted
