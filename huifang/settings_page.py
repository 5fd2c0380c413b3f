"""docs/settings.md, written from the settings' own descriptions.

`python -m huifang.settings_page > docs/settings.md` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from huifang.settings import Settings

_HEAD = """\
# Settings

`huifang init` writes a commented `config/settings.yaml` into the data directory; without one the shipped
defaults hold. An unknown key or a value out of range is refused with file and line, and the exit status is 2.

"""


def page() -> str:
    """The page as Markdown: one table per section."""
    return _HEAD + "\n".join(_sections("", Settings))


def _sections(path: str, model: type[BaseModel]) -> Iterator[str]:
    """The table of a section, then those of the sections within."""
    plain = {name: field for name, field in model.model_fields.items() if _section(field) is None}
    if plain:
        yield f"## {f'`{path}`' if path else 'At the top'}\n"
        yield f"{(model.__doc__ or '').splitlines()[0]}\n"
        yield "| setting | default | meaning |\n|---|---|---|"
        yield "\n".join(_row(name, field) for name, field in plain.items()) + "\n"
    for name, field in model.model_fields.items():
        inner = _section(field)
        if inner is not None:
            yield from _sections(f"{path}.{name}".lstrip("."), inner)


def _section(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a field that is a section, or a list of them."""
    return next((kind for kind in _kinds(field.annotation) if issubclass(kind, BaseModel)), None)


def _kinds(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for inner in get_args(annotation):
        yield from _kinds(inner)


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{field.alias or name}` | {_default(field)} | {field.description} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default in ("", None, (), {}):
        return "empty"
    if isinstance(field.default, tuple):
        return f"`[{', '.join(map(str, field.default))}]`"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


if __name__ == "__main__":
    sys.stdout.write(page())
