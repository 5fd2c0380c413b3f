"""The commands on PostgreSQL: one setting says so."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import as_json, complaint, succeeds

CONTACTS = "姓名,电话,类型,开户日期,客户经理,营业部\n张伟,13800000001,手机,2026-03-08,王芳,上海\n"


def test_one_setting_moves_everything(bare_postgresql: str, tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "contacts.csv"
    file.write_text(CONTACTS, encoding="utf-8")
    succeeds("init", "--data", data)
    settings = data / "config" / "settings.yaml"
    said = settings.read_text(encoding="utf-8").replace('database: ""', f"database: {bare_postgresql}")
    settings.write_text(said, encoding="utf-8")
    assert "huifang init" in complaint("contacts", "list", "--data", data)
    succeeds("init", "--data", data)
    succeeds("contacts", "import", file, "--data", data)
    assert [one["name"] for one in as_json("contacts", "list", "--data", data)] == ["张伟"]
    settings.write_text(said.replace(bare_postgresql, '""'), encoding="utf-8")
    assert as_json("contacts", "list", "--data", data) == []
