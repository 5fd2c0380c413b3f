"""A setting that a command makes, written into the site's file; all else in it stays as people wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from base import yamlfile
from base.errors import InputError, SettingsError
from base.files import save
from base.yamledit import with_value
from huifang.resources import SHIPPED_CONFIG
from huifang.settings import FILE, Settings

Key = Literal["model", "live_model"]
"""The settings of `speech` that name a model."""


def set_model(data: Path, key: Key, model: str) -> Path:
    """Set `speech.model` or `speech.live_model`; as `set_value`."""
    return set_value(data, "speech", key, model)


def set_value(data: Path, section: str, key: str, value: str) -> Path:
    """Set a text; gives the file, made from the shipped one if need be.

    Raises:
        SettingsError: the file cannot be read, or is laid out so that a program should not touch it.
        InputError: there is no data directory, or the file cannot be written.
    """
    if not data.is_dir():
        raise InputError("there is no data directory", where=str(data), remedy="run: huifang init")
    file = (data / "config" / FILE).resolve()
    old = file if file.is_file() else SHIPPED_CONFIG / FILE
    before = yamlfile.load(old, Settings, SettingsError)
    remedy = f"write it yourself: {section}.{key}: {value}"
    try:
        text = with_value(old.read_bytes().decode("utf-8"), section, key, value)
    except ValueError as error:
        raise SettingsError(
            f"cannot be changed by a command: {error}", where=str(file), remedy=remedy
        ) from error
    part = getattr(before, section).model_copy(update={key: value})
    wanted = before.model_copy(update={section: part})
    if yamlfile.parse(text, str(file), Settings, SettingsError) != wanted:
        raise SettingsError("cannot be changed by a command", where=str(file), remedy=remedy)
    save(file, text.encode("utf-8"))
    return file
