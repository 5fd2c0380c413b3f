"""Script files: what is refused with its line, what the check finds, what has to be rendered."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.errors import ScriptError
from ivr.check import problems
from ivr.lines import fixed_lines, lines_for
from ivr.loader import load
from ivr.script import Script, slots_in
from ivr.values import Slots
from tests.conversations import NEW_ACCOUNT, converse, example_slots

GOOD = """\
script: small
version: "1"
title: 小话术
kind: special
start: who
slots:
  name: {example: 张伟, public: true}
  firm: {example: 示例证券}
  manager: {example: 王芳, optional: true}
hello: [您好，听得到吗？]
ways:
  before_owner:
    {silence: bye, wrong_person: bye, refuse: bye, never: bye,
     not_now: bye, person: bye, complaint: bye, dialect: bye}
  with_owner:
    {silence: bye, wrong_person: bye, refuse: bye, never: bye,
     not_now: when, person: bye, complaint: bye, dialect: bye}
asides:
  machine: {hears: ["@machine"], say: 我是自动语音系统。}
nodes:
  who:
    ask: 请问是{name}吗？
    again: 请问您是{name}本人吗？
    public: true
    options:
      "yes": {label: 本人, hears: ["@owner"], confirms_owner: true, go: firm}
    otherwise: bye
  firm:
    say: 这里是{firm}。
    go: has_manager
  has_manager:
    branch: slot manager
    cases: {given: manager, missing: happy}
  manager:
    say: 您的经理是{manager}。
    go: happy
  happy:
    ask: 您满意吗？
    again: 满意还是不满意？
    keys: 满意请按一，不满意请按二。
    options: # 2
      "yes": {label: 满意, key: 1, hears: [满意], go: done}
      "no": {label: 不满意, key: 2, hears: [不满意], go: words}
    otherwise: done
  words:
    ask: 请您说说。
    answer: free
    go: done
    otherwise: done
  when:
    appoint: 什么时候方便？
    again: 请说哪天几点。
    keys: 请按键：{choices}。
    confirm: 好的，{appointment}再打给您，对吗？
    go: bye
    otherwise: bye
  done:
    end: completed
    say: 谢谢。
  bye:
    end: wrong_party
    say: 再见。
    public: true
"""


def script(tmp_path: Path, *changes: tuple[str, str]) -> Script:
    return load(written(tmp_path, *changes))


def written(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_small_script_is_fit(tmp_path: Path) -> None:
    small = script(tmp_path)
    assert problems(small) == []
    talk = converse(["是的", "满意"], script=small)
    assert talk.nodes == ["who", "firm", "manager", "happy", "done"]


def test_the_new_account_script_is_fit() -> None:
    assert [str(problem) for problem in problems(NEW_ACCOUNT)] == []


NO_SAY, GO, WAYS = "    say: 这里是{firm}。", "    go: has_manager", "  with_owner:"
CASES, OPTIONS = "    cases: {given: manager, missing: happy}", '      "no": {label: 不'
REFUSED = [
    (NO_SAY, "    sya: 这里是{firm}。", "  firm:\n", "node needs one of the keys"),
    (GO, "    go: has_manager\n    colour: red", "colour", "colour"),
    (GO, "    public: false", "  firm:\n", "go"),
    (GO, "    go: nowhere", "nowhere", "no node is called 'nowhere'"),
    ("start: who", "start: whom", "start:", "no node is called 'whom' (did you mean who?)"),
    ("not_now: when", "not_now: whenever", "whenever", "no node is called 'whenever'"),
    (NO_SAY, "    say: 这里是{frim}。", "frim", "no slot is called {frim} (did you mean firm?)"),
    ("什么时候方便？", "哪天{appointment}方便？", "哪天{", "no slot is called {appointment}"),
    ('hears: ["@owner"]', 'hears: ["@ownr"]', "@ownr", "'@ownr' (did you mean owner?)"),
    ("ways:", "phrases:\n  fine: ['@yes']\nways:", "  fine:", "name '@yes' in `hears`"),
    ("branch: slot manager", "branch: slot boss", "slot boss", "nothing is called 'slot boss'"),
    ("branch: slot manager", "branch: slot manger", "slot manger", "(did you mean slot manager?)"),
    ("branch: slot manager", "branch: weather", "weather", "branch"),
    (CASES, "    cases: {given: manager}", "cases:", "no way for missing"),
    ("missing: happy}", "missing: happy, maybe: happy}", "maybe", "'maybe' cannot happen here"),
    ("key: 1", "key: A", "key: A", "key"),
    (OPTIONS, "      no: {label: 不", "    options: # 2", "quotation marks"),
    ("title: 小话术", "title: 小话术\ntitle: 大话术", "大话术", "twice"),
    ("start: who", "start: [who", "slots:", "YAML"),
    ("end: completed", "end: finished", "finished", "completed"),
    (
        "  firm: {example",
        "  answer: {example: 甲}\n  firm: {example",
        "  answer",
        "filled in by the call itself",
    ),
]


def test_no_greeting_is_missed_where_silence_has_its_own_way(tmp_path: Path) -> None:
    own_way = ("    otherwise: bye\n  firm:", "    otherwise: bye\n    silence: bye\n  firm:")
    assert problems(script(tmp_path, ("hello: [您好，听得到吗？]\n", ""), own_way)) == []


@pytest.mark.parametrize(("old", "new", "near", "what"), REFUSED)
def test_what_cannot_be_used_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, near: str, what: str
) -> None:
    path = written(tmp_path, (old, new))
    line = path.read_text(encoding="utf-8").partition(near)[0].count("\n") + 1
    with pytest.raises(ScriptError) as raised:
        load(path)
    assert what in str(raised.value)
    assert raised.value.where == f"{path}:{line}"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="nothing"):
        load(tmp_path / "nothing.yaml")


MANAGER = "    say: 您的经理是{manager}。\n    go: happy"
SAYS, NO = "say: 我是自动语音系统。", '"no": {label: 不满意, key: 2, hears: [不满意], go: words}'
PRIVATE, MISSING, UNREACHED = "private, and can be reached", "may be missing here", "no way leads here"
REFUSE, ELSE = "refuse: bye, never: bye,\n     not_now: when", "    otherwise: done\n  words:"
COMPLAINT = "person: bye, complaint: bye, dialect: bye}\nasides"
FREE, AGAIN = "    answer: free\n", "    again: 满意还是不满意？\n"
PLANTED = [
    ("otherwise: bye\n  firm:", "otherwise: happy\n  firm:", "happy", PRIVATE),
    ("wrong_person: bye, refuse: bye", "wrong_person: done, refuse: bye", "done", PRIVATE),
    ("confirms_owner: true, ", "", "firm", PRIVATE),
    ("    go: has_manager", "    go: manager", "manager", MISSING),
    ("    go: has_manager", "    go: happy", "has_manager", UNREACHED),
    (NO, NO.replace("words", "done"), "words", UNREACHED),
    (MANAGER, MANAGER.replace("happy", "manager"), "manager", "no way leads from here to an end"),
    (MANAGER, MANAGER.replace("happy", "has_manager"), "manager", "comes back to itself"),
    ("say: 再见。", "say: 再见{firm}。", "bye", "{firm} is private, but the node is public"),
    (SAYS, "say: '我是{firm}的系统。'", "aside machine", "{firm} is private"),
    (SAYS, "say: 系统。, to_owner: '我是{manager}的系统。'", "aside machine", MISSING),
    ("hello: [您好，听得到吗？]", "hello: ['您好，{firm}。']", "hello", "{firm} is private"),
    ("hello: [您好，听得到吗？]\n", "", "who", "hello is missing"),
    ("    again: 满意还是不满意？\n", "", "happy", "again is missing"),
    ("    keys: 满意请按一，不满意请按二。\n", "", "happy", "keys is missing"),
    ("label: 满意, key: 1, ", "label: 满意, ", "happy", "option yes has no key"),
    ("label: 不满意, key: 2", "label: 不满意, key: 1", "happy", "key 1 stands for two answers"),
    ("hears: [不满意]", "hears: [不满意, 满意]", "happy", "'满意' stands for two answers"),
    ("label: 本人, ", "label: 本人, key: 1, ", "who", "a key proves nobody's identity"),
    ("    answer: free\n    go: done", "    answer: free", "words", "go is missing"),
    ("    answer: free\n", "", "words", "options are missing"),
    ("{appointment}再打给您", "到时再打给您", "when", "confirm does not say the time back"),
    ("    keys: 请按键：{choices}。\n", "", "when", "keys is missing: what offers times"),
    ("{choices}", "明天请按一", "when", "keys offers no times"),
    ("    answer: free\n", "    answer: free\n    appoints: true\n", "words", "appoints belongs to"),
    ("    answer: free\n", "    answer: free\n    agree: 对请按一。\n", "words", "agree belongs to"),
    ("    say: 谢谢。", "    say: 谢谢。\n    marketing: true", "done", "promotes something"),
    (REFUSE, REFUSE.replace("refuse: bye", "refuse: done"), "done", "the way refuse (with_owner)"),
    (REFUSE, REFUSE.replace("refuse: bye", "refuse: happy"), "happy", "the way refuse (with_owner)"),
    (COMPLAINT, COMPLAINT.replace("complaint: bye", "complaint: words"), "words", "the way complaint"),
    (COMPLAINT, COMPLAINT.replace("person: bye", "person: happy"), "happy", "the way person"),
    (ELSE, ELSE.replace("done", "happy"), "happy", "for those who say nothing that fits"),
    (ELSE, f"    silence: has_manager\n{ELSE}", "happy", "nothing that fits"),
    ("    otherwise: bye\n  firm:", "    otherwise: done\n  firm:", "done", "confirmed (P9)"),
    ("hears: [满意], go: done", "hears: [满意]", "happy", "option yes leads nowhere"),
    (FREE, "    answer: number\n", "words", "digits is missing"),
    (FREE, "    answer: number\n", "words", "confirm is missing"),
    (FREE, "    answer: number\n", "words", "keys is missing"),
    (FREE, "    answer: date\n", "words", "again is missing"),
    (FREE, "    answer: date\n    confirm: 对吗？\n", "words", "{answer} is missing"),
    (FREE, FREE + "    confirm: '{answer}，对吗？'\n", "words", "confirm belongs to"),
    (FREE, "    answer: date\n    digits: {least: 1, most: 2}\n", "words", "digits belongs to"),
    (AGAIN, AGAIN + "    answer: several\n", "happy", "has a go of its own"),
    (AGAIN, AGAIN + "    answer: several\n", "happy", "go is missing"),
    ("label: 满意, key: 1", "label: 满意, points: 3, key: 1", "happy", "has points, but score does not"),
]
SCORE = "score: {questions: [happy], bands: {low: 1, high: 5}}\nhello: ["
REALLY = """
  really:
    ask: 请问还是本人吗？
    again: 请问是本人吗？
    public: true
    options:
      "yes": {label: 本人, hears: ["@owner"], confirms_owner: true, go: happy}
      "no": {label: 非本人, hears: ["@not_owner"], go: happy}
    otherwise: bye"""
POINTS = [("label: 满意, ", "label: 满意, points: 5, "), ("label: 不满意, ", "label: 不满意, points: 1, ")]
MISSCORED = [
    ((), "score", None),
    ((("label: 不满意, points: 1, ", "label: 不满意, "),), "happy", "option no has no points"),
    ((("high: 5", "high: 4"),), "score", "5 points can be reached, but the last band ends at 4"),
    ((("low: 1, high: 5", "low: 5, high: 1"),), "score", "the bands do not rise"),
    ((("low: 1", "none: 0, low: 1"),), "score", "nobody can come to the band none"),
    ((("high: 5", "high: 5, more: 9"),), "score", "nobody can come to the band more"),
    ((("[happy]", "[happy, happy]"),), "score", "happy is counted twice"),
    ((("[happy]", "[happy, words]"),), "words", "is scored, but has no options"),
]


@pytest.mark.parametrize(("old", "new", "node", "what"), PLANTED)
def test_the_check_finds_what_was_planted(tmp_path: Path, old: str, new: str, node: str, what: str) -> None:
    found = problems(script(tmp_path, (old, new)))
    assert any(problem.node == node and what in problem.what for problem in found), [
        str(one) for one in found
    ]


@pytest.mark.parametrize(("changes", "node", "what"), MISSCORED)
def test_points_and_bands_fit_together(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], node: str, what: str | None
) -> None:
    found = problems(script(tmp_path, ("hello: [", SCORE), *POINTS, *changes))
    assert [one for one in found if what is None or (one.node == node and what in one.what)] or what is None
    assert what is not None or not found


def test_number_keys_stand_for_nothing_else(tmp_path: Path) -> None:
    several = ("    again: 满意还是不满意？\n", "    again: 哪些？\n    answer: several\n    go: done\n")
    found = problems(script(tmp_path, several, ("key: 2", "key: '#'")))
    assert any("# ends the keys" in one.what for one in found)
    number = ("    again: 满意还是不满意？\n", "    again: 哪些？\n    answer: number\n    go: done\n")
    assert any("no key can stand for an option" in one.what for one in problems(script(tmp_path, number)))


HAND_OVERS = [
    ("to: desk", "`to` and `nobody` belong together"),
    ("nobody: bye", "`to` and `nobody` belong together"),
    ("last_words: bye", "`last_words` go with `to`"),
]


@pytest.mark.parametrize(("keys", "what"), HAND_OVERS)
def test_a_hand_over_names_who_takes_it_and_what_else(tmp_path: Path, keys: str, what: str) -> None:
    with pytest.raises(ScriptError, match=what):
        script(tmp_path, ("    end: completed\n    say: 谢谢。", f"    hand_over: 请稍候。\n    {keys}"))


def test_where_a_hand_over_leads_is_looked_at_too(tmp_path: Path) -> None:
    """A2: `nobody` and `last_words` are reached as all other nodes are."""
    desk = "  bye:\n    hand_over: 请稍候。\n    to: desk\n    nobody: happy\n    public: true\n  gone:"
    found = problems(script(tmp_path, ("  bye:", desk)))
    leak = next(one for one in found if one.node == "happy" and "private" in one.what)
    assert leak.path == ("who", "bye", "happy")


def test_who_is_asked_again_who_speaks_is_nobody_until_the_answer(tmp_path: Path) -> None:
    """A2: a second "are you the owner?" takes the first yes back, for the session and for the check."""
    twice = script(tmp_path, (MANAGER, MANAGER.replace("happy", "really") + REALLY))
    leak = next(one for one in problems(twice) if one.node == "happy" and "private" in one.what)
    assert leak.path == ("who", "firm", "has_manager", "manager", "really", "happy")
    talk = converse(["是的", "不是"], script=twice)
    assert (talk.nodes[-1], talk.result.owner_confirmed) == ("really", False)


def test_a_disclosure_comes_with_the_way_to_it(tmp_path: Path) -> None:
    leak = ("otherwise: bye\n  firm:", "otherwise: firm\n  firm:")
    found = next(problem for problem in problems(script(tmp_path, leak)) if "private" in problem.what)
    assert found.path == ("who", "firm")
    assert str(found).endswith("(who → firm)")


def test_an_advert_is_no_flaw_outside_compliance(tmp_path: Path) -> None:
    advert = ("    say: 谢谢。", "    say: 谢谢。\n    marketing: true")
    assert problems(script(tmp_path, advert, ("kind: special", "kind: service\ncompliance: false"))) == []
    found = problems(script(tmp_path, advert, ("kind: special", "kind: special\ncompliance: false")))
    assert [str(one) for one in found] == [
        "done: promotes something, in a follow-up of the kind special (A3)"
        " (who → firm → has_manager → happy → done)"
    ]


def test_hash_is_of_the_content(tmp_path: Path) -> None:
    """S1: comments and layout don't count, every word does."""
    plain = script(tmp_path).sha256
    assert len(plain) == 64
    assert script(tmp_path, ("start: who", "start: who # 从这里开始")).sha256 == plain
    assert script(tmp_path, ("谢谢。", "谢谢您。")).sha256 != plain
    assert script(tmp_path, ('version: "1"', 'version: "2"')).sha256 != plain


def test_own_phrases_join_the_shipped_ones(tmp_path: Path) -> None:
    own = ("hello: [", "phrases:\n  owner: [正是在下]\n  refuse: [莫搞]\nhello: [")
    talk = converse(["正是在下", "莫搞"], script=script(tmp_path, own))
    assert talk.result.owner_confirmed
    assert talk.nodes[-1] == "bye"


def test_lines_to_render() -> None:
    fixed = fixed_lines(NEW_ACCOUNT)
    every = lines_for(NEW_ACCOUNT, example_slots(NEW_ACCOUNT))
    assert set(fixed) < set(every)
    assert not any(slots_in(line.wording) for line in every)
    assert len({line.prompt for line in every}) == len(every)
    by_key = {line.prompt: line for line in every}
    assert by_key["new_account.is_owner"].wording == "您好，请问您是张伟本人吗？"
    assert not by_key["new_account.is_owner"].private
    assert by_key["new_account.intro"].private
    assert by_key["new_account.when.confirm.before"].wording == "好的，"
    assert by_key["time.at.1530"].wording == "下午三点半"


def test_lines_with_a_missing_slot_are_not_rendered() -> None:
    keys = {line.prompt for line in lines_for(NEW_ACCOUNT, Slots({"name": "张伟"}))}
    assert "new_account.is_owner" in keys
    assert "new_account.knows_manager" not in keys


def test_everything_said_was_to_be_rendered() -> None:
    """What a conversation plays is what `lines_for` names, to the letter."""
    from ivr.session import Session
    from ivr.values import Play, PlayEnded
    from tests.conversations import NOW

    slots = example_slots(NEW_ACCOUNT)
    wordings = {line.wording for line in lines_for(NEW_ACCOUNT, slots)}
    session, (action,) = Session.begin(NEW_ACCOUNT, slots, NOW, landline=False, apologise=False)
    assert isinstance(action, Play)
    assert {line.wording for line in action.lines} <= wordings
    assert session.step(PlayEnded(3.0))[1]


def test_prompts_are_short() -> None:
    """At 4.5 syllables a second: statements under six seconds, questions under five and a half."""
    for line in lines_for(NEW_ACCOUNT, example_slots(NEW_ACCOUNT)):
        assert len(line.wording) <= 31, line
