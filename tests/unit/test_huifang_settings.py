"""Settings: shipped file and defaults agree, mistakes are told with their line, each key is described."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from base.clock import SHANGHAI
from base.errors import SettingsError
from huifang import settings_page
from huifang.resources import SHIPPED_CONFIG
from huifang.settings import FILE, Settings, load

ROOT = Path(__file__).parents[2]


def _write(data: Path, text: str) -> Path:
    (data / "config").mkdir(exist_ok=True)
    path = data / "config" / FILE
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_says_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()
    assert (SHIPPED_CONFIG / FILE).is_file()


def test_the_shipped_file_names_every_section() -> None:
    text = (SHIPPED_CONFIG / FILE).read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"\n{name}:" not in text] == []


def test_the_sites_file_goes_first(tmp_path: Path) -> None:
    _write(tmp_path, "firm: {name: 示例证券}\ntrunks:\n  - {name: a, uri: 'sip:{number}@127.0.0.1:5060'}\n")
    settings = load(tmp_path)
    assert settings.firm.name == "示例证券"
    assert settings.firm.seat == "8001"
    trunk = settings.trunks[0]
    assert trunk.request_uri(trunk.dial("+8613800000000")) == "sip:13800000000@127.0.0.1:5060"


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("firm:\n  name: 甲\n  hotlin: '95000'\n", 3, "hotlin"),
        ("nodes: a\n", 1, "nodes"),
        ("lines:\n  calls_per_worker: 0\n", 2, "calls_per_worker"),
        ("firm:\n  seat: abc\n", 2, "seat"),
        ("log: {level: loud}\n", 1, "level"),
        ("clock:\n  business_start: 2026-03-18T10:00:00+08:00\n", 1, "together"),
        ("trunks:\n  - name: a\n", 2, "uri"),
        (
            "trunks:\n  - {name: a, uri: 'sip:{number}@h'}\n  - {name: a, uri: 'sip:{number}@h'}\n",
            1,
            "two trunks",
        ),
        ("firm: [\n", 2, "YAML"),
        ('firm:\n  name: "甲{name}"\n', 2, "no braces"),
        ('firm:\n  name: "甲\\n乙"\n', 2, "control"),
        ('firm:\n  hotline: "95\\a000"\n', 2, "control"),
        ("lines: {host: 'a b'}\n", 1, "host name"),
        ("lines: {host: '10.0.0.256'}\n", 1, "host name"),
        ("lines: {host: '127.0.0.1:5060'}\n", 1, "without port"),
        ("lines: {host: -a.example}\n", 1, "host name"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, complaint: str) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(SettingsError) as raised:
        load(tmp_path)
    assert str(raised.value).startswith(f"{path}:{line}: ")
    assert complaint in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_misspelt_key_names_the_nearest_known_one(tmp_path: Path) -> None:
    _write(tmp_path, "lines:\n  call_per_worker: 4\n")
    with pytest.raises(SettingsError, match="calls_per_worker"):
        load(tmp_path)


@pytest.mark.parametrize("host", ["0.0.0.0", "::1", "dialer-1.example", "localhost", "a", "3com.example"])
def test_an_address_or_a_name_may_be_bound(host: str) -> None:
    assert Settings.model_validate({"lines": {"host": host}}).lines.host == host


def test_workers_carry_the_channels_and_spares() -> None:
    lines = Settings().lines
    assert [lines.workers(channels) for channels in (1, 4, 5, 100)] == [2, 2, 3, 26]


def test_the_clock_shows_the_business_start() -> None:
    start = datetime(2026, 3, 18, 10, tzinfo=SHANGHAI)
    machine = datetime(2026, 11, 22, 1, 30, tzinfo=SHANGHAI)
    settings = Settings.model_validate({"clock": {"business_start": start, "machine_start": machine}})
    assert settings.clock.clock().at(machine.timestamp() + 5) == start.replace(second=5)
    assert Settings().clock.clock().offset.total_seconds() == 0


def test_models_lie_in_the_cache_unless_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Settings().speech.path == tmp_path / "huifang" / "models" / "whisper-base"
    own = Settings.model_validate({"speech": {"model": "/srv/large", "models_dir": "/srv/models"}})
    assert own.speech.path == own.speech.live_path == Path("/srv/large")
    live = Settings.model_validate({"speech": {"live_model": "vosk-model", "models_dir": "/srv/models"}})
    assert live.speech.path == Path("/srv/models/whisper-base")
    assert live.speech.live_path == Path("/srv/models/vosk-model")


def test_the_database_lies_in_the_data_directory_unless_told() -> None:
    assert Settings().database_url(Path("/srv/a b")) == "sqlite:////srv/a b/huifang.db"
    assert (
        Settings(database="postgresql+psycopg://h/d").database_url(Path("/x")) == "postgresql+psycopg://h/d"
    )


def test_every_setting_is_described_and_the_page_is_up_to_date() -> None:
    page = settings_page.page()
    assert "| None |" not in page
    written = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == page, "run: python -m huifang.settings_page > docs/settings.md"
