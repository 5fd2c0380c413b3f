"""Queries and texts of few characters, so that many of them meet; what they mean, read naively."""

from __future__ import annotations

from hypothesis import strategies as st

from base import pinyin
from records import grams
from records.query import And, Not, Or, Query, Term, holds

LETTERS = "分成层三七盈利账户不没有a%_"

TEXTS = st.text(alphabet=LETTERS + "，", min_size=1, max_size=9)
TERMS = st.builds(Term, st.text(alphabet=LETTERS[:-2], min_size=1, max_size=4), st.booleans())


def _larger(smaller: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(smaller, min_size=2, max_size=3).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, smaller)


QUERIES: st.SearchStrategy[Query] = st.recursive(TERMS, _larger, max_leaves=5)


def said_in(text: str, term: Term) -> bool:
    """Character by character, or syllable by syllable, from each place."""
    if not term.alike:
        return grams.fold(term.text) in grams.fold(text)
    heard, asked = pinyin.folded(text), pinyin.folded(term.text)
    return any(heard[start : start + len(asked)] == asked for start in range(len(heard)))


def meant(text: str, query: Query) -> bool:
    """Whether the text is a hit."""
    return holds(query, lambda term: said_in(text, term))


def written(query: Query) -> str:
    """As a person would write it, with all parentheses."""
    match query:
        case Term():
            return f'{"~" if query.alike else ""}"{query.text}"'
        case And(parts):
            return "(" + " AND ".join(map(written, parts)) + ")"
        case Or(parts):
            return "(" + " OR ".join(map(written, parts)) + ")"
        case Not(part):
            return f"NOT {written(part)}"
