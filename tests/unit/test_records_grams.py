"""Search tokens: a text that contains the query has the query's tokens among its own (F5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import pinyin
from records import grams

TEXTS = st.text(alphabet="分成层三七盈利账户 aAＡ1１,。%_'\"*", max_size=12) | st.text(max_size=12)


def tokens(text: str) -> tuple[str, ...]:
    return grams.tokens(grams.fold(text), grams.sounds(text))


def holds(text: str, asked: tuple[str, ...]) -> bool:
    kept = tokens(text)
    return all(
        any(token.startswith(one[:-1]) if one.endswith("*") else token == one for token in kept)
        for one in asked
    )


@given(TEXTS, TEXTS, TEXTS)
def test_no_occurrence_is_missed(before: str, query: str, behind: str) -> None:
    text = before + query + behind
    if needle := grams.fold(query):
        assert holds(text, grams.asked(needle, alike=False))
        assert grams.spans(text, query, alike=False)


@given(TEXTS, TEXTS)
def test_a_sound_that_is_found_has_its_tokens(text: str, query: str) -> None:
    if grams.spans(text, query, alike=True):
        assert holds(text, grams.asked(grams.sounds(query), alike=True))


@given(TEXTS, TEXTS, st.booleans())
def test_of_short_queries_tokens_alone_decide(text: str, query: str, alike: bool) -> None:
    needle = grams.sounds(query) if alike else grams.fold(query)
    within = grams.sounds(text) if alike else grams.fold(text)
    for short in {needle[:1], needle[: grams.SURE]} - {""}:
        assert holds(text, grams.asked(short, alike)) == (short in within)


@given(TEXTS, TEXTS)
def test_spans_hold_what_was_looked_for(text: str, query: str) -> None:
    found = grams.spans(text, query, alike=False)
    needle = grams.fold(query)
    assert len(found) == (grams.fold(text).count(needle) if needle else 0)
    assert all(needle in grams.fold(text[start:end]) for start, end in found)
    assert all(end > start for start, end in found)


@given(TEXTS)
def test_each_text_sounds_like_itself(text: str) -> None:
    assert bool(grams.spans(text, text, alike=True)) == bool(pinyin.folded(text))
    assert len(grams.sounds(text)) == len(pinyin.folded(text))


@given(TEXTS)
def test_tokens_are_plain(text: str) -> None:
    for token in tokens(text):
        assert token.isascii()
        assert token.isalnum()


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("盈利 三七 分成", "分成", ((6, 8),)),
        ("分层", "分成", ()),
        ("用ＡＰＰ下单", "app", ((1, 4),)),
        ("三 七 分 成", "七分", ((2, 5),)),
        ("分成不分成", "分成", ((0, 2), (3, 5))),
        ("账户", " ", ()),
    ],
)
def test_words_are_found_where_they_stand(text: str, query: str, found: tuple[tuple[int, int], ...]) -> None:
    """Width, capitals and spaces make no difference."""
    assert grams.spans(text, query, alike=False) == found


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("盈利，分层", "分成", ((3, 5),)),
        ("盈利，分红", "分成", ()),
        ("分，层", "分成", ((0, 3),)),
        ("账户", "，。", ()),
    ],
)
def test_sounds_are_found_where_they_stand(text: str, query: str, found: tuple[tuple[int, int], ...]) -> None:
    assert grams.spans(text, query, alike=True) == found


HANZI = st.text(alphabet="分成层份程呈纷你理李力是十四市", max_size=3)


@given(HANZI, HANZI)
def test_texts_have_the_same_characters_where_they_have_the_same_sounds(one: str, other: str) -> None:
    assert (grams.sounds(one) == grams.sounds(other)) == (pinyin.folded(one) == pinyin.folded(other))
