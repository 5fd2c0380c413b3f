"""What a simulation assumes of customers: as shipped, as a site writes it (config/simulation.yaml)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from base import yamlfile
from base.errors import SettingsError
from dialer.simulation.people import People
from dialer.simulation.rates import Rates
from dialer.simulation.trial import Assumptions
from huifang import resources

FILE = "simulation.yaml"


def _optional(model: type[BaseModel]) -> type[BaseModel]:
    """The same with every key left to what is shipped."""
    fields: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        field = copy.copy(info)
        field.default = None
        fields[name] = (info.annotation, field)
    return create_model(f"{model.__name__}File", __config__=ConfigDict(extra="forbid"), **fields)


_RatesFile, _PeopleFile = _optional(Rates), _optional(People)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rates: _RatesFile | None = None  # type: ignore[valid-type]
    people: _PeopleFile | None = None  # type: ignore[valid-type]


def assumed(data: Path, own: Path | None = None) -> Assumptions:
    """The assumptions of a site: its `config/simulation.yaml` or the shipped one, with what `own` writes.

    Raises:
        SettingsError: unreadable, an unknown key, a value out of range; with file:line.
    """
    merged = _written(resources.SHIPPED_CONFIG / FILE)
    for path in (resources.find(data, FILE), own):
        if path is not None:
            written = _written(path)
            merged = {part: {**merged[part], **written[part]} for part in merged}
    return _validated(merged, str(own or data))


def _written(path: Path) -> dict[str, dict[str, Any]]:
    file = yamlfile.load(path, _File, SettingsError)
    return {part: _keys(getattr(file, part)) for part in ("rates", "people")}


def _keys(section: BaseModel | None) -> dict[str, Any]:
    return {} if section is None else {name: getattr(section, name) for name in section.model_fields_set}


def _validated(merged: Mapping[str, Mapping[str, Any]], where: str) -> Assumptions:
    """Raises SettingsError: the parts do not fit together."""
    try:
        return Assumptions(rates=Rates(**merged["rates"]), people=People(**merged["people"]))
    except ValidationError as error:
        raise SettingsError(yamlfile.complaint(error), where=where) from error
