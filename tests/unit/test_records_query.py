"""The query language, against a naive reading of the same tree; what it refuses, in one line."""

from __future__ import annotations

import pytest
from hypothesis import given

from base.errors import InputError
from records import grams
from records.narrowing import AllOf, AnyOf, Formula, narrowed
from records.query import And, Not, Or, Query, Term, parse, wanted
from tests.queries import QUERIES, TEXTS, meant, written

A, B, C = Term("分成"), Term("账户"), Term("三七")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("分成", A),
        (" 分成　账户 ", And((A, B))),
        ("分成 AND 账户", And((A, B))),
        ("分成 账户 OR 三七", Or((And((A, B)), C))),
        ("分成 (账户 OR 三七)", And((A, Or((B, C))))),
        ("分成（账户 OR 三七）", And((A, Or((B, C))))),
        ("分成 NOT 账户", And((A, Not(B)))),
        ("NOT NOT 分成", Not(Not(A))),
        ('"三七 分成"', Term("三七 分成")),
        ("“分成 AND 账户”", Term("分成 AND 账户")),
        ('"三七"分成', And((C, A))),
        ("~分成 账户", And((Term("分成", alike=True), B))),
        ("～「分成」", Term("分成", alike=True)),
        ("a and b", And((Term("a"), Term("and"), Term("b")))),
        ("ANDY", Term("ANDY")),
        ("'; --", And((Term("';"), Term("--")))),
    ],
)
def test_what_is_written_is_meant(text: str, query: Query) -> None:
    assert parse(text) == query


def test_a_switch_makes_every_term_sound_alike() -> None:
    query = parse("分成 NOT 账户", alike=True)
    assert query == And((Term("分成", alike=True), Not(Term("账户", alike=True))))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "character 1: it ends where a word should stand"),
        ("   ", "it ends where a word should stand"),
        ("分成 AND", "character 7: it ends where a word should stand"),
        ("分成 AND OR 账户", "character 8: a word should stand here, not OR"),
        ("OR 分成", "character 1: a word should stand here, not OR"),
        ("(分成", "character 1: this parenthesis is never closed"),
        ("分成)", "character 3: this parenthesis closes nothing"),
        ("()", "character 2: a word should stand here, not )"),
        ('分成 "三七', "character 4: this quotation mark is never closed"),
        ('""', "character 1: nothing to look for"),
        ("~", "a word or phrase must stand behind ~"),
        ("~(分成)", "character 2: a word or phrase must stand behind ~"),
        ("~，", "character 2: nothing in it can be heard"),
        ("(" * 400, "more than 20 parentheses"),
        ("NOT " * 100 + "分成", "more than 20 parentheses"),
        ("分" * 501, "more than 500 characters"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        parse(text)
    assert said in str(raised.value)


@given(QUERIES, TEXTS)
def test_what_is_written_down_means_the_same(query: Query, text: str) -> None:
    again = parse(written(query))
    assert meant(text, again) == meant(text, query)
    assert set(wanted(again)) == set(wanted(query))


@given(QUERIES, TEXTS)
def test_the_index_misses_no_hit_and_where_it_is_sure_finds_no_other(query: Query, text: str) -> None:
    told = narrowed(query)
    if told.formula is None:
        assert not told.sure
        return
    by_index = fulfils(grams.tokens(grams.fold(text), grams.sounds(text)), told.formula)
    by_text = meant(text, query)
    assert by_index or not by_text
    assert by_index == by_text or not told.sure


def fulfils(tokens: tuple[str, ...], formula: Formula) -> bool:
    match formula:
        case str() if formula.endswith("*"):
            return any(token.startswith(formula[:-1]) for token in tokens)
        case str():
            return formula in tokens
        case AnyOf(parts):
            return any(fulfils(tokens, part) for part in parts)
        case AllOf(parts, without):
            return all(fulfils(tokens, part) for part in parts) and not any(
                fulfils(tokens, part) for part in without
            )


def test_the_index_is_asked_as_little_as_it_can_tell() -> None:
    assert narrowed(parse("NOT 分成")).formula is None
    assert narrowed(parse("分成 OR NOT 账户")).formula is None
    assert narrowed(parse("分成 NOT 账户")).sure
    assert not narrowed(parse("分成 NOT 三七分成")).sure
    assert narrowed(parse("分成 NOT 三七分成")).formula == narrowed(A).formula
