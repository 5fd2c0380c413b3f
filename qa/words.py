"""The console's words: one small file for each language, the same keys in all."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import RootModel

from base import yamlfile
from base.errors import InputError

_FOLDER = Path(__file__).parent / "languages"


class Language(StrEnum):
    """Chinese first, English by switch."""

    ZH = "zh"
    EN = "en"


class Theme(StrEnum):
    """As the device is set, or one of the two."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@cache
def words(language: Language) -> Mapping[str, str]:
    """All words of a language, by key."""
    return yamlfile.load(_FOLDER / f"{language.value}.yaml", RootModel[dict[str, str]], InputError).root
