"""From node to node: what happens on entering one, and where the ways out of every question lead."""

from __future__ import annotations

from dataclasses import replace

from ivr import proposing
from ivr.scoring import SEVERAL, band, score
from ivr.script import Appoint, Ask, Branch, End, HandOver, Note, Say
from ivr.state import DECLINED, NO_ANSWER, NOT_UNDERSTOOD, OPEN, Move, Phase, State, hang_up, play
from ivr.values import Answer, Hold, Outcome, Transfer, Unwilling

UNWILLING = {
    "not_now": Unwilling.NOT_NOW,
    "skip": Unwilling.NOT_THIS_QUESTION,
    "person": Unwilling.NOT_A_MACHINE,
    "never": Unwilling.NEVER,
}
"""The four kinds of A4, by what was heard."""

LOST = 2
"""So many questions in a row that are not understood end a call: it is too loud, or nobody to talk with."""
NOBODY_FREE = "nobody_free"
"""Of the group that a hand-over names nobody could take the call."""


def enter(state: State, name: str, heard: str = "", at_s: float = 0.0) -> Move:
    """Go to a node. `heard` is what led there: it may hold the time that an `appoint` node would ask for."""
    state = state.at_node(name)
    if state.goes_round:
        return hang_up(state)
    node = state.at
    match node:
        case Say():
            return play(state, (state.line("", node.say),), Phase.SAYING)
        case Ask():
            return _ask(state, node)
        case Branch():
            return enter(state, _branch(state, node), heard, at_s)
        case Note():
            return enter(state.noted(node.note), node.go, heard, at_s)
        case Appoint():
            return proposing.begin(state, node, heard, at_s)
        case HandOver(to=str(group), nobody=str(nobody)) if group not in state.transfers:
            return enter(state.noted(node.note, NOBODY_FREE), nobody, heard, at_s)
        case HandOver():
            state = replace(state.noted(node.note), outcome=Outcome.HANDED_OVER)
            return play(state, (state.line("", node.hand_over),), Phase.SAYING)
        case End():
            state = replace(state, outcome=node.end)
            return play(state, (state.line("", node.say),), Phase.SAYING) if node.say else said(state)
        case _:
            raise TypeError(f"nobody can enter a {type(node).__name__}")


def said(state: State) -> Move:
    """A node's prompt was said: go on, or hold the line after the last words (D9)."""
    match state.at:
        case Say(go=go):
            return enter(state, go)
        case HandOver(to=str(group), note=note):
            return replace(state, phase=Phase.TRANSFERRING), (Transfer(state.node, group, note),)
        case End(hold_s=hold_s) | HandOver(hold_s=hold_s) if hold_s > 0:
            return replace(state, phase=Phase.HOLDING), (Hold(hold_s),)
        case _:
            return hang_up(state)


def way(state: State, intent: str, heard: str, at_s: float) -> Move:
    """The customer wants something else than to answer: go the script's way for it (A4, S8, S14, S15)."""
    if intent in UNWILLING:
        state = replace(state, unwilling=UNWILLING[intent])
    if intent == "skip":
        return unanswered(state, DECLINED, at_s, heard)
    target: str = getattr(state.ways, intent)
    if intent == "wrong_person":
        state = replace(state, owner=False)
    return enter(state, target, heard, at_s)


def unanswered(state: State, value: str, at_s: float, heard: str = "") -> Move:
    """File the question as it stayed, and go on."""
    node = state.at
    if isinstance(node, Ask):
        how = "speech" if heard else "none"
        state = state.filed(Answer(state.node, value, OPEN[value], how, heard, 0.0, at_s, at_s))
    if value == NOT_UNDERSTOOD and state.owner:
        state = state.noted(NOT_UNDERSTOOD)
    if state.ways.unheard is not None and _lost(state):
        return enter(state, state.ways.unheard)
    return enter(state, node.otherwise) if isinstance(node, Ask | Appoint) else hang_up(state)


def _lost(state: State) -> bool:
    """Whether questions one after the other brought nothing, and not for silence alone."""
    last = {answer.value for answer in state.answers[-LOST:]}
    return len(state.answers) >= LOST and NOT_UNDERSTOOD in last and last <= {NOT_UNDERSTOOD, NO_ANSWER}


def _ask(state: State, node: Ask) -> Move:
    if node.mandatory:
        state = replace(state, asked=tuple(dict.fromkeys((*state.asked, state.node))))
    sorry = node.after_silence if state.apologise else None
    first = state.line("after_silence", sorry) if sorry else state.line("", node.ask)
    return play(state, (first,), Phase.ASKING, barge_in=node.barge_in)


def _branch(state: State, node: Branch) -> str:
    """Where a branch leads; the loader has seen to it that every case has its way."""
    kind, _, name = node.branch.partition(" ")
    if kind == "line":
        case = "landline" if state.landline else "mobile"
    elif kind in ("slot", "note"):
        case = "given" if name in (state.values if kind == "slot" else state.notes) else "missing"
    elif kind == "score":
        case = band(state.script, score(state.script, state.answers)) or "unanswered"
    else:
        case = _answered(state, node, name)
    return node.cases.get(case) or node.otherwise or state.ways.silence


def _answered(state: State, node: Branch, question: str) -> str:
    """The case that an answer is: of several options the branch's first; "answered" for none of them."""
    value = next((answer.value for answer in state.answers if answer.question == question), DECLINED)
    if value in OPEN:
        return "unanswered"
    chosen = value.split(SEVERAL)
    return next((case for case in node.cases if case in chosen), "answered")
