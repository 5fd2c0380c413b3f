"""A site with keys: recordings are encrypted, heard, archived, restored; keys are rotated and forgotten."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from base import keys, sealed
from base.keys import Keys
from dialer.line.tracks import header
from dialer.recordings import CUSTOMER, SYSTEM, Recordings, track
from huifang import assemble
from huifang.custody import sealing
from records.sounds import Sounds
from records.users import Role
from tests import papers_site
from tests.command_line import as_json, complaint, succeeds
from tests.console_kit import desk
from tests.records_kit import NOW

STEM = "recordings/2026-03-04/20260304-150000_8001"
SOUND = os.urandom(200_000)
WAV = header(len(SOUND)) + SOUND


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose one answered call has two tracks."""
    data = tmp_path_factory.mktemp("keys") / "data"
    papers_site.make(data)
    for party in (SYSTEM, CUSTOMER):
        file = track(data, STEM, party)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(WAV)
    return data


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


def tracks(data: Path) -> list[Path]:
    return [track(data, STEM, party) for party in (SYSTEM, CUSTOMER)]


def encrypted(data: Path) -> Sounds:
    """The same with keys beside it, all of it encrypted."""
    file = data.parent / "keys"
    succeeds("keys", "new", file, "--as", "1001", "--data", data)
    assert succeeds("keys", "seal", "--as", "1001", "--data", data) == "2 recordings encrypted\n"
    return Sounds(data, Keys(file))


def plain(sounds: Sounds, file: Path) -> bytes:
    with sounds.opened(file) as stream:
        return stream.read()


def test_recordings_that_are_there_are_encrypted_and_it_is_on_the_trail(site: Path) -> None:
    sounds = encrypted(site)
    for file in tracks(site):
        assert SOUND[:64] not in file.read_bytes()
        assert plain(sounds, file) == WAV
    assert succeeds("keys", "seal", "--as", "1001", "--data", site) == "0 recordings encrypted\n"
    (key,) = as_json("keys", "list", "--data", site)["keys"]
    assert key["recordings"] == 2
    noted = as_json("audit", "list", "--who", "1001", "--last", "3", "--data", site)
    assert [one["act"]["what"] for one in noted] == ["encrypted", "encrypted", "added"]


def test_what_is_being_recorded_is_left_alone(site: Path) -> None:
    growing, (first, _) = track(site, STEM + "-2", CUSTOMER), tracks(site)
    growing.write_bytes(header(0) + SOUND)
    sounds = encrypted(site)
    assert sealed.is_sealed(first)
    assert growing.read_bytes() == header(0) + SOUND
    os.utime(growing, (0, 0))
    assert sealing.seal_all(sounds, lambda _done, _of: None) == 1


async def test_a_call_is_encrypted_when_it_is_over_and_never_fails_over_it(site: Path) -> None:
    keys.add(site.parent / "keys", NOW.date())
    sounds = Sounds(site, Keys(site.parent / "keys"))
    await Recordings(sounds).put_away(STEM)
    assert all(sealed.is_sealed(file) for file in tracks(site))
    (site.parent / "keys").unlink()
    other = track(site, STEM + "-2", CUSTOMER)
    other.write_bytes(WAV)
    await Recordings(sounds).put_away(STEM + "-2")
    assert other.read_bytes() == WAV


def test_what_a_crash_left_plain_is_encrypted_at_the_next_start(site: Path) -> None:
    sounds = encrypted(site)
    left = track(site, STEM + "-2", CUSTOMER)
    left.write_bytes(header(0) + SOUND)
    assemble.mend_recordings(sounds)
    assert sealed.is_sealed(left)
    assert plain(sounds, left) == WAV


async def test_ranges_are_heard_in_the_console(site: Path, tmp_path: Path) -> None:
    keys.add(tmp_path / "keys", NOW.date())
    sounds = Sounds(site, Keys(tmp_path / "keys"))
    sealing.seal_all(sounds, lambda _done, _of: None)
    async with desk(tmp_path, sounds) as console:
        await papers_site.fill(console.database)
        browser = await console.signed_in(Role.REVIEWER)
        part = await browser.get("/calls/1/sound/customer", range="bytes=70000-140000")
        assert (part.status_code, part.content) == (206, WAV[70000:140001])
        assert (await browser.get("/calls/1/sound/system")).content == WAV
        damaged = track(site, STEM, SYSTEM)
        damaged.write_bytes(damaged.read_bytes()[:-1])
        refused = await browser.get("/calls/1/sound/system")
        assert (refused.status_code, "cut off" in refused.text) == (404, True)


def test_a_disc_has_the_sound_as_it_was_and_gives_it_back_encrypted(site: Path, tmp_path: Path) -> None:
    sounds = encrypted(site)
    span = ("--size", "cd", "--from", "2026-03-01", "--to", "2026-03-31")
    succeeds("archive", "create", tmp_path / "discs", *span, "--data", site)
    (copied,) = (tmp_path / "discs").rglob("*_customer.wav")
    assert copied.read_bytes() == WAV
    lost = track(site, STEM, CUSTOMER)
    lost.unlink()
    assert "1 file copied, 1 were there" in succeeds("archive", "restore", tmp_path / "discs", "--data", site)
    assert sealed.is_sealed(lost)
    assert plain(sounds, lost) == WAV


def test_keys_are_rotated_and_forgotten(site: Path) -> None:
    sounds = encrypted(site)
    (old,) = as_json("keys", "list", "--data", site)["keys"]
    assert "need it" in complaint("keys", "forget", old["id"], "--data", site)
    assert succeeds("keys", "rotate", "--data", site) == "2 recordings opened by the newest key alone\n"
    assert succeeds("keys", "rotate", "--resume", "--data", site).startswith("0 recordings")
    first, second = as_json("keys", "list", "--data", site)["keys"]
    assert (first["recordings"], second["recordings"]) == (0, 2)
    succeeds("keys", "forget", old["id"], "--data", site)
    assert [plain(sounds, file) for file in tracks(site)] == [WAV, WAV]


def test_without_the_key_nobody_is_called(site: Path) -> None:
    encrypted(site)
    (site.parent / "keys").rename(site.parent / "elsewhere")
    assert "the file of keys cannot be read" in complaint("run", "--until-done", "--data", site)


def test_keys_lie_outside_and_are_made_once(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "keys"
    assert "lies in the data directory" in complaint("init", "--keys", data / "k", "--data", data)
    succeeds("init", "--keys", file, "--data", data)
    assert "is there already" in complaint("keys", "new", file, "--data", data)
    assert "the site has keys" in complaint("keys", "new", tmp_path / "more", "--data", data)
    inside = data / "config" / "keys"
    file.rename(inside)
    settings = data / "config" / "settings.yaml"
    settings.write_text(settings.read_text().replace(str(file), str(inside)))
    assert "lies in the data directory" in complaint("keys", "rotate", "--data", data)
    settings.write_text("custody: {key_file: keys}")
    assert "whole path" in complaint("keys", "list", "--data", data)


def test_without_a_key_there_is_nothing_to_do(site: Path) -> None:
    for command in (("seal",), ("rotate",), ("forget", "0" * 16)):
        assert "the site has no key" in complaint("keys", *command, "--data", site)
    assert as_json("keys", "list", "--data", site) == {"keys": [], "plain": 2}
