"""Flaws that a node shows by itself: a question without other words, an answer without its key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ivr.asking import lists
from ivr.keying import END
from ivr.script import ANSWER, APPOINTMENT, CHOICES, VALUES, Appoint, Ask, Node, Score, Script, slots_in
from ivr.understanding import core, phrases_of

CHOSEN = frozenset({"closed", "scale", "several"})
"""Kinds of questions whose answers are options."""


def flaws(script: Script, node: Node) -> Iterator[str]:
    """What is wrong with a node, whatever leads to it."""
    if isinstance(node, Appoint):
        yield from _appoint(node)
    if isinstance(node, Ask):
        yield from _closed(node) if node.answer in CHOSEN else _open(node)
        yield from _values(node)
        yield from _keys(node)
        yield from _same_words(script, node)


def _appoint(node: Appoint) -> Iterator[str]:
    """What an appointment lacks."""
    if APPOINTMENT not in slots_in(node.confirm):
        yield f"confirm does not say the time back: {{{APPOINTMENT}}} is missing (D6)"
    if node.keys is None:
        yield "keys is missing: what offers times to those who are not understood by voice"
    elif CHOICES not in slots_in(node.keys):
        yield f"keys offers no times: {{{CHOICES}}} is missing"


def _closed(node: Ask) -> Iterator[str]:
    """What a question with options lacks."""
    if not node.options:
        yield "options are missing"
    if node.again is None:
        yield "again is missing: what is said when nothing was understood"
    if node.answer == "several":
        yield from _several(node)
    elif node.go is None:
        yield from (f"option {name} leads nowhere" for name, one in node.options.items() if one.go is None)
    if node.public:  # asked of anyone: who somebody is, or where the owner is, no key can tell
        return
    if node.keys is None:
        yield "keys is missing: what is said to those who are not understood by voice"
    yield from (f"option {name} has no key" for name, option in node.options.items() if option.key is None)


def _several(node: Ask) -> Iterator[str]:
    if node.go is None:
        yield "go is missing: where the answers lead"
    for name, option in node.options.items():
        if option.go is not None:
            yield f"option {name} has a go of its own, but several may be named: branch on the answer instead"
        if option.confirms_owner:
            yield f"option {name} confirms the owner: ask for that alone (A2)"


def _open(node: Ask) -> Iterator[str]:
    """What a question lacks whose answer is a number, a day, a time or free."""
    if node.go is None:
        yield "go is missing: where an answer leads"
    if node.answer == "free" and node.options:
        yield "a free question decides nothing: it takes no options"
    if node.answer in VALUES and node.again is None and node.silence is None:
        yield "again is missing: what is said when nothing was understood"
    if node.answer == "number" and node.keys is None and not node.public:
        yield "keys is missing: that the number may be keyed in"


def _values(node: Ask) -> Iterator[str]:
    """Numbers, days and times: how long, and said back."""
    if node.answer == "number" and node.digits is None:
        yield "digits is missing: how long the number is"
    if node.answer != "number" and node.digits is not None:
        yield "digits belongs to questions for a number"
    if node.answer == "number" and node.confirm is None:
        yield "confirm is missing: a number is said back before it is filed"
    if node.confirm is not None and node.answer not in VALUES:
        yield f"confirm belongs to questions for a {', '.join(sorted(VALUES))}"
    if node.confirm is not None and ANSWER not in slots_in(node.confirm):
        yield f"confirm does not say the answer back: {{{ANSWER}}} is missing"
    if node.appoints and (node.answer != "date_time" or node.confirm is None):
        yield "appoints belongs to questions for a date_time that say it back (D6)"
    if node.agree is not None and node.confirm is None:
        yield "agree belongs to questions that say the answer back: confirm is missing"


def _keys(node: Ask) -> Iterator[str]:
    if node.hint is not None and node.keys is not None:
        yield "hint is said where there are no keys: leave one of them out"
    keys = Counter(option.key for option in node.options.values() if option.key)
    yield from (f"key {key} stands for two answers" for key, count in keys.items() if count > 1)
    if any(option.confirms_owner and option.key for option in node.options.values()):
        yield "a key proves nobody's identity (A2): the owner cannot be confirmed by one"
    if node.answer == "several" and END in keys:
        yield f"{END} ends the keys of a question with several answers: it stands for none of them"
    if node.answer == "number" and keys:
        yield "a number is keyed in: no key can stand for an option"


def _same_words(script: Script, node: Ask) -> Iterator[str]:
    """A phrase that stands for two answers would always be asked again."""
    known = lists(script)
    heard = Counter(
        phrase
        for option in node.options.values()
        for phrase in {core(one) for one in phrases_of(option.hears, known)}
    )
    yield from (f"{phrase!r} stands for two answers" for phrase, count in heard.items() if count > 1)


def score_flaws(script: Script) -> Iterator[tuple[str, str]]:
    """(where, what) of points and bands that don't fit together (S12)."""
    scored = set(script.score.questions) if script.score else set()
    for name, node in script.nodes.items():
        options = node.options if isinstance(node, Ask) else {}
        if name in scored:
            if not isinstance(node, Ask) or node.answer not in CHOSEN:
                yield name, "is scored, but has no options"
            lacking = (key for key, option in options.items() if option.points is None)
            yield from ((name, f"option {key} has no points, but the question is scored") for key in lacking)
        elif any(option.points is not None for option in options.values()):
            yield name, "has points, but score does not name it"
    if script.score is not None:
        yield from (("score", what) for what in _band_flaws(script, script.score))


def _band_flaws(script: Script, score: Score) -> Iterator[str]:
    twice = (name for name, count in Counter(score.questions).items() if count > 1)
    yield from (f"{name} is counted twice" for name in twice)
    bounds = list(score.bands.values())
    if bounds != sorted(set(bounds)):
        yield "the bands do not rise"
        return
    points = [_points(script, name) for name in score.questions]
    least, most = sum(map(min, points)), sum(map(max, points))
    if most > bounds[-1]:
        yield f"{most} points can be reached, but the last band ends at {bounds[-1]}"
    for below, (name, bound) in zip([None, *bounds], score.bands.items(), strict=False):
        if bound < least or (below is not None and below >= most):
            yield f"nobody can come to the band {name}: the points go from {least} to {most}"


def _points(script: Script, question: str) -> list[int]:
    node = script.nodes[question]
    options = node.options.values() if isinstance(node, Ask) else ()
    return [option.points for option in options if option.points is not None] or [0]
