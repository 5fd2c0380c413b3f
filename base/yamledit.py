"""One value of a YAML file set by a program, everything that people wrote around it left alone. Pure."""

from __future__ import annotations

import json
import re

import yaml

_PLAIN = re.compile(r"[A-Za-z_/][\w./+-]*")
"""Texts that need no quotes: unless YAML takes them for something else (true, null)."""


def with_value(text: str, section: str, key: str, value: str) -> str:
    """The file's text with `section.key` set to the text `value`; comments and order stay as they are.

    Raises:
        ValueError: no YAML, or not laid out in sections.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError("no YAML") from error
    written = _scalar(value)
    if root is None:
        return f"{_ended(text)}{section}:\n  {key}: {written}\n"
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("it holds no keys")  # noqa: TRY004
    found = _value(root, section)
    if found is None:
        if root.flow_style:
            return _inserted(text, root, f"{section}: {{{key}: {written}}}")
        return f"{_ended(text)}\n{section}:\n  {key}: {written}\n"
    if not isinstance(found, yaml.MappingNode):
        if found.tag != "tag:yaml.org,2002:null":
            raise ValueError(f"{section} holds no keys")
        return _replaced(text, found, f" {{{key}: {written}}}")
    old = _value(found, key)
    return _inserted(text, found, f"{key}: {written}") if old is None else _replaced(text, old, written)


def _value(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in node.value if name.value == key), None)


def _replaced(text: str, node: yaml.Node, written: str) -> str:
    """`written` in the place of a node; a value that was empty gets a blank before it."""
    start, end = node.start_mark.index, node.end_mark.index
    old = text[start:end]
    blank = " " if not old and text[start - 1] == ":" and not written.startswith(" ") else ""
    line_end = "\n" if old.endswith("\n") else ""
    return text[:start] + blank + written.lstrip(" " if old else "") + line_end + text[end:]


def _inserted(text: str, node: yaml.MappingNode, entry: str) -> str:
    """`entry` before the first one of a mapping."""
    start = node.start_mark.index
    if node.flow_style:
        return f"{text[: start + 1]}{entry}{', ' if node.value else ''}{text[start + 1 :]}"
    return f"{text[:start]}{entry}\n{' ' * node.start_mark.column}{text[start:]}"


def _scalar(value: str) -> str:
    plain = _PLAIN.fullmatch(value) and yaml.safe_load(value) == value
    return value if plain else json.dumps(value, ensure_ascii=False)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
