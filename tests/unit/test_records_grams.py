"""Search tokens: a text that contains the query has the query's prefixes among its tokens (F5)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from base import pinyin
from records import grams

TEXTS = st.text(alphabet="分成层三七盈利账户 aAＡ1１,。%_'\"*", max_size=12) | st.text(max_size=12)


def holds(tokens: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
    return all(any(token.startswith(prefix) for token in tokens) for prefix in prefixes)


@given(TEXTS, TEXTS, TEXTS)
def test_no_occurrence_is_missed(before: str, query: str, behind: str) -> None:
    text = before + query + behind
    assert holds(grams.word_tokens(text), grams.word_query(query))
    if grams.fold(query):
        assert grams.find(text, query) is not None


@given(TEXTS, TEXTS)
def test_what_is_found_is_there(text: str, query: str) -> None:
    at = grams.find(text, query)
    if at is None:
        assert not grams.fold(query) or grams.fold(query) not in grams.fold(text)
    else:
        assert grams.fold(text[at:]).startswith(grams.fold(query)) or grams.fold(query) in grams.fold(text)


@given(TEXTS, TEXTS)
def test_a_sound_that_is_found_has_its_tokens(text: str, query: str) -> None:
    if grams.find_sound(text, query) is not None:
        assert holds(grams.sound_tokens(text), grams.sound_query(query))


@given(TEXTS)
def test_each_text_sounds_like_itself(text: str) -> None:
    found = grams.find_sound(text, text)
    assert (found is None) == (not pinyin.folded(text))


@given(TEXTS)
def test_tokens_are_plain(text: str) -> None:
    for token in (*grams.word_tokens(text), *grams.sound_tokens(text)):
        assert token.isascii()
        assert token.isalnum()


def test_a_word_of_two_characters_is_found_where_it_stands() -> None:
    assert grams.find("盈利 三七 分成", "分成") == 6
    assert grams.find("分层", "分成") is None


def test_width_capitals_and_spaces_make_no_difference() -> None:
    assert grams.find("用ＡＰＰ下单", "app") == 1
    assert grams.find("三 七 分 成", "七分") == 2


def test_what_sounds_alike_is_found_where_it_stands() -> None:
    assert grams.find_sound("盈利，分层", "分成") == 3
    assert grams.find_sound("盈利，分红", "分成") is None


def test_nothing_matches_a_query_without_characters() -> None:
    assert grams.word_query(" ") == ()
    assert grams.sound_query("，。") == ()
