"""What a question listens for, and what becomes of what comes: an answer, another wish, or asking again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ivr import confirming, keying, readings
from ivr.flow import enter, unanswered, way
from ivr.lines import fill, line
from ivr.meaning import understand_heard
from ivr.phrases import INTENTS, SHARED
from ivr.script import VALUES, Appoint, Ask, Option, Script
from ivr.several import several
from ivr.state import NO_ANSWER, NOT_UNDERSTOOD, Move, Phase, State, play
from ivr.times import unasked
from ivr.understanding import Choice, Unclear, Understood, expected, phrases_of
from ivr.values import Answer, Line, Listen, Pressed, Said, Silence

MOST_ASIDES = 3
"""Counter-questions answered, and `#` passed over, at one question before they count as no answer."""

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
    return replace(state, phase=Phase.LISTENING), (_order(state, node),)


def _order(state: State, node: Ask) -> Listen:
    kind = node.answer
    patience_s = PATIENCE_S["closed"] if state.pending else node.patience_s or PATIENCE_S[kind]
    longest_s = LONGEST_S.get(kind, LONGEST)
    if kind == "free":
        return Listen(state.node, patience_s, node.no_input_s, longest_s, decode=False)
    values = () if state.pending else readings.phrases(kind)
    phrases = (*expected(_awaited(state)), *values)
    return Listen(state.node, patience_s, node.no_input_s, longest_s, expected=phrases)


def heard(state: State, node: Ask, happening: Said) -> Move:
    """Something was said."""
    if node.answer == "free":
        return confirming.file(state, node, _spoken(state, node, happening, ()))
    read = readings.read(state, node, happening)
    if read is not None and (state.pending is None or read.value != state.pending.value):
        move = confirming.take(state, node, read)
        return move or _again(state, node, NOT_UNDERSTOOD, happening.end_s, happening.heard.text)
    meant = _meant(state, node, happening)
    if not meant:
        return _unclear(state, node, happening)
    first = meant[0].choice
    if not first.own:
        return _named_already(other_wish(state, first.name, happening, _once_more(state, node)), happening)
    if state.pending is not None:
        return _settled(state, node, first.name, happening.end_s)
    answer = _spoken(state, node, happening, meant)
    chosen = _choose(state, node, node.options[first.name], answer, happening.heard.text)
    return _named_already(chosen, happening)


def _meant(state: State, node: Ask, happening: Said) -> tuple[Understood, ...]:
    """The options that were named, or another wish; empty when that is not clear."""
    every = _awaited(state)
    if node.answer == "several":
        named = several(happening.heard, every)
        return () if isinstance(named, Unclear) else named
    meant = understand_heard(happening.heard, every)
    return (meant,) if isinstance(meant, Understood) else ()


def _awaited(state: State) -> tuple[Choice, ...]:
    """What may be meant now: answers, or a yes to the one said back."""
    if state.pending is None:
        return choices(state.script, state.node, state.values)
    agreement = confirming.agreement(lists(state.script))
    return (*agreement, *universal(state.script, state.values))


def pressed(state: State, node: Ask, happening: Pressed) -> Move:
    """A key was pressed; one that stands for nothing here is like an answer that was not understood (A2)."""
    key, at_s = happening.key, happening.at_s
    if state.pending is not None:
        return _pressed_to_confirm(state, node, key, at_s)
    if keying.ends_nothing(state, node, key) and state.asides < MOST_ASIDES:
        return listen(state.put_aside(), node)
    if node.answer in keying.KEYED:
        return _pressed_more(state, node, key, at_s)
    for name, option in node.options.items():
        if option.key == key and not option.confirms_owner:
            answer = keying.chosen(state, node, [name], "key", "", 1.0, at_s, at_s)
            return _choose(state, node, option, answer, "")
    return _again(state, node, NOT_UNDERSTOOD, at_s)


def _pressed_more(state: State, node: Ask, key: str, at_s: float) -> Move:
    """One key of several."""
    if key == keying.END:
        return _keyed(state, node, at_s)
    longer = keying.pressed(state, node, key)
    if longer is None:
        return _again(state, node, NOT_UNDERSTOOD, at_s)
    if keying.is_whole(longer, node):
        return _keyed(longer, node, at_s)
    order = replace(_order(longer, node), no_input_s=keying.MORE_KEYS_S)
    return replace(longer, phase=Phase.LISTENING), (order,)


def _keyed(state: State, node: Ask, at_s: float) -> Move:
    """The keys have ended."""
    answer = keying.answer(state, node, at_s)
    move = confirming.take(state, node, answer) if answer is not None else None
    return move or _again(state, node, NOT_UNDERSTOOD, at_s)


def _pressed_to_confirm(state: State, node: Ask, key: str, at_s: float) -> Move:
    """1 agrees, 2 does not; the # that ends a number which was long enough already is no answer."""
    if key == keying.END and state.keyed:
        return listen(replace(state, keyed=""), node)
    meant = confirming.KEYS.get(key)
    if meant is None:
        return confirming.once_more(state, node, NOT_UNDERSTOOD, at_s)
    return _settled(state, node, meant, at_s)


def _settled(state: State, node: Ask, meant: str, at_s: float) -> Move:
    """What was said back is right, or is asked for again."""
    if meant == confirming.AGREED and state.pending is not None:
        return confirming.file(state, node, state.pending)
    return _again(state, node, NOT_UNDERSTOOD, at_s)


def silent(state: State, node: Ask, happening: Silence) -> Move:
    """Nothing came. Before the owner is confirmed greetings are said (D8), then the call is given up."""
    if state.pending is not None:
        return confirming.once_more(state, node, NO_ANSWER, happening.at_s)
    if state.keyed:
        return _keyed(state, node, happening.at_s)
    if not _greets(state, node):
        return _again(state, node, NO_ANSWER, happening.at_s)
    hello = state.script.hello
    if state.silences >= len(hello):
        return enter(state, state.ways.silence)
    wording = hello[state.silences]
    greeting = line(state.script, state.values, "hello", str(state.silences + 1), wording, public=True)
    return play(replace(state, silences=state.silences + 1), (greeting,), Phase.ASKING)


def other_wish(state: State, name: str, happening: Said, again: tuple[Line, ...]) -> Move:
    """A way out of the question, or a counter-question: answered truthfully, then ours once more (S19)."""
    if name not in state.script.asides:
        return way(state, name, happening.heard.text, happening.end_s)
    aside = state.script.asides[name]
    state = state.noted(*([aside.note] if aside.note else []))
    state = replace(state.put_aside(), keyed="")
    if state.asides > MOST_ASIDES:
        return unanswered(state, NOT_UNDERSTOOD, happening.end_s, happening.heard.text)
    reply = aside.to_owner if state.owner and aside.to_owner else aside.say
    if reply is None:
        return play(state, again, Phase.ASKING)
    variant = f"{name}.to_owner" if reply is aside.to_owner else name
    answer = line(state.script, state.values, "aside", variant, reply, public=reply is aside.say)
    return play(state, (answer, *again), Phase.ASKING)


def _choose(state: State, node: Ask, option: Option, answer: Answer, text: str) -> Move:
    state = replace(state.filed(answer), owner=state.owner or option.confirms_owner)
    return enter(state, node.after(option), text, answer.end_s)


def _named_already(moved: Move, said: Said) -> Move:
    """Say back the time that came with another answer, where it would be asked for: 他不在，三点再打."""
    state, node = moved[0], moved[0].at
    if not isinstance(node, Ask) or not node.appoints:
        return moved
    time = readings.read(state, node, said)
    return (confirming.take(state, node, time) if time is not None else None) or moved


def _unclear(state: State, node: Ask, happening: Said) -> Move:
    """A bare time (明天下午三点半再打吧) means: not now. Anything else is asked again."""
    at_s, text = happening.end_s, happening.heard.text
    if state.pending is not None:
        return confirming.once_more(state, node, NOT_UNDERSTOOD, at_s, text)
    if state.keyed:
        return _keyed(state, node, at_s)
    asks_time = isinstance(state.script.nodes[state.ways.not_now], Appoint) and node.answer not in VALUES
    if asks_time and unasked(text, state.clock(at_s)):
        return way(state, "not_now", text, at_s)
    return _again(state, node, NOT_UNDERSTOOD, at_s, text)


def _again(state: State, node: Ask, value: str, at_s: float, text: str = "") -> Move:
    """Ask in other words, then offer keys, then file the question as it is and go on."""
    done = state.misses + (0 if _greets(state, node) else state.silences)
    missed = value == NOT_UNDERSTOOD
    state = replace(
        state,
        misses=state.misses + missed,
        silences=state.silences + (not missed),
        pending=None,
        keyed="",
    )
    if done < len(node.retries):
        variant, wording = node.retries[done]
        return play(state, (state.line(variant, wording),), Phase.ASKING, barge_in=node.barge_in)
    if missed or state.misses or node.answer == "free":
        return unanswered(state, value, at_s, text)
    return enter(state, node.silence or state.ways.silence)


def _greets(state: State, node: Ask) -> bool:
    """Whether silence is met with the neutral greetings here (D8)."""
    return not state.owner and node.silence is None and bool(state.script.hello)


def _once_more(state: State, node: Ask) -> tuple[Line, ...]:
    question = state.line("again", node.again) if node.again else state.line("", node.ask)
    return confirming.confirmation(state, node) or (question,)


def _spoken(state: State, node: Ask, happening: Said, meant: tuple[Understood, ...]) -> Answer:
    """An answer of options that were said; of none for a free one."""
    names = [one.choice.name for one in meant]
    score = min((one.score for one in meant), default=1.0)
    text = happening.heard.text
    return keying.chosen(state, node, names, "speech", text, score, happening.start_s, happening.end_s)
