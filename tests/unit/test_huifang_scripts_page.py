"""The picture of a script: whole, self-contained, with the border of A2."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from huifang.scripts import cards, page
from huifang.scripts.drawing import Panel
from huifang.scripts.zones import zones
from ivr.script import prompts
from tests.conversations import NEW_ACCOUNT

SVG = "{http://www.w3.org/2000/svg}"


def test_every_node_is_drawn_once_with_its_number() -> None:
    root = ElementTree.fromstring(page.svg(NEW_ACCOUNT))
    drawn = [one.get("id") for one in root.iter(f"{SVG}g") if one.get("id")]
    assert sorted(drawn, key=lambda name: int(str(name)[1:])) == [
        f"n{number}" for number in range(1, len(NEW_ACCOUNT.nodes) + 1)
    ]
    words = "".join(root.itertext())
    assert "A2" in words
    assert all(f"{key} " in words or key in words for key in ("以后别再打", "要求人工", "投诉"))


def test_strangers_are_told_what_stands_above_the_border() -> None:
    where = zones(NEW_ACCOUNT)
    parts = (where.strangers, where.strangers_beside, where.owner, where.owner_beside)
    assert sorted(name for part in parts for name in part) == sorted(NEW_ACCOUNT.nodes)
    for name in (*where.strangers, *where.strangers_beside):
        node = NEW_ACCOUNT.nodes[name]
        assert node.public or not any(prompts(node))
    assert "is_owner" in where.strangers
    assert "intro" in where.owner
    assert "complaint" in where.owner_beside


def test_the_page_needs_nothing_besides_and_holds_every_wording() -> None:
    text = page.html(NEW_ACCOUNT)
    for _, wording in (pair for node in NEW_ACCOUNT.nodes.values() for pair in prompts(node)):
        assert wording in text
    assert not re.search(r"<script|<link|https?://(?!www\.w3\.org)|@import|url\(", text)
    assert NEW_ACCOUNT.sha256 in text
    assert 'lang="zh-CN"' in text


def test_names_and_words_are_escaped() -> None:
    titled = NEW_ACCOUNT.model_copy(update={"title": "a<b>&c"})
    assert "a&lt;b&gt;&amp;c" in page.html(titled)
    ElementTree.fromstring(page.svg(titled))


def test_a_long_panel_is_cut_between_layers_only() -> None:
    spans = ((0.0, 700.0, 0.0, 300.0), (700.0, 2600.0, 100.0, 200.0))
    breaks = (400.0, 700.0, 1500.0, 2600.0)
    panel = Panel("", "", 300.0, 3000.0, breaks, spans, strangers=False)
    cut = page.strips(panel)
    assert [top for top, _, _ in cut] == [-2.0, 700.0, 1500.0, 2600.0]
    assert all(bottom == top for (_, bottom, _), (top, _, _) in pairwise(cut))
    assert cut[-1][1] == 3002.0
    assert [half for _, _, half in cut][:3] == [158.0, 58.0, 58.0]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("您好吗", ["您好吗"]),
        ("一二三四五六", ["一二三四", "五六"]),
        ("一二三四，五", ["一二三四，", "五"]),
        ("一二三{name}四", ["一二三", "{name}", "四"]),
        ("", []),
    ],
)
def test_words_are_wrapped_as_people_wrap_them(text: str, lines: list[str]) -> None:
    assert list(cards.wrapped(text, 4.0)) == lines


def test_answers_of_a_card_show_key_and_target() -> None:
    known = cards.cards(NEW_ACCOUNT)
    rows = {row.label: row for row in known["convenient"].rows}
    assert (rows["方便"].key, rows["不方便"].key) == ("1", "2")
    assert [row.confirms_owner for row in known["is_owner"].rows] == [True, False, False]
