"""One value set in a file of settings: the rest stays, comments and all."""

from __future__ import annotations

import pytest
import yaml

from base.yamledit import with_value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "speech:\n  model: new\n"),
        ("# only words\n", "# only words\nspeech:\n  model: new\n"),
        ("firm: {name: 甲}", "firm: {name: 甲}\n\nspeech:\n  model: new\n"),
        ("speech:\n  model: old   # why\nlog: {}\n", "speech:\n  model: new   # why\nlog: {}\n"),
        (
            "speech:\n    # first\n    engine: auto\n",
            "speech:\n    # first\n    model: new\n    engine: auto\n",
        ),
        ("speech: {engine: auto}\n", "speech: {model: new, engine: auto}\n"),
        ("speech: {model: 'a b'}  # x\n", "speech: {model: new}  # x\n"),
        ("speech: {}\n", "speech: {model: new}\n"),
        ("speech:\nlog: {}\n", "speech: {model: new}\nlog: {}\n"),
        ("speech: ~\n", "speech: {model: new}\n"),
        ("speech:\n  model:\n  engine: auto\n", "speech:\n  model: new\n  engine: auto\n"),
        ('speech:\n  model: ""\n', "speech:\n  model: new\n"),
        ("speech:\n  model: >\n    old\n  engine: auto\n", "speech:\n  model: new\n  engine: auto\n"),
        ("{firm: {name: a}}\n", "{speech: {model: new}, firm: {name: a}}\n"),
        ("speech:\r\n  model: old\r\n", "speech:\r\n  model: new\r\n"),
    ],
)
def test_only_the_value_changes(before: str, after: str) -> None:
    assert with_value(before, "speech", "model", "new") == after


@pytest.mark.parametrize(
    "value", ["true", "~", "/srv/a b", "模型", "a: b", "1.5", "x#y", "a, b", '"', "/srv/models/x"]
)
def test_every_value_is_read_as_it_was_set(value: str) -> None:
    for before in ("speech: {model: old, engine: auto}\n", "speech:\n  model: old\n"):
        assert yaml.safe_load(with_value(before, "speech", "model", value))["speech"]["model"] == value


@pytest.mark.parametrize("text", ["- a\n", "speech: word\n", "speech: [a]\n", "a: [", "just words\n"])
def test_what_has_no_sections_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError, match=r"keys|YAML"):
        with_value(text, "speech", "model", "new")
