"""`huifang check` in this process: everything that is wrong is told at once."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from pathlib import Path

import numpy as np
import pytest

from base.audio import write_wav
from ivr import loader
from ivr.lines import fixed_lines
from records import jobs, ledger
from tests.command_line import as_json, huifang, succeeds
from tests.records_kit import NOW, dialed, opened, person, started, talk
from tests.site_kit import give_sound, looked_over
from tests.speech_kit import korean_model

ROOT = Path(__file__).parents[2]


def test_check_tells_everything_that_is_wrong_at_once(stocked: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (stocked / "config" / "settings.yaml").write_text(
        f"speech: {{models_dir: '{stocked}/models'}}\n"
        f"trunks: [{{name: carrier, uri: 'sip:{{number}}@127.0.0.1:{port}'}}]\n",
        encoding="utf-8",
    )
    done = huifang("check", "--json", "--data", stocked)
    assert done.status == 2
    assert done.stderr == ""
    shown = huifang("check", "--data", stocked)
    assert shown.status == 2
    for words in ("trunk carrier", "cannot be reached", "speech model", "huifang models prepare"):
        assert words in done.stdout
        assert words in shown.stdout


@pytest.mark.speech
def test_check_names_the_ears_and_the_phrases_that_they_cannot_know(stocked: Path) -> None:
    settings = f"speech: {{live_model: '{korean_model()}'}}\n"
    (stocked / "config" / "settings.yaml").write_text(settings, encoding="utf-8")
    found = looked_over(stocked)
    assert found["speech model"]["says"].startswith("whisper transcribes: whisper-base is whole")
    assert found["live speech model"]["says"].startswith("vosk hears answers: model is whole")
    assert "heard freely" in found["expected phrases"]["says"]


def test_check_tells_of_sentences_without_sound_and_scripts_altered(stocked: Path) -> None:
    succeeds("campaign", "create", "三月", "--data", stocked)
    give_sound(stocked, "三月")
    succeeds("campaign", "start", "三月", "--data", stocked)
    checked = json.loads(huifang("check", "--json", "--data", stocked).stdout)
    assert {one["what"]: one["ok"] for one in checked}["prompts of 三月"] is True
    for sound in (stocked / "cache" / "prompts").glob("*.wav"):
        sound.unlink()
    shipped = (ROOT / "config" / "scripts" / "new_account.yaml").read_text(encoding="utf-8")
    own = stocked / "config" / "scripts" / "new_account.yaml"
    own.write_text(shipped.replace("现在方便吗", "这会儿方便吗", 1), encoding="utf-8")
    found = looked_over(stocked)
    assert "altered since campaign 三月 was made (S1): node convenient" in found["script new_account"]["says"]
    own.write_text(re.sub('version: "[^"]+"', 'version: "9.9"', shipped, count=1), encoding="utf-8")
    found = looked_over(stocked)
    assert "render --campaign" in found["prompts of 三月"]["remedy"]
    assert "version 9.9" in found["script new_account"]["says"]
    assert "三月 goes on with" in found["script new_account"]["says"]


def test_check_listens_to_the_sites_own_recordings(stocked: Path) -> None:
    script = loader.load(ROOT / "config" / "scripts" / "new_account.yaml")
    line = fixed_lines(script)[0]
    own = stocked / "prompts" / "own.wav"
    row = {"key": line.prompt, "wording": line.wording, "file": own.name}
    (own.parent / "manifest.json").write_text(json.dumps({"prompts": [row]}), encoding="utf-8")
    own.write_bytes(b"no sound")
    broken = looked_over(stocked)["prompts of script new_account"]
    assert (broken["ok"], f"first {line.prompt}: unreadable" in broken["says"]) == (False, True)
    write_wav(own, np.full(8000, 10, dtype=np.int16))
    silent = looked_over(stocked)["prompts of script new_account"]
    assert "the recording is silent" in silent["says"]
    assert silent["remedy"] == "run: huifang prompts check --script new_account"


def test_check_looks_at_every_script_and_profile(stocked: Path) -> None:
    succeeds("campaign", "create", "三月", "--data", stocked)
    for folder in ("scripts", "profiles"):
        (stocked / "config" / folder).mkdir(exist_ok=True)
        (stocked / "config" / folder / "unused.yaml").write_text("name: [\n", encoding="utf-8")
    hasty = stocked / "config" / "profiles" / "hasty.yaml"
    hasty.write_text("extends: default\nname: hasty\nattempts: 2\n", encoding="utf-8")
    found = looked_over(stocked)
    for what in ("script unused", "profile unused"):
        assert (found[what]["ok"], "unused.yaml:2: is no YAML" in found[what]["says"]) == (False, True)
    assert "at least 3 attempts are made (D2) (1 in all)" in found["profile hasty"]["says"]
    assert found["profile hasty"]["remedy"] == "see `huifang profile check hasty`"
    assert {"script new_account", "profile default"} <= set(found)


def test_check_tells_a_mute_trunk_from_a_closed_one(stocked: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        uri = f"sip:{{number}}@127.0.0.1:{mute.getsockname()[1]}"
        (stocked / "config" / "settings.yaml").write_text(
            f"trunks: [{{name: a, uri: '{uri}'}}]\n", encoding="utf-8"
        )
        says = looked_over(stocked)["trunk a"]["says"]
    assert says.endswith(": no answer to OPTIONS in 3 s: it is down, or it ignores OPTIONS")


def test_transcriptions_given_up_are_told(site: Path) -> None:
    async def give_up() -> None:
        async with opened(site / "huifang.db") as db:
            campaign = await started(db, [person(1)])
            await ledger.close(db, talk(await dialed(db, campaign)), NOW)
            job = await jobs.claim(db, kinds=[ledger.TRANSCRIBE], node="a", now=NOW, lease_s=60)
            assert job is not None
            await jobs.failed(db, job.id, "the recording is missing", NOW, max_tries=1)

    assert looked_over(site)["transcription"]["ok"]
    asyncio.run(give_up())
    found = looked_over(site)["transcription"]
    assert not found["ok"]
    assert "1 job given up" in found["says"]
    assert "the recording is missing" in found["says"]
    name = as_json("campaign", "list", "--data", site)[0]["name"]
    assert as_json("campaign", "status", name, "--data", site)["transcriptions_given_up"] == 1
    assert "1 transcription given up" in succeeds("campaign", "status", name, "--data", site)


def test_check_without_a_trunk(stocked: Path) -> None:
    assert "no trunk is set" in huifang("check", "--data", stocked).stdout
