"""The examples of docs/trunks.md and of the shipped settings are settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from base import yamlfile
from base.errors import SettingsError
from huifang.settings import Settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "trunks.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_can_be_used(text: str) -> None:
    assert yamlfile.parse(text, "trunks.md", Settings, SettingsError).trunks


def test_the_example_of_the_shipped_file_can_be_used() -> None:
    text = (ROOT / "config" / "settings.yaml").read_text("utf-8")
    before, _, after = text.partition("\nhandover:")
    section = after.partition("\n\n")[0]
    trunks, people = (re.findall(r"^#(  .*)$", part, re.MULTILINE) for part in (before, section))
    shown = "\n".join(["trunks:", *trunks, "handover:", *people])
    settings = yamlfile.parse(shown, "settings.yaml", Settings, SettingsError)
    assert [trunk.name for trunk in settings.trunks] == ["main", "spare"]
    assert [one.name for one in settings.handover.groups["service"]] == ["王芳", "李明"]
