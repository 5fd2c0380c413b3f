"""`huifang scorecard`: a site's own cards before the shipped ones."""

from __future__ import annotations

from pathlib import Path

from huifang.resources import SHIPPED_CONFIG
from tests.command_line import as_json, huifang, succeeds


def test_the_shipped_cards_are_good_and_listed(site: Path) -> None:
    assert succeeds("scorecard", "check", "--data", site).splitlines() == [
        "abnormal: good",
        "follow_up: good",
    ]
    listed = as_json("scorecard", "list", "--data", site)
    assert [(one["scorecard"], one["version"]) for one in listed] == [("abnormal", "1"), ("follow_up", "1")]
    assert "回访通话评分表" in succeeds("scorecard", "list", "--data", site)


def test_a_card_of_ones_own_is_told_what_is_wrong_with_it(site: Path) -> None:
    file = site / "config" / "scorecards" / "follow_up.yaml"
    file.parent.mkdir()
    text = (SHIPPED_CONFIG / "scorecards" / "follow_up.yaml").read_text("utf-8")
    file.write_text(text.replace("points: 15, asks", "points: 14, asks"), encoding="utf-8")
    done = huifang("scorecard", "check", "follow_up", "--data", site)
    assert done.status == 2
    assert "make 99, not 100" in done.stdout
    file.write_text(text.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    assert [one["version"] for one in as_json("scorecard", "list", "--data", site)] == ["1", "2"]
