"""`huifang phone`: a mistake is one line with its place and exit status 2; nothing is started."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import complaint
from tests.fakes.phone import CAST


def test_a_mistake_in_the_persona_file_is_one_line_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "personas.yaml"
    text = CAST.replace("id: friendly", "id: friendly\n    shoe_size: 43")
    path.write_text(text, encoding="utf-8")
    number = text.partition("shoe_size")[0].count("\n") + 1
    line = complaint("phone", "--personas", path, "--replies", tmp_path / "replies")
    assert f"{path}:{number}: personas.0.shoe_size: is not a known key" in line
    assert not (tmp_path / "replies").exists()


def test_a_missing_persona_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    assert str(path) in complaint("phone", "--personas", path)


def test_a_model_that_is_none_is_refused_before_anybody_calls(tmp_path: Path) -> None:
    model = tmp_path / "none"
    assert str(model) in complaint("phone", "--model", model, "--replies", tmp_path / "replies")
    assert not (tmp_path / "replies").exists()


def test_codecs_that_phones_do_not_speak_are_refused() -> None:
    assert "--codecs" in complaint("phone", "--codecs", "G729")


def test_a_script_that_does_not_ask_what_a_persona_answers_is_named(tmp_path: Path) -> None:
    path = tmp_path / "personas.yaml"
    path.write_text(
        "script: new_account\npersonas: [{id: one, name: 张三, about: x, number: '13800000001', voice: v, "
        "answers: {shoe_size: 四十三码。}}]",
        encoding="utf-8",
    )
    line = complaint("phone", "--personas", path, "--replies", tmp_path / "replies")
    assert f"{path}:2: persona one answers shoe_size, which script new_account does not ask" in line


def test_one_number_in_two_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "personas.yaml"
    path.write_text(CAST, encoding="utf-8")
    line = complaint("phone", "--personas", path, "--personas", path, "--replies", tmp_path / "replies")
    assert "two personas have the number 13800000001" in line


def test_a_talk_drill_over_an_unknown_script_names_those_there_are() -> None:
    assert "new_account" in complaint("drill", "talk", "--script", "no_such")
