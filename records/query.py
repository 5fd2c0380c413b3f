"""The query language of a search (pure): words, "phrases", AND, OR, NOT, parentheses, ~ before sound-alikes.

    query   = both { "OR" both }
    both    = not { ["AND"] not }           words side by side are both asked for
    not     = "NOT" not | "(" query ")" | ["~"] (word | phrase)

Operators are capitals. Full-width parentheses, quotation marks and ～ do as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from base.errors import InputError
from records import grams

MOST_CHARACTERS = 500
DEEPEST = 20

_OPERATORS = ("AND", "OR", "NOT")
_QUOTES = '"“”„＂「」『』'
_LEXEME = re.compile(
    rf"(?P<space>\s+)|(?P<open>[(（])|(?P<close>[)）])|(?P<alike>[~～])"
    rf"|[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<quote>[{_QUOTES}])|(?P<word>[^\s()（）~～{_QUOTES}]+)"
)
_HELP = "see huifang search --help"


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase; `alike`: whatever sounds like it, too."""

    text: str
    alike: bool = False

    @property
    def needle(self) -> str:
        """What a text's `grams.fold` or `grams.sounds` must contain."""
        return grams.sounds(self.text) if self.alike else grams.fold(self.text)


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of them or more."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    part: Query


Query: TypeAlias = Term | And | Or | Not


def parse(text: str, *, alike: bool = False) -> Query:
    """What is asked for.

    Args:
        alike: every term is sound-alike.

    Raises:
        InputError: no query of this language; it names the character.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"has more than {MOST_CHARACTERS} characters", where="query", remedy="ask for less")
    return _Parser(tuple(_lexemes(text)), alike).whole()


def holds(query: Query, said: Callable[[Term], bool]) -> bool:
    """Whether a text is meant, `said` telling whether it holds a term."""
    match query:
        case Term():
            return said(query)
        case And(parts):
            return all(holds(part, said) for part in parts)
        case Or(parts):
            return any(holds(part, said) for part in parts)
        case Not(part):
            return not holds(part, said)


def wanted(query: Query) -> tuple[Term, ...]:
    """The terms whose presence makes a hit: those under no NOT. Each once."""
    match query:
        case Term():
            return (query,)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(term for part in parts for term in wanted(part)))
        case Not():
            return ()


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """`at`: number of its first character, from 1."""

    kind: str
    text: str
    at: int


def _lexemes(text: str) -> Iterator[_Lexeme]:
    for found in _LEXEME.finditer(text):
        kind = found.lastgroup or ""
        if kind == "word" and found["word"] in _OPERATORS:
            kind = found["word"]
        if kind != "space":
            yield _Lexeme(kind, found[0] if kind != "phrase" else found["phrase"], found.start() + 1)
    yield _Lexeme("end", "", len(text) + 1)


class _Parser:
    """Recursive descent, one method for each rule of the grammar."""

    def __init__(self, lexemes: tuple[_Lexeme, ...], alike: bool) -> None:
        self._lexemes, self._alike = lexemes, alike
        self._index = self._depth = 0

    def whole(self) -> Query:
        """The query up to its end."""
        query = self._or()
        if self._next.kind == "close":
            raise _wrong("this parenthesis closes nothing", self._next)
        return query

    @property
    def _next(self) -> _Lexeme:
        return self._lexemes[self._index]

    def _take(self, *kinds: str) -> _Lexeme | None:
        """The next lexeme if it is one of these."""
        found = self._next
        if found.kind not in kinds:
            return None
        self._index += 1
        return found

    def _or(self) -> Query:
        parts = [self._and()]
        while self._take("OR"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Query:
        parts = [self._not()]
        while self._next.kind not in {"OR", "close", "end"}:
            self._take("AND")
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _not(self) -> Query:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _wrong(f"more than {DEEPEST} parentheses and NOTs in one another", self._next)
        found = Not(self._not()) if self._take("NOT") else self._one()
        self._depth -= 1
        return found

    def _one(self) -> Query:
        opening = self._take("open")
        if opening is None:
            return self._term()
        inner = self._or()
        if self._take("close") is None:
            raise _wrong("this parenthesis is never closed", opening)
        return inner

    def _term(self) -> Term:
        tilde = self._take("alike")
        found = self._take("word", "phrase")
        if found is None:
            raise _wrong(_missing(self._next, tilde), self._next)
        term = Term(found.text, self._alike or tilde is not None)
        if not term.needle:
            raise _wrong("nothing in it can be heard" if term.alike else "nothing to look for", found)
        return term


def _missing(found: _Lexeme, tilde: _Lexeme | None) -> str:
    """What is wrong where a word should stand."""
    if found.kind == "quote":
        return "this quotation mark is never closed"
    if tilde is not None:
        return "a word or phrase must stand behind ~"
    if found.kind == "end":
        return "it ends where a word should stand"
    return f"a word should stand here, not {found.text}"


def _wrong(what: str, found: _Lexeme) -> InputError:
    return InputError(what, where=f"query, character {found.at}", remedy=_HELP)
