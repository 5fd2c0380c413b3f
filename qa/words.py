"""The console's words: a small file for each area, both languages side by side."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

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


class Word(BaseModel):
    """What one key says in each language."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str
    en: str


class Words(RootModel[dict[str, Word]]):
    """A file of the folder: the words of one area."""


@cache
def words(language: Language) -> Mapping[str, str]:
    """All words of a language, by key."""
    return {key: getattr(word, language.value) for key, word in _all().items()}


@cache
def _all() -> Mapping[str, Word]:
    found: dict[str, Word] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        area = yamlfile.load(file, Words, InputError).root
        if twice := found.keys() & area.keys():
            raise InputError("is said in another file, too", where=f"{file}: {min(twice)}")
        found |= area
    return found
