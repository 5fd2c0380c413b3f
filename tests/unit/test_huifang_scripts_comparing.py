"""Two versions of a script, word by word (S1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huifang.scripts.comparing import What, compare, pieces
from ivr.script import Ask, Node, Say, Script
from tests.conversations import NEW_ACCOUNT


def altered(node: str, **changes: object) -> Script:
    """The shipped script with one node changed."""
    one = NEW_ACCOUNT.nodes[node].model_copy(update=changes)
    return NEW_ACCOUNT.model_copy(update={"nodes": {**NEW_ACCOUNT.nodes, node: one}})


def marked(before: str, after: str) -> str:
    marks = {None: ("", ""), What.ADDED: ("{", "}"), What.REMOVED: ("[", "]")}
    return "".join(marks[one.what][0] + one.text + marks[one.what][1] for one in pieces(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("您现在方便吗？", "您现在方便吗？", "您现在方便吗？"),
        ("您现在方便吗？", "您这会儿方便吗？", "您[现在]{这会儿}方便吗？"),
        ("请问您是{name}本人吗", "请问您是{firm}本人吗", "请问您是[{name}]{{firm}}本人吗"),
        ("", "再见", "{再见}"),
        ("再见", "", "[再见]"),
        ("满意请按一", "满意的按一", "满意[请]{的}按一"),
        ("一、三、五", "二、四、五", "[一、三]{二、四}、五"),
    ],
)
def test_words_that_went_and_came_are_marked(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


@given(st.text(alphabet="您好请问{name}吗 a1", max_size=30), st.text(alphabet="您好再见{x}吗b2", max_size=30))
def test_no_word_is_lost(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(one.text for one in found if one.what is not What.ADDED) == before
    assert "".join(one.text for one in found if one.what is not What.REMOVED) == after


def test_the_same_script_has_no_differences() -> None:
    found = compare(NEW_ACCOUNT, NEW_ACCOUNT.model_copy())
    assert (found.parts, found.needs_new_version) == ((), False)


def test_other_words_under_the_same_version_need_a_new_one() -> None:
    new = altered("convenient", ask="想做个回访，现在方便吗？")
    found = compare(NEW_ACCOUNT, new)
    (part,) = found.parts
    (change,) = part.changes
    assert (part.name, part.what, change.place) == ("node convenient", What.CHANGED, "ask")
    assert (change.before, change.after) == (NEW_ACCOUNT.nodes["convenient"].ask, "想做个回访，现在方便吗？")  # type: ignore[union-attr]
    assert found.needs_new_version
    assert not compare(NEW_ACCOUNT, new.model_copy(update={"version": "9"})).needs_new_version
    assert not compare(NEW_ACCOUNT, new.model_copy(update={"name": "another"})).needs_new_version


def test_nodes_that_came_and_went_are_told_with_their_words() -> None:
    nodes: dict[str, Node] = {**NEW_ACCOUNT.nodes, "extra": Say(say="多说一句。", go="tip")}
    del nodes["guidance"]
    found = compare(NEW_ACCOUNT, NEW_ACCOUNT.model_copy(update={"nodes": nodes}))
    by_name = {part.name: part for part in found.parts}
    assert by_name["node extra"].what is What.ADDED
    assert by_name["node guidance"].what is What.REMOVED
    assert [change.after for change in by_name["node extra"].changes if change.place == "say"] == [
        "多说一句。"
    ]


def test_changed_ways_keys_and_phrases_are_told_by_their_place() -> None:
    ways = NEW_ACCOUNT.ways.model_copy(
        update={"with_owner": NEW_ACCOUNT.ways.with_owner.model_copy(update={"refuse": "complaint"})}
    )
    node = NEW_ACCOUNT.nodes["convenient"]
    assert isinstance(node, Ask)
    yes = node.options["yes"].model_copy(update={"key": "3", "hears": ("@yes", "可以啊")})
    new = altered("convenient", options={**node.options, "yes": yes}).model_copy(update={"ways": ways})
    places = {
        f"{part.name}: {change.place}" for part in compare(NEW_ACCOUNT, new).parts for change in part.changes
    }
    assert places == {
        "ways: with_owner.refuse",
        "node convenient: options.yes.key",
        "node convenient: options.yes.hears",
    }
