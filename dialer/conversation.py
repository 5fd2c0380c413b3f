"""An answered call: the script's session is played over the leg, and what the customer does is told to it.

The session decides, this module only carries out. Speech and keys are listened for at once; a key that comes
while speech is being recognised counts, for it is the surer of the two. What was said is kept with the
seconds at which it was really heard: the system's side of the transcript (F4).

If the ear dies, the session is told that nothing was understood: it asks again, then offers keys.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime
from pathlib import Path
from typing import Any

from base.clock import Clock
from base.errors import PromptError
from base.log import get_logger
from dialer.answering import endless_talk, tone_says
from dialer.attention import NOT_UNDERSTOOD, Attention
from dialer.disposition import Announced
from dialer.inbox import Inbox, Signal, drop
from dialer.line import protocol as line
from dialer.line.handover import Joined, Parted, Referred
from dialer.line.leg import Leg
from dialer.overhearing import Listener
from dialer.reactions import Reactions
from dialer.talk import Conversing, Prompts, Talked
from dialer.transferring import NOBODY_FREE, Transfers
from dialer.watching import Watch
from ivr.hearing import Ear, Heard, hesitates
from ivr.values import (
    Action,
    CustomerHungUp,
    Hangup,
    Happening,
    Hold,
    Line,
    Listen,
    NotTransferred,
    Play,
    PlayEnded,
    Pressed,
    Said,
    Silence,
    Spoken,
    Transfer,
)

_log = get_logger(__name__)

THINKS_S = 1.2
"""So much longer is waited for who has hesitated and said nothing else."""

EAR_FAILED = "ear_failed"
PROMPT_MISSING = "prompt_missing"


class _OverError(Exception):
    """The leg ended, or nobody is there (`heard`), or we are to stop (neither)."""

    def __init__(self, ended: line.Ended | None = None, heard: Announced | None = None) -> None:
        super().__init__()
        self.ended = ended
        self.heard = heard


class Conversation:
    """One conversation over one leg. Use `run` once.

    `listener` knows machines; `spoke`: somebody did; `transfers`: people who take the call over (S14).
    """

    def __init__(
        self,
        leg: Leg,
        inbox: Inbox,
        session: Conversing,
        *,
        ear: Ear,
        prompts: Prompts,
        clock: Clock,
        watch: Watch,
        least_hold_s: float = 0.0,
        listener: Listener | None = None,
        spoke: bool = False,
        transfers: Transfers | None = None,
    ) -> None:
        self._leg = leg
        self._inbox = inbox
        self._session = session
        self._attention = Attention(leg, ear)
        self._prompts = prompts
        self._clock = clock
        self._watch = watch
        self._least_hold_s = least_hold_s
        self._listener = listener
        self._spoke = spoke
        self._transfers = transfers
        self._ids = 0
        self._at_s = 0.0
        self._saying: tuple[Play, float, datetime] | None = None
        self._spoken: list[Spoken] = []
        self._reactions = Reactions()
        self._notes: set[str] = set()

    async def run(self, actions: tuple[Action, ...]) -> Talked:
        """Carry out the session's actions until it hangs up, the customer does, or we are to stop."""
        pending = deque(actions)
        ended, stopped, machine = None, False, None
        try:
            while pending and not isinstance(pending[0], Hangup):
                happening = await self._carry_out(pending.popleft(), pending)
                self._session, more = self._session.step(happening)
                pending.extend(more)
        except _OverError as over:
            ended, machine = over.ended, over.heard
            stopped = ended is None and machine is None
            self._cut_short(ended)
            self._session, _ = self._session.step(CustomerHungUp(self._at_s))
        finally:
            self._attention.drop()
        return Talked(
            result=self._session.result(),
            spoken=tuple(self._spoken),
            ended=ended,
            stopped=stopped,
            notes=tuple(sorted(self._notes | ({EAR_FAILED} if self._attention.failed else set()))),
            reactions_s=tuple(self._reactions.times_s),
            cut_ins=self._reactions.cut_ins,
            heard=machine,
        )

    async def _carry_out(self, action: Action, pending: deque[Action]) -> Happening:
        if isinstance(action, Play):
            following = pending[0] if pending else self._look_ahead()
            return await self._play(action, following if isinstance(following, Listen) else None)
        if isinstance(action, Listen):
            return await self._listen(action)
        if isinstance(action, Hold):
            return await self._hold(action)
        if isinstance(action, Transfer):
            self._attention.keys.clear()  # who presses 0 and 0 again answers no later question with it
        if self._transfers is None:
            return NotTransferred(self._at_s, NOBODY_FREE)
        if isinstance(action, Transfer):
            return await self._transfers.look_for(action, self._event, self._at_s)
        return await self._transfers.stand_by(self._event)

    def _look_ahead(self) -> Action | None:
        """What the session would do after this prompt: it is a value, so one may ask and not take it."""
        _, actions = self._session.step(PlayEnded(self._at_s))
        return actions[0] if actions else None

    # --- saying

    async def _play(self, play: Play, following: Listen | None) -> PlayEnded:
        """Say the lines; what follows is listened for from the start, so that early talk isn't lost."""
        files = self._files(play)
        self._saying = play, self._at_s, self._clock.now()
        self._watch.tell(node=play.node, saying="".join(one.wording for one in play.lines))
        play_id = self._new_id("p")
        if files:
            self._leg.send(line.Play(self._leg.id, play_id, files))
        if following is not None:
            self._attention.start(self._new_id("l"), following, barge_in=play.barge_in)
        played = await self._played(play_id, play.barge_in) if files else None
        if played is not None:
            self._reactions.replied(played.start_s)
            self._note_spoken(play, played)
        self._saying = None
        return PlayEnded(self._at_s, whole=played.whole if played is not None else False)

    def _files(self, play: Play) -> tuple[str, ...]:
        found = [self._find(one) for one in play.lines]
        if None in found:
            _log.error("prompt without sound", node=play.node)
            self._notes.add(PROMPT_MISSING)
        return tuple(str(path) for path in found if path is not None)

    def _find(self, one: Line) -> Path | None:
        try:
            return self._prompts.find(one)
        except PromptError as error:
            _log.error("prompt cannot be used", error=str(error))
            return None

    async def _played(self, play_id: str, barge_in: bool) -> line.Played | None:
        while True:
            event = await self._event()
            if isinstance(event, line.Played) and event.play == play_id:
                return event
            if isinstance(event, line.Refused) and event.command == "Play":
                _log.error("line worker could not play", why=event.why)
                self._notes.add(PROMPT_MISSING)
                return None
            self._attention.keep(event)
            if isinstance(event, line.Key) and barge_in:
                self._leg.send(line.StopPlay(self._leg.id))

    def _note_spoken(self, play: Play, played: line.Played) -> None:
        """Share the played stretch out among its lines by their lengths; what wasn't reached wasn't said."""
        start = played.start_s
        said = [one for one in play.lines if self._find(one) is not None]
        for one in said:
            full_end = start + self._prompts.seconds(one)
            last = one is said[-1]
            end = played.end_s if last else min(full_end, played.end_s)
            if start < played.end_s:
                whole = played.whole if last else full_end <= played.end_s
                self._spoken.append(
                    Spoken(play.node, one.prompt, one.wording, one.private, start, end, whole)
                )
            start = full_end

    def _cut_short(self, ended: line.Ended | None) -> None:
        """Nobody told how far a prompt was said: to the end of the call, else for as long as it has been."""
        if ended is not None and ended.answered_at is not None:
            self._at_s = max(self._at_s, ended.ended_at - ended.answered_at)
        if self._saying is None:
            return
        play, start_s, began = self._saying
        if ended is None:
            self._at_s = max(self._at_s, start_s + (self._clock.now() - began).total_seconds())
        self._note_spoken(play, line.Played(self._leg.id, "", start_s, self._at_s, False))

    # --- listening

    async def _listen(self, listen: Listen) -> Said | Pressed | Silence:
        attention = self._attention
        if not attention.on:
            attention.start(self._new_id("l"), listen, barge_in=False)
        while not attention.keys:
            if not attention.settled:
                attention.keep(await self._event())
            elif (answer := await self._answer(listen)) is not None:
                return answer
        return self._pressed()

    async def _answer(self, listen: Listen) -> Said | Silence | None:
        """What listening gave; None when a key overtook it, or when they speak on."""
        heard = self._attention.listened
        if not isinstance(heard, line.Utterance):
            self._attention.drop()
            return Silence(self._at_s)
        words = await self._recognise(heard) if listen.decode else NOT_UNDERSTOOD
        said = Said(words, heard.start_s, heard.end_s)
        if hesitates(words.text) and self._would_ask_again(said, listen.node):
            await self._wait_for_more()
        if self._attention.keys or self._attention.listened is not heard:
            return None
        self._attention.stop()
        self._doubt(heard, words.text)
        self._reactions.answered(heard.end_s - heard.quiet_s)
        self._watch.tell(heard=words.text if listen.decode else "…")
        return said

    async def _recognise(self, utterance: line.Utterance) -> Heard:
        """The words of an utterance; a key ends the wait, and so does who speaks on."""
        asking = self._attention.words(utterance.pcm)
        while not asking.done() and self._attention.listened is utterance and not self._attention.keys:
            self._attention.keep(await self._event(asking))
        return asking.result() if asking.done() else NOT_UNDERSTOOD

    def _would_ask_again(self, said: Said, node: str) -> bool:
        """Whether the session would take this for no answer (it is a value: one may ask and not take it)."""
        _, actions = self._session.step(said)
        return bool(actions) and isinstance(actions[0], Play) and actions[0].node == node

    async def _wait_for_more(self) -> None:
        """Who only said 嗯 is thinking: asked again at once, they would be interrupted."""
        waiting = asyncio.create_task(self._clock.sleep(THINKS_S))
        try:
            while not waiting.done() and self._attention.settled and not self._attention.keys:
                self._attention.keep(await self._event(waiting))
        finally:
            await drop(waiting)

    def _pressed(self) -> Pressed:
        self._attention.stop()
        key = self._attention.keys.popleft()
        self._reactions.answered(key.at_s)
        self._spoke = True
        self._watch.tell(heard=f"[{key.key}]")
        return Pressed(key.key, key.at_s)

    # --- holding, and the leg's events

    async def _hold(self, hold: Hold) -> Silence:
        """Stay on the line (D9). All was said: a wish to stop ends the hold, not the conversation."""
        hold_s = max(hold.seconds, self._least_hold_s)
        waiting = asyncio.create_task(self._clock.sleep(hold_s))
        try:
            while not waiting.done():
                got = await self._inbox.next(waiting)
                if isinstance(got, line.Ended):
                    raise _OverError(got)
                if got is Signal.STOP:
                    break
        finally:
            await drop(waiting)
        self._at_s += hold_s
        return Silence(self._at_s)

    async def _event(self, other: asyncio.Task[Any] | None = None) -> line.Event | None:
        """The leg's next event; None when `other` was done first. Raises _OverError at the end or a stop."""
        got = await self._inbox.next(other)
        if got is Signal.OTHER:
            return None
        if isinstance(got, line.Ended):
            raise _OverError(got)
        if isinstance(got, Signal):
            raise _OverError
        if isinstance(got, line.Tone):
            self._tone(got.kind)
        if isinstance(got, line.SpeechBegan):
            self._reactions.began(got.at_s)
        self._at_s = max(self._at_s, _second_of(got))
        return got

    # --- a machine in a person's place

    def _doubt(self, utterance: line.Utterance, text: str) -> None:
        """Break off where a machine answered the opening. Raises _OverError."""
        if self._listener is not None and not self._session.result().answers:
            found = self._listener.table.recognise(text, early=False)
            found = found or endless_talk(utterance.end_s - utterance.start_s)
            if found is not None:
                raise _OverError(heard=found)
        self._spoke = True

    def _tone(self, kind: line.ToneKind) -> None:
        """A beep before any answer is a machine's, behind a busy tone is nobody. Raises _OverError."""
        answered = bool(self._session.result().answers)
        found = tone_says(kind, spoke=self._spoke, answered=answered) if self._listener else None
        if found is not None:
            raise _OverError(heard=found)

    def _new_id(self, kind: str) -> str:
        self._ids += 1
        return f"{kind}{self._ids}"


def _second_of(event: line.Event) -> float:
    """Second of the recording at which an event ends; 0 for those without."""
    if isinstance(event, line.Played | line.Utterance):
        return event.end_s
    if isinstance(event, line.Key | line.NoInput | line.SpeechBegan | Joined | Parted | Referred):
        return event.at_s
    return 0.0
