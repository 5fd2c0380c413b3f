"""Answers at an `appoint` node: a wished time, then a yes or no to what was said back (D6, S3).

A no opens the question anew: the time that was denied is not understood next, nor ever after a no by key. A
no with a time in it corrects the one that was said back; what it does not name (不对，后天) stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ivr import proposing, readings
from ivr.asking import MOST_ASIDES, PATIENCE_S, lists, other_wish, universal
from ivr.confirming import AGREED, KEYS, REFUSED, agreement
from ivr.flow import enter, unanswered
from ivr.hearing import Heard
from ivr.keying import ends_nothing
from ivr.meaning import clearly, understand_heard
from ivr.script import Appoint
from ivr.state import DECLINED, MOST_MISSES, NO_ANSWER, NOT_UNDERSTOOD, Move, Phase, State, play
from ivr.times import Clear, Vague, named_day, parse
from ivr.times_spoken import spoken
from ivr.understanding import Choice, Understood, core, expected
from ivr.values import Listen, Pressed, Said, Silence

BRIEF = 3
"""Syllables of a no that may be a yes misheard (对的, 不对)."""
_NO = re.compile(r"^[嗯啊哦]?(?:(?:不是|不对|错了|不)[的啊吧了]?)+")


def listen(state: State) -> Move:
    """Wait for a time, or for a yes."""
    patience_s = PATIENCE_S["closed" if state.proposed else "date_time"]
    order = Listen(state.node, patience_s, expected=(*expected(_choices(state)), *_times(state)))
    return replace(state, phase=Phase.LISTENING), (order,)


def _times(state: State) -> tuple[str, ...]:
    """Times as they may be named now, none that was denied; days alone once they are asked for."""
    if state.proposed:
        return ()
    days = readings.phrases("date") if state.misses and state.day is None else ()
    denied = {phrase for at in proposing.denied(state) for phrase in _phrases(at, state)}
    return (*(phrase for phrase in readings.phrases("date_time") if phrase not in denied), *days)


def _phrases(at: datetime, state: State) -> tuple[str, ...]:
    """What names a time: 明天下午三点, and 下午三点 where its day is spoken of."""
    words = [piece.wording for piece in spoken(at, state.now) or ()]
    return ("".join(words), *(words[1:] if state.day == at.date() else ()))


def heard(state: State, node: Appoint, happening: Said) -> Move:
    """Something was said: a time, an answer to the time said back, or another wish."""
    said, at_s = happening.heard, happening.end_s
    now = state.clock(at_s)
    if (move := _wished(state, node, _named(state, said, now))) is not None:
        return move
    meant = understand_heard(said, _choices(state))
    if not isinstance(meant, Understood):
        return _unclear(state, node, happening) or _missed(state, node, NOT_UNDERSTOOD, at_s)
    if not meant.choice.own:
        return other_wish(state, meant.choice.name, happening, proposing.asked_again(state, node))
    return _settled_by_voice(state, node, meant, happening)


def pressed(state: State, node: Appoint, happening: Pressed) -> Move:
    """A key: 1 agrees to what was said back, 2 does not; or one of the times that were offered."""
    key, at_s = happening.key, happening.at_s
    if ends_nothing(replace(state, keyed=""), node, key) and state.asides < MOST_ASIDES:
        return listen(state.put_aside())
    if state.proposed and key in KEYS:
        by_key = (*state.ruled_out, state.proposed) if KEYS[key] == REFUSED else state.ruled_out
        return _settled(replace(state, ruled_out=by_key), node, KEYS[key], at_s)
    times = proposing.offered(state, node)
    if times and key == proposing.NONE_OF_THEM:
        return unanswered(state, DECLINED, at_s)
    chosen = replace(state, keyed=key)
    move = proposing.propose(chosen, node, times[key]) if key in times else None
    return move or _missed(state, node, NOT_UNDERSTOOD, at_s)


def silent(state: State, node: Appoint, happening: Silence) -> Move:
    """Nothing came."""
    return _missed(state, node, NO_ANSWER, happening.at_s)


def _named(state: State, said: Heard, now: datetime) -> datetime | None:
    """The time that the words name; that of another hypothesis where the first was denied already."""
    for wish in _wishes(state, said, now):
        if wish is None or proposing.allowed(state, wish) not in proposing.denied(state):
            return wish
    return None


def _wishes(state: State, said: Heard, now: datetime) -> Iterator[datetime | None]:
    """What each hypothesis names: to a time that was said back, 不是四点半 is a no and another hour."""
    for text in (said.text, *said.others):
        wish = _wish(state, text, now)
        yield _wish(state, _NO.sub("", text), now) if wish is None and state.proposed else wish


def _wish(state: State, words: str, now: datetime) -> datetime | None:
    """The time that is named, seen from the day that is spoken of, or from the hour that was said back."""
    on = state.proposed.date() if state.proposed else state.day
    match parse(words, now, on):
        case Clear(at=at):
            return at
        case Vague() if state.proposed and (day := named_day(words, now)):
            return datetime.combine(day, state.proposed.timetz())
        case _:
            return None


def _wished(state: State, node: Appoint, wish: datetime | None) -> Move | None:
    """Say a wished time back; None when there is none, or it is the one that waits for its yes."""
    if wish is None or state.misses >= _most(node):
        return None
    when = proposing.allowed(state, wish)
    if when in (state.proposed, *proposing.denied(state)):
        return None
    return proposing.propose(_denied(state), node, wish)


def _denied(state: State) -> State:
    """What was said back, if anything was, is not what was meant."""
    if state.proposed is None:
        return state
    denied = (*state.denied, state.proposed)
    return replace(state, proposed=None, keyed="", denied=denied, misses=state.misses + 1)


def _unclear(state: State, node: Appoint, happening: Said) -> Move | None:
    """No new time by the words, no other wish: the time said back with a no, a day alone, a time by sound."""
    said, now = happening.heard, state.clock(happening.end_s)
    if state.proposed is not None:
        denied = _NO.search(said.text) and parse(_NO.sub("", said.text), now, state.proposed.date())
        return _settled(state, node, REFUSED, happening.end_s) if denied else None
    if (move := _narrowed(state, node, said.text, now)) is not None:
        return move
    by_sound = _wished(state, node, readings.likeliest_time(said, now, state.day))
    day = readings.likeliest_day(said, now) if by_sound is None and _asks_hour(state, node) else None
    return proposing.ask_hour(state, node, day) if day is not None else by_sound


def _narrowed(state: State, node: Appoint, text: str, now: datetime) -> Move | None:
    """A day alone: ask for its hour. Who names no hour then either is told the usual one, for a yes."""
    wish = parse(text, now, state.day)
    if not isinstance(wish, Vague):
        return None
    day = named_day(text, now)
    if day is not None and _asks_hour(state, node):
        return proposing.ask_hour(state, node, day)
    return _wished(state, node, wish.guess) if state.misses or state.day else None


def _asks_hour(state: State, node: Appoint) -> bool:
    """Whether a day alone leads to the question for its hour, not to the usual hour at once."""
    return node.hour is not None and state.day is None and state.misses < proposing.OFFERED_FROM


def _choices(state: State) -> tuple[Choice, ...]:
    """At an appointment 没空 is no news; yes and no count only for a time that was said back."""
    others = tuple(choice for choice in universal(state.script, state.values) if choice.name != "not_now")
    if not state.proposed:
        return others
    return (*agreement(lists(state.script)), *others)


def _settled(state: State, node: Appoint, meant: str, at_s: float) -> Move:
    if meant == AGREED:
        return enter(replace(state, appointment=state.proposed), node.go)
    return _asked_again(_denied(state), node, NOT_UNDERSTOOD, at_s)


def _settled_by_voice(state: State, node: Appoint, meant: Understood, happening: Said) -> Move:
    """A yes, or a no: one that may be a yes misheard is doubted once, and one to what was chosen by key."""
    brief = len(core(happening.heard.text)) <= BRIEF
    doubtful = state.keyed or (brief and not clearly(happening.heard, meant))
    if meant.choice.name == REFUSED and doubtful and state.doubted != state.proposed:
        return _missed(replace(state, keyed=""), node, NOT_UNDERSTOOD, happening.end_s)
    return _settled(state, node, meant.choice.name, happening.end_s)


def _missed(state: State, node: Appoint, value: str, at_s: float) -> Move:
    """Nothing that helps was said. A time said back is said back once more in any case, with its keys."""
    once_more = state.proposed is not None and state.proposed != state.doubted
    state = replace(state, misses=state.misses + 1, doubted=state.proposed or state.doubted)
    if once_more:
        return play(state, proposing.asked_again(state, node), Phase.ASKING)
    return _asked_again(state, node, value, at_s)


def _asked_again(state: State, node: Appoint, value: str, at_s: float) -> Move:
    """Say or ask once more, in other words, then with keys; then leave it to a person."""
    if state.misses >= _most(node):
        return unanswered(state, value, at_s)
    return play(state, proposing.asked_again(state, node), Phase.ASKING)


def _most(node: Appoint) -> int:
    """Failures after which it is left: one more where times are offered by key."""
    return MOST_MISSES + (node.keys is not None)
