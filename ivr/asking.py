"""What a question listens for, and what becomes of what comes: an answer, another wish, or asking again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ivr.flow import NO_ANSWER, NOT_UNDERSTOOD, enter, unanswered, way
from ivr.lines import fill, line
from ivr.phrases import INTENTS, SHARED
from ivr.script import Appoint, Ask, Option, Script
from ivr.state import Move, Phase, State, play
from ivr.times import Clear, parse
from ivr.times_spoken import spoken
from ivr.understanding import Choice, Understood, phrases_of, understand
from ivr.values import Answer, Line, Listen, Pressed, Said, Silence

MOST_ASIDES = 3
"""Counter-questions answered at one question before they count as no answer."""

PATIENCE_S = {
    "closed": 0.45,
    "scale": 0.45,
    "several": 0.9,
    "number": 0.9,
    "date": 0.9,
    "date_time": 0.9,
    "free": 1.2,
}
LONGEST_S = {"number": 20.0, "several": 20.0, "free": 30.0}
LONGEST = 12.0
"""Seconds of quiet that end an answer, and the longest one, by kind of question."""


def lists(script: Script) -> dict[str, tuple[str, ...]]:
    """Shipped lists of phrases, with the script's own words added to those of the same name."""
    own = script.phrases
    return {name: (*SHARED.get(name, ()), *own.get(name, ())) for name in SHARED.keys() | own.keys()}


def universal(script: Script, values: Mapping[str, str]) -> tuple[Choice, ...]:
    """What is listened for at every question: wishes (A4, S14, S15) and counter-questions (S19)."""
    known = lists(script)
    heard = {intent: known[intent] for intent in INTENTS}
    heard |= {name: phrases_of(aside.hears, known) for name, aside in script.asides.items()}
    return tuple(Choice(name, _filled(phrases, values), own=False) for name, phrases in heard.items())


def choices(script: Script, question: str, values: Mapping[str, str]) -> tuple[Choice, ...]:
    """All that may be meant at a question: its own options first."""
    node, known = script.nodes[question], lists(script)
    options = node.options if isinstance(node, Ask) else {}
    own = [_choice(name, option, known, values) for name, option in options.items()]
    return (*own, *universal(script, values))


def _choice(
    name: str, option: Option, known: dict[str, tuple[str, ...]], values: Mapping[str, str]
) -> Choice:
    phrases = _filled(phrases_of(option.hears, known), values)
    return Choice(name, phrases, sure=option.confirms_owner)


def _filled(phrases: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(fill(phrase, values) for phrase in phrases)


def listen(state: State, node: Ask) -> Move:
    """Wait for the answer; a free one is transcribed after the call."""
    kind = node.answer
    patience_s = node.patience_s or PATIENCE_S[kind]
    longest_s = LONGEST_S.get(kind, LONGEST)
    order = Listen(state.node, patience_s, node.no_input_s, longest_s, decode=kind != "free")
    return replace(state, phase=Phase.LISTENING), (order,)


def heard(state: State, node: Ask, happening: Said) -> Move:
    """Something was said."""
    if node.answer == "free":
        return _file(state, node, _spoken_answer(state, happening, "", "", 1.0))
    text = happening.heard.text
    if node.answer == "date_time" and (filed := _time(state, node, happening)):
        return filed
    meant = understand(text, choices(state.script, state.node, state.values))
    if not isinstance(meant, Understood):
        return _unclear(state, node, happening)
    if not meant.choice.own:
        return other_wish(state, meant.choice.name, happening, _once_more(state, node))
    name = meant.choice.name
    option = node.options[name]
    return _choose(
        state, node, option, _spoken_answer(state, happening, name, option.label, meant.score), text
    )


def pressed(state: State, node: Ask, happening: Pressed) -> Move:
    """A key was pressed; one that stands for nothing here is like an answer that was not understood (A2)."""
    for name, option in node.options.items():
        if option.key == happening.key and not option.confirms_owner:
            answer = Answer(state.node, name, option.label, "key", "", 1.0, happening.at_s, happening.at_s)
            return _choose(state, node, option, answer, "")
    return _again(state, node, NOT_UNDERSTOOD, happening.at_s)


def silent(state: State, node: Ask, happening: Silence) -> Move:
    """Nothing came. Before the owner is confirmed greetings are said (D8), then the call is given up."""
    if not _greets(state, node):
        return _again(state, node, NO_ANSWER, happening.at_s)
    hello = state.script.hello
    if state.silences >= len(hello):
        return enter(state, state.ways.silence)
    wording = hello[state.silences]
    greeting = line(state.script, state.values, "hello", str(state.silences + 1), wording, public=True)
    return play(replace(state, silences=state.silences + 1), (greeting,), Phase.ASKING)


def other_wish(state: State, name: str, happening: Said, again: Line) -> Move:
    """A way out of the question, or a counter-question: answered truthfully, then ours once more (S19)."""
    if name not in state.script.asides:
        return way(state, name, happening.heard.text, happening.end_s)
    aside = state.script.asides[name]
    state = replace(state.noted(*([aside.note] if aside.note else [])), asides=state.asides + 1)
    if state.asides > MOST_ASIDES:
        return unanswered(state, NOT_UNDERSTOOD, happening.end_s, happening.heard.text)
    reply = aside.to_owner if state.owner and aside.to_owner else aside.say
    if reply is None:
        return play(state, (again,), Phase.ASKING)
    variant = f"{name}.to_owner" if reply is aside.to_owner else name
    answer = line(state.script, state.values, "aside", variant, reply, public=reply is aside.say)
    return play(state, (answer, again), Phase.ASKING)


def _choose(state: State, node: Ask, option: Option, answer: Answer, text: str) -> Move:
    state = replace(state.filed(answer), owner=state.owner or option.confirms_owner)
    return enter(state, node.after(option), text, answer.end_s)


def _file(state: State, node: Ask, answer: Answer) -> Move:
    return enter(state.filed(answer), node.go or node.otherwise)


def _time(state: State, node: Ask, happening: Said) -> Move | None:
    """File a time that was named clearly."""
    wish = parse(happening.heard.text, state.clock(happening.end_s))
    if not isinstance(wish, Clear):
        return None
    pieces = spoken(wish.at, state.now)
    label = "".join(piece.wording for piece in pieces) if pieces else f"{wish.at:%m-%d %H:%M}"
    return _file(state, node, _spoken_answer(state, happening, wish.at.isoformat(), label, 1.0))


def _unclear(state: State, node: Ask, happening: Said) -> Move:
    """A bare time (明天下午三点半再打吧) means: not now. Anything else is asked again."""
    at_s, text = happening.end_s, happening.heard.text
    asks_time = isinstance(state.script.nodes[state.ways.not_now], Appoint) and node.answer != "date_time"
    if asks_time and isinstance(parse(text, state.clock(at_s)), Clear):
        return way(state, "not_now", text, at_s)
    return _again(state, node, NOT_UNDERSTOOD, at_s, text)


def _again(state: State, node: Ask, value: str, at_s: float, text: str = "") -> Move:
    """Ask in other words, then offer keys, then file the question as it is and go on."""
    done = state.misses + (0 if _greets(state, node) else state.silences)
    missed = value == NOT_UNDERSTOOD
    state = replace(state, misses=state.misses + missed, silences=state.silences + (not missed))
    if done < len(node.retries):
        variant, wording = node.retries[done]
        return play(state, (state.line(variant, wording),), Phase.ASKING, barge_in=node.barge_in)
    if missed or state.misses or node.answer == "free":
        return unanswered(state, value, at_s, text)
    return enter(state, node.silence or state.ways.silence)


def _greets(state: State, node: Ask) -> bool:
    """Whether silence is met with the neutral greetings here (D8)."""
    return not state.owner and node.silence is None and bool(state.script.hello)


def _once_more(state: State, node: Ask) -> Line:
    return state.line("again", node.again) if node.again else state.line("", node.ask)


def _spoken_answer(state: State, happening: Said, value: str, label: str, score: float) -> Answer:
    text = happening.heard.text
    return Answer(state.node, value, label, "speech", text, score, happening.start_s, happening.end_s)
