"""Measuring answers: the table's rows, what a question makes of words, and the figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from base.audio import wav_bytes
from base.errors import InputError
from huifang.answers import rows, sound
from huifang.answers.figures import Trial, confusions, figures
from huifang.answers.trial import accepted
from ivr.hearing import Heard
from ivr.poles import opposite
from tests.conversations import NEW_ACCOUNT, NOW

SCRIPTS = {NEW_ACCOUNT.name: NEW_ACCOUNT}


def table(tmp_path: Path, *lines: str) -> Path:
    (tmp_path / "a.wav").write_bytes(wav_bytes(np.zeros(800, np.int16)))
    path = tmp_path / "answers.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "question", "kind", "expected"),
    [
        ("a.wav\tnew_account.satisfied\tsatisfied", "new_account.satisfied", "scale", "satisfied"),
        ("a.wav\tsatisfied\t满意", "new_account.satisfied", "scale", "satisfied"),
        ("a.wav\tsatisfied\t4", "new_account.satisfied", "scale", "dissatisfied"),
        ("a.wav\tsatisfied\t-", "new_account.satisfied", "scale", ""),
        ("a.wav\tsatisfied", "new_account.satisfied", "scale", ""),
        ("a.wav\tself_trading\trefuse", "new_account.self_trading", "closed", "refuse"),
        ("a.wav\twhen\t2026-11-26T15:30", "new_account.when", "appoint", "2026-11-26T15:30:00+08:00"),
        ("a.wav\twhen\t2026-11-26T07:30Z", "new_account.when", "appoint", "2026-11-26T15:30:00+08:00"),
        ("a.wav\treach_owner\t不知道", "new_account.reach_owner", "date_time", "unknown"),
    ],
)
def test_rows(tmp_path: Path, line: str, question: str, kind: str, expected: str) -> None:
    (row,) = rows.read(table(tmp_path, line), SCRIPTS, NOW)
    assert (row.question, row.kind, row.expected) == (question, kind, expected)


def test_rows_may_belong_to_groups(tmp_path: Path) -> None:
    path = table(tmp_path, "audio\tquestion\texpected\tgroups", "a.wav\tsatisfied\tfair\tclean listed")
    assert [row.groups for row in rows.read(path, SCRIPTS, NOW)] == [("clean", "listed")]


def test_a_header_may_order_the_columns(tmp_path: Path) -> None:
    path = table(tmp_path, "Question\taudio\tnote\texpected", "", "satisfied\ta.wav\tx\t-")
    assert [row.where for row in rows.read(path, SCRIPTS, NOW)] == [f"{path}:3"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("b.wav\tsatisfied\t-", "no audio b.wav"),
        ("a.wav", "parted by tabs"),
        ("a.wav\tsatisfied\tgreat", "no answer"),
        ("a.wav\tsatisfied\tsatisfied,fair", "no answer"),
        ("a.wav\tsatisfied\t2026-11-26", "no answer"),
        ("a.wav\twhen\ttomorrow", "no answer"),
        ("a.wav\tnobody\t-", "no script has a question"),
        ("a.wav\tperiodic.satisfied\t-", "no script has a question"),
        ("a.wav\tintro\t-", "no question"),
        ("a.wav\tsuggestions\t-", "free answers"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, line: str, complaint: str) -> None:
    path = table(tmp_path, "audio\tquestion\texpected", line)
    with pytest.raises(InputError, match=complaint) as told:
        rows.read(path, SCRIPTS, NOW)
    assert f"{path}:2" in str(told.value)


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        rows.read(table(tmp_path, "audio\tquestion\texpected"), SCRIPTS, NOW)


@pytest.mark.parametrize(
    ("node", "text", "expected"),
    [
        ("satisfied", "满意", "satisfied"),
        ("satisfied", "外面在下雨呢", ""),
        ("satisfied", "再说一遍", "repeat"),
        ("satisfied", "可别满意", ""),
        ("satisfied", "可不满意", "dissatisfied"),
        ("satisfied", "我要投诉", "complaint"),
        ("satisfied", "这个不想说", "skip"),
        ("satisfied", "你是机器人吗", "machine"),
        ("satisfied", "明天下午三点再打", "not_now"),
        ("is_owner", "我是本人", "yes"),
        ("is_owner", "喂", ""),
        ("when", "明天下午三点半", "2026-11-26T15:30:00+08:00"),
        ("when", "晚点吧", ""),
        ("reach_owner", "明天上午十点", "2026-11-26T10:00:00+08:00"),
    ],
)
def test_what_a_question_accepts(node: str, text: str, expected: str) -> None:
    assert accepted(NEW_ACCOUNT, node, Heard(text), NOW) == expected


@pytest.mark.parametrize(
    ("one", "other", "poles"),
    [
        ("yes", "no", True),
        ("no", "yes", True),
        ("dissatisfied", "very_satisfied", True),
        ("know_not", "know", True),
        ("convenient", "inconvenient", True),
        ("satisfied", "very_satisfied", False),
        ("satisfied", "fair", False),
        ("yes", "unsure", False),
    ],
)
def test_poles(one: str, other: str, poles: bool) -> None:
    assert opposite(one, other) is poles


def trial(expected: str, taken: str, latency_s: float = 0.3, groups: tuple[str, ...] = ()) -> Trial:
    row = rows.Row("t:1", Path("a.wav"), NEW_ACCOUNT, "satisfied", "scale", expected, groups)
    return Trial(row, "", taken, latency_s)


def test_hearing_the_question_once_more_is_right_only_where_it_was_wanted() -> None:
    assert trial("repeat", "repeat").right
    assert not trial("satisfied", "repeat").wrong
    assert not trial("", "repeat").wrong


def test_figures() -> None:
    done = [
        trial("satisfied", "satisfied", 0.1),
        trial("satisfied", "", 0.2),
        trial("satisfied", "very_satisfied", 0.3),
        trial("satisfied", "dissatisfied", 0.4),
        trial("fair", "fair", 0.5),
        trial("", "", 0.6),
        trial("", "refuse", 0.7),
        trial("", "", 0.8),
    ]
    found = figures(done)
    assert (found.n, found.in_set.n, found.out_of_set.n) == (8, 5, 3)
    assert (found.right_or_reasked, found.reasked, found.in_set.wrong_accepted) == (0.6, 0.2, 0.4)
    assert (found.wrong_accepted, found.out_of_set.wrong_accepted) == (0.375, 0.3333)
    assert (found.pole_flips, found.pole_trials) == (1, 4)
    assert (found.latency_p50_s, found.latency_p95_s) == (0.4, 0.8)
    assert confusions(done)[0] == ("new_account.satisfied", "-", "refuse", 1)


def test_figures_by_group() -> None:
    done = [
        trial("fair", "fair", groups=("clean", "old")),
        trial("fair", "", groups=("noisy", "old")),
        trial("", "fair", groups=("noisy",)),
    ]
    found = figures(done).by_group
    assert {name: (part.n, part.right) for name, part in found.items()} == {
        "clean": (1, 1.0),
        "noisy": (1, 0.0),
        "old": (2, 0.5),
    }


def test_sound_of_any_rate_and_channels(tmp_path: Path) -> None:
    stereo = np.repeat(np.full(16000, 1000, np.int16), 2)
    data = bytearray(wav_bytes(stereo, 16000))
    data[22:24], data[32:34] = (2).to_bytes(2, "little"), (4).to_bytes(2, "little")
    (tmp_path / "s.wav").write_bytes(bytes(data))
    heard = sound.read(tmp_path / "s.wav", "t:1")
    assert len(heard) == 8000
    assert abs(int(np.median(heard)) - 1000) <= 2


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.wav").write_bytes(b"RIFF")
    with pytest.raises(InputError, match=r"t:1.*no readable WAV"):
        sound.read(tmp_path / "s.wav", "t:1")
