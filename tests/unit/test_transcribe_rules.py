"""Rules that people write: read with their defaults, or refused with the line."""

from pathlib import Path

import pytest

from base.errors import RulesError
from transcribe.rules import Phrase, load, parse

GOOD = """\
version: "1"
rules:
  - id: sharing
    category: 分成
    severity: high
    phrases:
      - 三七分成
      - {say: 分成, sound_alike: false}
    cues: [收益]
"""


def test_a_plain_phrase_and_a_described_one() -> None:
    rule = parse(GOOD).by_id["sharing"]
    assert rule.phrases == (Phrase(say="三七分成"), Phrase(say="分成", sound_alike=False))
    assert [rule.by_sound(phrase) for phrase in rule.phrases] == [True, False]
    assert [phrase.cue_needed for phrase in rule.phrases] == [False, True]
    assert (rule.party, rule.within) == ("customer", 10)


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("severity: high", "severity: awful", 5, "high"),
        ("cues: [收益]", "cue: [收益]", 9, "not a known key"),
        ("cues: [收益]", "within: 3", 3, "too short to match alone"),
        ("{say: 分成, sound_alike: false}", "{say: '！'}", 8, "spoken"),
        ("id: sharing", "id: 分成", 3, "pattern"),
        ('version: "1"', "version: ", 1, "string"),
        ("category: 分成", "category: 分成: 三七", 4, "YAML"),
    ],
)
def test_a_mistake_names_its_line(old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(RulesError) as caught:
        parse(GOOD.replace(old, new), "rules.yaml")
    assert what in caught.value.what
    place, _, number = caught.value.where.rpartition(":")
    assert place == "rules.yaml"
    assert abs(int(number) - line) <= 1


def test_two_rules_of_one_id_are_refused() -> None:
    with pytest.raises(RulesError, match="two rules have the same id"):
        parse(GOOD + GOOD.split("rules:\n")[1])


def test_a_rule_that_can_never_match_is_refused() -> None:
    with pytest.raises(RulesError, match="needs `phrases` or `answers`"):
        parse('version: "1"\nrules: [{id: a, category: b, severity: low}]')


def test_the_yes_of_yaml_is_no_answer() -> None:
    text = (
        'version: "1"\nrules: [{id: a, category: b, severity: low, answers: [{question: q, values: [yes]}]}]'
    )
    with pytest.raises(RulesError, match="valid string"):
        parse(text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"keywords\.yaml"):
        load(tmp_path / "keywords.yaml")


def test_the_shipped_rules_cover_f1_and_the_half_of_f2_and_f6_that_words_can_tell() -> None:
    rules = load(Path(__file__).parents[2] / "config" / "keywords.yaml")
    assert set(rules.by_id) == {
        *("trading_on_behalf", "full_discretion", "profit_sharing", "promised_returns"),
        *("signing_for_customer", "private_fees", "exaggerated_results", "inside_information"),
        *("private_account", "unregistered_channel"),
        *("complaint", "dissatisfaction"),
        *("sure_win_tips", "free_stock_lure", "trading_ahead", "lending_licence"),
    }
