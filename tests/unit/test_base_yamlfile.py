"""Every complaint about a file that people write names the line."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from base.errors import InputError, SettingsError
from base.yamlfile import load, parse


class Child(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int

    @field_validator("size")
    @classmethod
    def positive(cls, size: int) -> int:
        if size < 1:
            raise ValueError("must be positive")
        return size


class Parent(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = "x"
    children: list[Child] = []


def test_a_good_file_becomes_its_model(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text("name: 王\nchildren:\n  - size: 2\n", encoding="utf-8")
    assert load(path, Parent, SettingsError) == Parent(name="王", children=[Child(size=2)])


def test_an_empty_file_is_all_defaults() -> None:
    assert parse("", "f.yaml", Parent, SettingsError) == Parent()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("name: a\ncolour: red\n", 2, "colour: is not a known key"),
        ("children:\n  - size: 1\n  - size: 0\n", 3, "children.1.size: must be positive"),
        ("children:\n  - size: 1\n  -\n    size: 1\n    wide: 2\n", 5, "children.1.wide: is not a known key"),
        ("children:\n  - {}\n", 2, "children.0.size: is missing"),
        ("name: a\n\nname: b\n", 3, "name is written twice"),
        ("name: [\n", 2, "is no YAML"),
        ("- 1\n", 1, "should hold keys with their values"),
        ("children: x\n", 1, "children: should be a list"),
        ("name: 1\n", 1, "name: should be a text"),
    ],
)
def test_the_complaint_names_the_line(text: str, line: int, what: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text, "f.yaml", Parent, SettingsError)
    assert caught.value.where == f"f.yaml:{line}"
    assert what in caught.value.what


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("a:\n  b: 1\n\tc: 2\n", "not with tabs"),
        ("a:\n    b: 1\n   c:\n     d: 2\n", "begin in one column"),
        ("a:\n  b: {c}这里\n", "in quotes"),
        ("a: 1\nb： 2\nc: 3\n", "half-width"),
        ("a: b: c\n", "in quotes"),
    ],
)
def test_broken_yaml_comes_with_what_to_do(text: str, remedy: str) -> None:
    with pytest.raises(SettingsError, match="is no YAML") as caught:
        parse(text, "f.yaml", Parent, SettingsError)
    assert remedy in caught.value.remedy


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "gb.yaml"
    path.write_bytes("name: a\ntitle: 回访\n".encode("gb18030"))
    with pytest.raises(SettingsError) as caught:
        load(path, Parent, SettingsError)
    assert str(caught.value) == f"{path}:2: is not UTF-8 (save it as UTF-8)"


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "none.yaml", Parent, SettingsError)


class Loose(BaseModel):
    a: object = None


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("\na: 2026-02-30\n", 2, "is no timestamp"),
        ("a: 2026-13-45\n", 1, "is no timestamp"),
        ("a: 2026-01-01T10:00:00+99:99\n", 1, "is no timestamp"),
        ("a: !!int x\n", 1, "is no int"),
        ("a: !!int ''\n", 1, "is no int"),
        (f"a: {'9' * 5000}\n", 1, "is no int"),
        ("a: !!float x\n", 1, "is no float"),
        ("a:\n  - !!bool x\n", 2, "is no bool"),
        ("a: !!timestamp x\n", 1, "is no timestamp"),
        ("a: !!python/object:os.system x\n", 1, "is no YAML"),
        ("a: {[b]: c}\n", 1, "unhashable"),
        ('a: "\\UFFFFFFFF"\n', 1, "is no YAML"),
        ("a: &x [*x]\n", 1, "anchors"),
        ("b: 1\na: *x\n", 2, "aliases"),
        ("a: 1\n--- \na: 2\n", 2, "is no YAML"),
        ("a: " + "[" * 40_000, 1, "deeper"),
        ("a: " + "[" * 60 + "]" * 60, 1, "deeper"),
        ("a:\n " + "- " * 300 + "1\n", 2, "deeper"),
    ],
)
def test_values_that_cannot_be_are_told_with_their_line(text: str, line: int, what: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text, "f.yaml", Loose, SettingsError)
    assert caught.value.where == f"f.yaml:{line}"
    assert what in caught.value.what
    assert len(str(caught.value)) < 200


def test_what_an_alias_bomb_would_grow_to_is_never_built() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    with pytest.raises(SettingsError, match="anchors"):
        parse(bomb, "f.yaml", Loose, SettingsError)


def test_a_depth_that_people_write_is_read() -> None:
    assert parse("a: " + "[" * 40 + "]" * 40, "f.yaml", Loose, SettingsError).a


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("a: 姓\n" * 200_000, encoding="utf-8")
    with pytest.raises(SettingsError, match="larger than 1 MB"):
        load(path, Loose, SettingsError)


def test_each_of_several_complaints_is_there_with_its_line() -> None:
    with pytest.raises(SettingsError) as caught:
        parse("nam: a\nchildren:\n  - size: 0\n  - {}\n", "f.yaml", Parent, SettingsError)
    assert caught.value.what == "nam: is not a known key (and 2 more)"
    assert sorted(map(str, caught.value.each)) == [
        "f.yaml:1: nam: is not a known key (did you mean name?)",
        "f.yaml:3: children.0.size: must be positive",
        "f.yaml:4: children.1.size: is missing",
    ]


def test_one_complaint_is_all_there_is() -> None:
    alone = SettingsError("is missing", where="f.yaml")
    assert alone.each == (alone,)
