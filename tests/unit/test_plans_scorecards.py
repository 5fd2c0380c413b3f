"""Scorecards: the shipped ones can be used; the total is what the answers give (Q5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.errors import InputError
from huifang.resources import SHIPPED_CONFIG
from plans.scorecards import Answer, Item, Result, Scorecard, load, meant_for, result

SHIPPED = sorted((SHIPPED_CONFIG / "scorecards").glob("*.yaml"))
YES, PARTLY, NO, NOT_ASKED = Answer
CARD = Scorecard(
    scorecard="short",
    version="1",
    title="短表",
    pass_at=75,
    items=(
        Item(key="owner", group="一", asks="本人？", points=50, critical=True),
        Item(key="asked", group="一", asks="都问了？", points=30),
        Item(key="manner", group="二", asks="有礼貌？", points=20),
    ),
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_card_gives_all_points_to_a_faultless_call(path: Path) -> None:
    card = load(path)
    assert result(card, {one.key: YES for one in card.items}) == Result(100.0, True, ())


def test_every_kind_has_a_card_and_its_own_comes_first() -> None:
    cards = [load(path) for path in SHIPPED]
    assert [one.name for one in meant_for(cards, "abnormal")] == ["abnormal", "follow_up"]
    assert [one.name for one in meant_for(cards, "periodic")] == ["follow_up"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((YES, YES, NO), Result(80.0, True, ())),
        ((YES, PARTLY, PARTLY), Result(75.0, True, ())),
        ((YES, NO, PARTLY), Result(60.0, False, ())),
        ((NO, YES, YES), Result(0.0, False, ("owner",))),
        ((NOT_ASKED, PARTLY, YES), Result(70.0, False, ())),
        ((YES, NOT_ASKED, NO), Result(71.4, False, ())),
    ],
)
def test_the_total_counts_what_arises(answers: tuple[Answer, ...], expected: Result) -> None:
    assert result(CARD, dict(zip(("owner", "asked", "manner"), answers, strict=True))) == expected


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ({"owner": YES, "asked": YES}, "有礼貌？: is not answered"),
        ({"owner": PARTLY, "asked": YES, "manner": YES}, "is critical"),
        ({"owner": NOT_ASKED, "asked": NOT_ASKED, "manner": NOT_ASKED}, "no item arises"),
        ({"owner": YES, "asked": YES, "manner": YES, "else": YES}, "no item else"),
    ],
)
def test_what_cannot_be_counted_is_said(answers: dict[str, Answer], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        result(CARD, answers)


def test_another_content_has_another_hash() -> None:
    changed = CARD.model_copy(update={"pass_at": 76})
    assert changed.sha256 != CARD.sha256
    assert Scorecard.model_validate(CARD.content).sha256 == CARD.sha256


TEXT = SHIPPED[0].read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("points: 20", "points: 21", "make 101, not 100"),
        ("key: cause", "key: owner", "owner is there twice"),
        ("scorecard: abnormal", "scorecard: other", "holds the scorecard other"),
        ("pass_at: 80", "pass_at: 101", "yaml:"),
    ],
)
def test_a_card_that_cannot_be_used_is_refused(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    file = tmp_path / "abnormal.yaml"
    file.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        load(file)
