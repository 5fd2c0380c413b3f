"""`huifang flags` and `huifang calibrate` on calls that are there: tried, applied, listed, judged."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from huifang.site import open_site
from records import ledger, transcripts, verdicts
from records.post_call import Flag, Transcript, Utterance
from records.verdicts import Verdict
from tests.command_line import as_json, complaint, succeeds
from tests.records_kit import NOW, dialed, person, started, talk
from tests.speech_kit import packaged_model
from transcribe.weighing import FEATURES

pytestmark = pytest.mark.speech

RULES = """\
version: "{version}"
rules:
  - {{id: sharing, category: 分成, severity: high, phrases: [{phrases}]}}
"""
WEIGHED = dict.fromkeys(FEATURES, 0.0) | {"sound": -2.0, "distance": 0.1}


def rules(path: Path, version: str, *phrases: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(RULES.format(version=version, phrases=", ".join(phrases)), encoding="utf-8")
    return path


def flag(text: str, tier: str = "probable", features: dict[str, float] | None = None) -> Flag:
    return Flag(
        *("sharing", "0", "分成", "high", "customer", 2.0, 3.0, text, 0.9, tier, "affirmed", "听到"),
        *("三七分成", features or {}, "1"),
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two calls: one flagged, in one nothing was understood."""
    data = tmp_path / "data"
    succeeds("init", "--data", data)
    packaged_model()
    asyncio.run(_fill(data))
    return data


async def _fill(data: Path) -> None:
    async with open_site(data) as opened_site:
        db = opened_site.database
        campaign = await started(db, [person(n) for n in (1, 2)], name="三月")
        for text, flags, doubt in (
            ("我们三七分成赚了四六分成", (flag("三七分成", features=WEIGHED),), ""),
            ("额额", (), "听不清"),
        ):
            claim = await dialed(db, campaign)
            await ledger.close(db, replace(talk(claim), recording="recordings/gone"), NOW)
            heard = Utterance("customer", 2.0, 6.0, text, 0.9)
            await transcripts.save(
                db, Transcript(claim.attempt_id, "e", "0" * 64, (heard,), flags, doubt), NOW
            )


def listed(data: Path) -> list[tuple[str, str]]:
    return [
        (one["flag"]["rule"], one["flag"]["text"])
        for one in as_json("flags", "list", "--data", data)["flags"]
    ]


def test_flags_are_listed_and_calls_that_cannot_be_judged_said_so(site: Path) -> None:
    found = as_json("flags", "list", "--data", site, "--campaign", "三月")
    assert [one["flag"]["phrase"] for one in found["flags"]] == ["三七分成"]
    assert list(found["cannot_be_judged"].values()) == ["听不清"]
    (call,) = as_json("flags", "list", "--calls", "--data", site)["calls"]
    assert (call["rules"], 0.5 < call["suspicion"] < 0.7) == (["sharing"], True)
    assert "0.63" in succeeds("flags", "list", "--calls", "--data", site)
    shown = succeeds("flags", "list", "--data", site)
    assert "no flag means nothing" in shown
    assert as_json("flags", "list", "--data", site, "--rule", "other")["flags"] == []


def test_rules_are_tried_before_they_are_applied_and_then_put_in_force(site: Path, tmp_path: Path) -> None:
    new = rules(tmp_path / "new.yaml", "2", "四六分成")
    tried = as_json("flags", "test", new, "--against", "三月", "--data", site)
    assert (tried["calls"], tried["by_kind"]) == (2, {"added": 1, "gone": 1})
    assert listed(site) == [("sharing", "三七分成")]
    assert "1 flags added, 1 gone" in succeeds("flags", "test", new, "--against", "三月", "--data", site)

    assert as_json("flags", "apply", new, "--data", site)["calls"] == 2
    assert listed(site) == [("sharing", "四六分成")]
    assert as_json("flags", "test", new, "--against", "三月", "--data", site)["by_kind"] == {}


def test_other_rules_under_the_same_version_are_refused(site: Path, tmp_path: Path) -> None:
    rules(site / "config" / "keywords.yaml", "2", "三七分成")
    other = rules(tmp_path / "other.yaml", "2", "四六分成")
    assert "change it with the rules" in complaint("flags", "apply", other, "--data", site)
    assert listed(site) == [("sharing", "三七分成")]


def test_rules_are_looked_over_with_their_lines(tmp_path: Path) -> None:
    path = rules(tmp_path / "rules.yaml", "1", "三七分成", "分成")
    found = as_json("flags", "check", path, "--data", tmp_path)["warnings"]
    assert len(found) == 1
    assert found[0].startswith(f"{path}:3: 分成 is too short")
    text = path.read_text(encoding="utf-8").replace("phrases", "asked_in: [nowhere], phrases")
    path.write_text(text, encoding="utf-8")
    (found,) = as_json("flags", "check", path, "--data", tmp_path)["warnings"]
    assert "nowhere: no script asks that" in found


def test_the_shipped_rules_give_no_warning(tmp_path: Path) -> None:
    assert as_json("flags", "check", "--data", tmp_path)["warnings"] == []


def test_verdicts_move_the_threshold_and_what_was_before_stays(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "verdicts.tsv"
    file.write_text("flag\tverdict\n1\t否\n", encoding="utf-8")
    dry = as_json("calibrate", file, "--dry-run", "--data", site)
    assert (dry["verdicts"], dry["positives"], dry["kept"]) == (1, 0, None)
    assert not (site / "config" / "weights").exists()
    done = as_json("calibrate", file, "--data", site)
    assert done["after"]["bias"] < done["before"]["bias"]
    assert done["loss_after"] < done["loss_before"]
    assert len(list((site / "config" / "weights").iterdir())) == 2
    again = as_json("calibrate", file, "--data", site)
    assert again["before"] == done["after"]


def test_verdicts_of_the_console_need_no_file(site: Path) -> None:
    assert "no verdict" in complaint("calibrate", "--data", site)

    async def judge() -> None:
        async with open_site(site) as opened:
            await verdicts.give(opened.database, 1, Verdict.WRONG, "1001", NOW)

    asyncio.run(judge())
    done = as_json("calibrate", "--dry-run", "--data", site)
    assert (done["verdicts"], done["positives"]) == (1, 0)
    assert done["after"]["bias"] < done["before"]["bias"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("flag\n1\n", 1, "needs the columns"),
        ("flag\tverdict\n1\tvielleicht\n", 2, "is no verdict"),
        ("flag\tverdict\n1\t是\nx\t是\n", 3, "is no id"),
        ("flag\tverdict\n77\t是\n", 2, "there is no flag 77"),
    ],
)
def test_verdicts_that_cannot_be_read_name_their_line(
    site: Path, tmp_path: Path, text: str, line: int, what: str
) -> None:
    file = tmp_path / "verdicts.tsv"
    file.write_text(text, encoding="utf-8")
    said = complaint("calibrate", file, "--data", site)
    assert f"verdicts.tsv:{line}" in said
    assert what in said
