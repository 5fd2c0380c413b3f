"""People of a site: settings that fit together, the music, what is promised, what `huifang check` says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from base.audio import RATE, level_dbfs, read_wav, write_wav
from base.errors import SettingsError
from dialer.line.layout import layout
from dialer.line.settings import SipSettings
from dialer.line.tones import ToneEar
from huifang.handing import groups_of, lacking, music_of, people
from huifang.settings import Settings
from huifang.slots import slots_of, spoken_wait
from ivr.script import HandOver
from ivr.voice.melody import melody
from tests.conversations import NEW_ACCOUNT
from tests.fakes.records import a_claim

ANN: dict[str, object] = {"name": "ann", "uri": "sip:ann@192.0.2.1"}


def settings(*members: dict[str, object], lines: dict[str, object] | None = None, **keys: Any) -> Settings:
    groups = {"service": list(members) or [ANN]}
    return Settings.model_validate({"handover": {"groups": groups, **keys}, "lines": lines or {}})


def test_a_person_needs_a_trunk_that_there_is() -> None:
    with pytest.raises(ValidationError, match=r"handover\.groups\.service: no trunk is called main"):
        settings({"name": "ann", "extension": "8001", "trunk": "main"})


def test_people_do_not_take_every_slot() -> None:
    with pytest.raises(ValidationError, match="leaves no call"):
        settings(lines={"calls_per_worker": 1})
    assert settings(lines={"calls_per_worker": 1}, slots_per_worker=0).handover.kept == 0


def test_workers_carry_the_channels_beside_the_kept_slots() -> None:
    lines = Settings().lines
    assert [lines.workers(channels, 1) for channels in (1, 3, 4, 100)] == [2, 2, 3, 35]


def test_senders_keep_slots_and_the_desk_does_not() -> None:
    told = layout(
        workers=2, calls_per_worker=4, host="127.0.0.1", port=0, sip=SipSettings(), desk=True, kept=1
    )
    assert [one.kept for one in told] == [0, 1, 1]


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "半分钟"), (30, "半分钟"), (31, "一分钟"), (61, "两分钟"), (180, "三分钟")]
)
def test_the_wait_is_never_longer_than_it_is_said_to_be(seconds: float, said: str) -> None:
    """S18."""
    assert spoken_wait(seconds) == said
    slots = slots_of(a_claim().customer, Settings().firm, date(2026, 3, 18), seconds)
    assert slots.values["transfer_wait"] == said


def test_the_shipped_melody_is_quiet_has_no_gap_and_is_no_signal_of_the_network() -> None:
    tune = melody()
    frames = tune.reshape(-1, RATE // 4)
    assert min(level_dbfs(frame) for frame in frames) > -45
    assert level_dbfs(tune) < -23
    assert int(np.max(np.abs(np.diff(tune.astype(int))))) < 4000, "no click, nor where it begins anew"
    ear = ToneEar()
    heard = {
        found.kind.value
        for at in range(0, 4 * len(tune), RATE // 50)
        for found in ear.feed(np.resize(tune, 4 * len(tune))[at : at + RATE // 50].tobytes())
    }
    assert heard <= {"music"}


def test_the_sites_own_music_is_played(tmp_path: Path) -> None:
    write_wav(tmp_path / "own.wav", np.ones(RATE * 2, np.int16))
    own = music_of(tmp_path, settings(music="own.wav"))
    assert (own.file, own.seconds, len(own.lasting(30))) == (str(tmp_path / "own.wav"), 2.0, 15)
    shipped = music_of(tmp_path, settings())
    assert len(read_wav(Path(shipped.file))) == len(melody())


@pytest.mark.parametrize("content", [None, b"no sound", b""])
def test_music_that_cannot_be_played_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "own.wav").write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        music_of(tmp_path, settings(music="own.wav"))
    assert refused.value.where == "handover.music"
    [found] = people(tmp_path, settings(music="own.wav"))
    assert (found.ok, found.says.startswith("handover.music")) == (False, True)


def test_check_counts_people_and_warns_of_no_kept_slot(tmp_path: Path) -> None:
    assert [found.says for found in people(tmp_path, Settings())] == []
    assert [found.says for found in people(tmp_path, settings())] == ["people in groups: service 1"]
    assert [found.risk for found in people(tmp_path, settings(slots_per_worker=0))] == [False, True]


def test_check_tells_of_groups_that_are_not_set() -> None:
    to = HandOver(hand_over="请稍等。", to="complaints", nobody="bye")
    script = NEW_ACCOUNT.model_copy(update={"nodes": {"a": to, "b": to.model_copy(update={"to": "service"})}})
    assert groups_of(script) == {"complaints", "service"}
    [found] = lacking(script, settings())
    assert (found.ok, found.risk) == (True, True)
    assert "hands over to complaints" in found.says
