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
        ("{say: 分成, sound_alike: false}", "{say: '！'}", 8, "spoken"),
        ("id: sharing", "id: 分成", 3, "pattern"),
        ('version: "1"', "version: ", 1, "should be a text"),
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


def test_choices_are_wordings_each_a_phrase_of_its_own() -> None:
    rule = parse(GOOD.replace("三七分成\n", "(三七|四六)分(|成)\n")).by_id["sharing"]
    assert [one.say for one in rule.spoken] == ["三七分", "三七分成", "四六分", "四六分成", "分成"]
    assert [one.sound_alike for one in rule.spoken] == [None] * 4 + [False]


@pytest.mark.parametrize("say", ["(三七分成", "三七)分成", "((三|四)七|五五)分成", "三七|四六", "(|三七)"])
def test_choices_that_cannot_be_read_are_refused_with_their_line(say: str) -> None:
    with pytest.raises(RulesError) as caught:
        parse(GOOD.replace("三七分成", f'"{say}"'), "rules.yaml")
    assert caught.value.where in ("rules.yaml:7", "rules.yaml:6")


def test_too_many_wordings_are_refused() -> None:
    many = "(一|二|三|四|五|六)" * 3
    with pytest.raises(RulesError, match="too many"):
        parse(GOOD.replace("三七分成", many))


def test_two_rules_of_one_id_are_refused() -> None:
    with pytest.raises(RulesError, match="two rules have the same id"):
        parse(GOOD + GOOD.split("rules:\n")[1])


def test_a_rule_that_can_never_match_is_refused() -> None:
    with pytest.raises(RulesError, match="needs `phrases`, `answers` or `course`"):
        parse('version: "1"\nrules: [{id: a, category: b, severity: low}]')


def test_the_yes_of_yaml_is_no_answer() -> None:
    text = (
        'version: "1"\nrules: [{id: a, category: b, severity: low, answers: [{question: q, values: [yes]}]}]'
    )
    with pytest.raises(RulesError, match="should be a text"):
        parse(text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"keywords\.yaml"):
        load(tmp_path / "keywords.yaml")


def test_the_shipped_rules_cover_f1_f2_f6_and_watch_agents_besides() -> None:
    rules = load(Path(__file__).parents[2] / "config" / "keywords.yaml")
    assert {rule.id for rule in rules.rules if rule.party == "customer"} == {
        *("trading_on_behalf", "full_discretion", "profit_sharing", "promised_returns"),
        *("signing_for_customer", "private_fees", "exaggerated_results", "inside_information"),
        *("private_account", "unregistered_channel"),
        *("complaint", "dissatisfaction", "false_data"),
        *("sure_win_tips", "free_stock_lure", "trading_ahead", "lending_licence"),
    }
