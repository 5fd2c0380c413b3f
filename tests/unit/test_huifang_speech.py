"""Measuring transcripts and flags: rows, character errors, intervals, keywords of transcripts, figures."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from base.audio import wav_bytes
from base.errors import InputError
from huifang.speech import pseudo, rows
from huifang.speech.errors import character_errors, errors_at
from huifang.speech.figures import Raised, Trial, figures
from huifang.speech.intervals import share

RULES = ("complaint", "profit_sharing")


def table(tmp_path: Path, *lines: str) -> Path:
    (tmp_path / "a.wav").write_bytes(wav_bytes(np.zeros(800, np.int16)))
    path = tmp_path / "speech.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_rows_with_and_without_a_header(tmp_path: Path) -> None:
    (row,), has_flags = rows.read(table(tmp_path, "a.wav\t我要投诉\tcomplaint"), RULES)
    assert (row.transcript, row.flags, has_flags) == ("我要投诉", frozenset({"complaint"}), True)
    (row,), has_flags = rows.read(table(tmp_path, "file\tnote\ttranscript", "a.wav\tread\t换一首歌"), RULES)
    assert (row.transcript, row.flags, has_flags) == ("换一首歌", frozenset(), False)


def test_an_empty_flags_column_says_that_nothing_may_be_flagged(tmp_path: Path) -> None:
    lines = ("audio\ttranscript\tflags\tgroups", "a.wav\t你好\t\tclean ordinary")
    (row,), has_flags = rows.read(table(tmp_path, *lines), RULES)
    assert (row.flags, row.groups, has_flags) == (frozenset(), ("clean", "ordinary"), True)


def test_closed_answers_stand_at_their_seconds(tmp_path: Path) -> None:
    header = "audio\ttranscript\tanswers"
    path = table(tmp_path, header, "a.wav\t客户经理\tnew_account.delegate=manager@0.3-1.25")
    (row,), _ = rows.read(path, RULES)
    assert row.answers == (rows.Answered("new_account.delegate", "manager", 0.3, 1.25),)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("a.wav", "needs a file and a transcript"),
        ("\t你好", "needs a file and a transcript"),
        ("a.wav\t……", "needs a file and a transcript"),
        ("b.wav\t你好", "no audio b.wav"),
        ("speech.tsv\t你好", "no readable WAV"),
        ("a.wav\t你好\tnonsense", "no rule 'nonsense'"),
        ("a.wav\t你好\t\t\tdelegate", "is no answer"),
        ("a.wav\t你好\t\t\tnew_account.delegate=manager@2-1", "ends before it begins"),
    ],
)
def test_a_row_that_cannot_be_measured_is_told_with_its_line(
    tmp_path: Path, line: str, complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint) as error:
        rows.read(table(tmp_path, "a.wav\t你好", line), RULES)
    assert error.value.where.endswith(":2")


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("换一首歌", "换一首歌。", 0),
        ("換一首歌", "换一首歌", 0),
        ("百分之12", "百分之一二", 0),
        ("换一首歌", "还一首", 2),
        ("换一首歌", "", 4),
        ("好", "好好好", 2),
    ],
)
def test_character_errors(said: str, heard: str, errors: int) -> None:
    assert character_errors(said, heard) == errors
    assert sum(errors_at(said, heard)) == errors


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("一二三四", "一二四", [0, 0, 1, 0]),
        ("一二三四", "一五三四", [0, 1, 0, 0]),
        ("一二", "一二三四", [0, 2]),
        ("一二", "三一二", [1, 0]),
        ("一二", "", [1, 1]),
        ("", "一", []),
    ],
)
def test_errors_at_characters(said: str, heard: str, errors: list[int]) -> None:
    assert errors_at(said, heard) == errors


def test_a_share_of_independent_trials_has_about_the_binomial_interval() -> None:
    found = share((n, n < 70, 1) for n in range(100))
    assert found is not None
    value, (low, high) = found
    assert value == 0.7
    assert (low, high) == pytest.approx((0.61, 0.79), abs=0.015)  # 0.7 -+ 1.96 * sqrt(0.7 * 0.3 / 100)


def test_what_errs_together_is_less_sure() -> None:
    alone = share((n, n % 10 < 7, 1) for n in range(100))
    together = share((n % 10, n % 10 < 7, 1) for n in range(100))
    assert alone is not None
    assert together is not None
    assert together[0] == alone[0]
    assert together[1][1] - together[1][0] > 2 * (alone[1][1] - alone[1][0])


def test_all_and_nothing_have_exact_bounds() -> None:
    whole = share((n, 1, 1) for n in range(30))
    nothing = share((n, 0, 1) for n in range(30))
    assert whole is not None
    assert nothing is not None
    assert (whole[0], *whole[1]) == pytest.approx((1.0, 0.8843, 1.0), abs=1e-4)  # Clopper-Pearson, 30 of 30
    assert (nothing[0], *nothing[1]) == pytest.approx((0.0, 0.0, 0.1157), abs=1e-4)
    assert share([]) is None
    assert share([("a", 0, 0)]) is None


def test_keywords_are_made_of_transcripts_and_expected_where_they_sound() -> None:
    texts = ["换一首歌", "广州市房地产中介协会分析"]
    made = pseudo.of(texts)
    assert made is not None
    assert Counter(made.names.values()) == {
        "3 syllables": 2,
        "4 syllables": 2,
        "5 syllables": 1,
        "6 syllables": 1,
    }
    expected = [pseudo.expected(text, made.rules) for text in texts]
    assert sorted(expected[0] | expected[1]) == sorted(made.names)
    assert not expected[0] & expected[1]
    assert pseudo.of(["歌"]) is None


def trial(said: str, heard: str, *flags: str, expected: str = "", groups: str = "") -> Trial:
    raised = tuple(Raised(*flag.split()) for flag in flags)
    return Trial(said, heard, frozenset(expected.split()), raised, 1800.0, tuple(groups.split()))


TRIALS = (
    trial("我要投诉你们", "我要投诉你们", "complaint certain", expected="complaint", groups="lead clean"),
    trial("按三七分成", "按三七分城", "complaint probable", expected="profit_sharing", groups="lead noisy"),
    trial("跟他分成", "跟他", "profit_sharing faint", expected="profit_sharing", groups="lead noisy"),
    trial("今天天气好", "今天天气好", "complaint probable", "profit_sharing faint", groups="ordinary clean"),
    trial("吃饭了吗", "吃饭了吗", groups="ordinary clean"),
    trial("行业分城市", "行业分成是", "profit_sharing certain", groups="decoy clean"),
)


def test_recall_is_of_leads_and_false_alarms_of_ordinary_speech() -> None:
    found = figures(TRIALS, {}, keywords=False)
    assert found.flag_recall == pytest.approx(1 / 3, abs=1e-4)
    assert (found.false_alarms, found.hours, found.false_alarms_per_hour) == (1, 1.0, 1.0)
    assert found.false_alarms_interval == (0.025, 5.572)
    assert found.cer == pytest.approx(5 / 29, abs=1e-4)


def test_conditions_are_never_pooled() -> None:
    conditions = figures(TRIALS, {}, keywords=False).by_condition
    assert list(conditions) == ["lead", "clean", "noisy", "ordinary", "decoy"]
    assert (conditions["noisy"].flag_recall, conditions["noisy"].false_alarms) == (0.0, 1)
    assert (conditions["decoy"].flag_recall, conditions["decoy"].flagged) == (None, 1.0)


def test_rules_and_tiers() -> None:
    found = figures(TRIALS, {}, keywords=False)
    complaint, sharing = found.by_rule["complaint"], found.by_rule["profit_sharing"]
    assert (complaint.expected, complaint.flag_recall, complaint.false_alarms) == (1, 1.0, 1)
    assert (sharing.expected, sharing.flag_recall, sharing.false_alarms) == (2, 0.0, 0)
    tiers = {tier: (one.expected, one.not_expected) for tier, one in found.by_tier.items()}
    assert tiers == {"certain": (1, 0), "probable": (0, 1), "faint": (1, 1)}


def test_keywords_count_in_every_row_and_by_length() -> None:
    trials = (
        trial("今天天气好", "今天天气好", "k3_0 certain", "k4_0 certain", expected="k3_0"),
        trial("吃饭了吗", "吃饭了吗", expected="k4_0"),
    )
    names = {"k3_0": "3 syllables", "k4_0": "4 syllables"}
    found = figures(trials, names, keywords=True)
    assert (found.flag_recall, found.false_alarms, found.hours) == (0.5, 1, 1.0)
    assert found.by_rule["3 syllables"].flag_recall == 1.0
    assert found.by_rule["4 syllables"].false_alarms == 1


def test_a_table_without_groups_tells_leads_by_their_flags() -> None:
    trials = (trial("我要投诉", "我要投诉", expected="complaint"), trial("好", "好", "complaint certain"))
    found = figures(trials, {}, keywords=False)
    assert (found.flag_recall, found.false_alarms, found.hours) == (0.0, 1, 0.5)
