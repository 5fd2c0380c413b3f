"""One attempt end to end: permit, INVITE, ringing, conversation, disposition, next step, all filed at once.

The state machine of `dialer.call` decides the order; this module does the I/O. See docs/one-call.md.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from base.errors import IllegalTransition, InputError, LineError
from base.log import get_logger
from dialer.call import OVER, Do, Event, State, advance
from dialer.conversation import Conversation
from dialer.desk import Desk, Plan
from dialer.dialplan import misdialled
from dialer.disposition import Disposition, Verdict, classify
from dialer.ears import Ears
from dialer.filing import RELEASE_S, Call, add, closing, hold_s, keep, unended
from dialer.handing_over import who_serves
from dialer.inbox import Inbox, Signal, drop
from dialer.line import protocol as line
from dialer.line.leg import Leg
from dialer.policy import decide
from dialer.recordings import CUSTOMER, EARLY, SYSTEM, track
from dialer.talk import Talked
from dialer.transferring import HANDED_OVER, HandedCall, Transferring
from dialer.watching import Stage, Watch
from dialer.windows import LEAVING_S, may_begin
from records import ledger
from records.model import UNSENT, Claim, Closing, LedgerEvent, Next, PastAttempt

_log = get_logger(__name__)

HUNG_S = 60.0
"""A call that outlives all its limits by this has a line worker that hangs: the limits are the worker's."""
STOPPING_S = 4.0
"""As long as a stop waits for the release of the line; the number is held for the rest."""


async def carry(claim: Claim, desk: Desk, plan: Plan, why: str = "") -> Disposition | None:
    """Carry a claimed attempt to its end; gives how it ended (None: it was given back, nothing was dialed).

    `why` it goes out by this trunk is kept with its events.

    A cancellation hangs up, files the attempt as what it was, and then goes on as a cancellation. A call that
    nobody ends in time is broken off in the same way.
    """
    stop = asyncio.Event()
    attempt = Attempt(claim, desk, plan, stop, why)
    work = asyncio.create_task(attempt.run())
    profile = plan.profile
    longest_s = profile.setup_s + profile.ring_s + profile.talk_s + desk.handing_over_s
    limit = asyncio.create_task(desk.clock.sleep(longest_s + HUNG_S))
    try:
        await asyncio.wait({work, limit}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            _log.error("line worker hangs, call broken off", attempt=claim.attempt_id)
            attempt.hangs = True
            stop.set()
        await asyncio.shield(work)
        return attempt.disposition
    except asyncio.CancelledError:
        stop.set()
        await work
        raise
    finally:
        await drop(limit)


class Attempt:
    """One attempt under way. Use `run` once. `hangs`: its line worker does, nobody ends the far leg."""

    def __init__(self, claim: Claim, desk: Desk, plan: Plan, stop: asyncio.Event, why: str = "") -> None:
        self.hangs = False
        self.disposition: Disposition | None = None
        self._claim = claim
        self._desk = desk
        self._plan = plan
        self._trunk = desk.trunk(claim.trunk)
        customer = claim.customer
        self._dialed = self._trunk.dial(customer.phone, customer.extension, misdialled(claim.past), desk.home)
        self._stop = stop
        self._watch = Watch(claim, desk.observer, desk.clock)
        self._state = State.CLAIMED
        self._queued: deque[Event] = deque()
        self._leg: Leg | None = None
        self._inbox: Inbox | None = None
        self._overdue: asyncio.Task[None] | None = None
        self._stem = ""
        self._call_id = ""
        self._invited_at: float | None = None
        self._ringing_at: float | None = None
        self._answered_at: float | None = None
        self._permitted_at: datetime | None = None
        self._permitted_s = 0.0
        self._ended: line.Ended | None = None
        self._talked: Talked | None = None
        self._ears = Ears(desk.listener, plan.profile.answering)
        self._stopped = False
        self._released = False
        self._events: list[LedgerEvent] = []
        self._note("routed", trunk=claim.trunk, why=why, form=self._dialed.why)

    async def run(self) -> None:
        """From the claim to the filed attempt, or to the claim given back."""
        self._watch.tell()
        try:
            await self._take(await self._ask_permit())
            while self._state not in OVER:
                await self._take(await self._next())
        finally:
            if self._leg is not None and self._state not in OVER:
                self._leg.send(line.Hangup(self._leg.id))
            await self._drop_timer()
            await self._ears.close()
            if self._inbox is not None:
                await self._inbox.close()

    async def _take(self, event: Event) -> None:
        before = self._state
        self._state, commands = advance(before, event)
        if event is Event.STOP:
            self._stopped = before in (State.DIALING, State.RINGING, State.TALKING)
            await self._drop_timer()
        self._note(event.value)
        for command in commands:
            await self._carry_out(command)
        if self._state in (State.HANGING_UP, State.RELEASING):
            self._start_timer()

    async def _carry_out(self, command: Do) -> None:
        match command:
            case Do.ORIGINATE:
                self._originate()
            case Do.CONVERSE:
                await self._converse()
            case Do.HANG_UP:
                assert self._leg is not None
                self._leg.send(line.Hangup(self._leg.id))
            case Do.GIVE_BACK:
                await self._give_back()
            case Do.FILE:
                await self._file()

    # --- what happens

    async def _ask_permit(self) -> Event:
        if self._stop.is_set():
            return Event.STOP
        now = self._desk.clock.now()
        if not may_begin(self._plan.profile, now, agreed=self._claim.appointment is not None):
            return Event.DENIED  # we have slept since the claim
        self._stem = self._desk.recordings.stem(now, self._desk.extension)
        if not await ledger.permit_invite(self._desk.db, self._claim.attempt_id, now, recording=self._stem):
            return Event.DENIED
        self._permitted_at, self._permitted_s = now, self._machine_time(now)
        return Event.PERMITTED

    async def _next(self) -> Event:
        """The next event that the state machine knows."""
        while not self._queued:
            assert self._inbox is not None
            got = await self._inbox.next(self._overdue or self._ears.work)
            event = self._of_signal(got) if isinstance(got, Signal) else self._of_leg(got)
            if event is not None:
                return event
        return self._queued.popleft()

    def _of_signal(self, signal: Signal) -> Event | None:
        if signal is Signal.STOP:
            return Event.STOP
        if self._overdue is not None:
            return Event.OVERDUE
        self._ears.recognised()
        return self._announced()

    def _announced(self) -> Event | None:
        """What was heard before the answer may end the attempt."""
        waiting = self._state in (State.DIALING, State.RINGING)
        return Event.ANNOUNCED if waiting and self._ears.ends_at_once else None

    def _of_leg(self, event: line.Event) -> Event | None:
        """An event of the leg in the machine's words; None for what says nothing to it (a late `Played`)."""
        match event:
            case line.Invited():
                self._call_id, self._invited_at = event.call_id, event.at
                return Event.INVITED
            case line.Provisional():
                if event.rings:
                    self._ringing_at = event.at
                    self._watch.tell(stage=Stage.RINGING)
                return Event.RANG if event.rings else Event.PROGRESS
            case line.Answered():
                self._answered_at = event.at
                self._watch.tell(stage=Stage.TALKING)
                return Event.ANSWERED
            case line.Ended():
                self._ended = event
                return Event.ENDED
            case line.SlotFree():
                self._released = True
                return Event.SLOT_FREE
            case line.Utterance() | line.Tone():
                if isinstance(event, line.Tone):
                    began = self._desk.clock.at(event.at)
                    self._events.append(LedgerEvent(began, "tone", {"kind": event.kind.value}))
                self._ears.overhear(event)
                return self._announced()
            case line.Refused() if event.command == "Originate":
                if not event.late:
                    self._note(UNSENT, why=event.why)
                self._never_left(event.why)
                return self._queued.popleft()
            case _:
                return None

    def _never_left(self, why: str) -> None:
        """No INVITE left: nothing was dialed, and nothing will follow."""
        now = self._machine_time()
        self._ended = line.Ended(self._leg_id, 0, why, 0, line.EndedBy.FAILURE, False, None, None, None, now)
        self._released = True
        self._queued.extend((Event.ENDED, Event.SLOT_FREE))

    # --- what is done

    def _originate(self) -> None:
        profile, trunk = self._plan.profile, self._trunk
        order = line.Originate(
            leg=self._leg_id,
            uri=trunk.request_uri(self._dialed),
            from_uri=trunk.from_uri,
            headers=trunk.headers,
            ring_limit_s=profile.ring_s,
            setup_limit_s=profile.setup_s,
            talk_limit_s=min(profile.talk_s, trunk.longest_s or profile.talk_s),
            trunk=trunk.name,
            record_system=str(self._track(SYSTEM)),
            record_customer=str(self._track(CUSTOMER)),
            early_ear=self._ears.early,
            record_early=str(self._track(EARLY)) if self._ears.early else "",
            not_after=self._permitted_s + LEAVING_S,
        )
        self._watch.tell(stage=Stage.DIALING)
        try:
            # What cannot be said to this customer must not ring.
            self._plan.open(self._claim, self._desk.clock.now())
            self._leg = self._desk.lines.originate(order)
        except (InputError, LineError) as error:
            _log.error("a call was not dialed", attempt=self._claim.attempt_id, error=str(error))
            self._never_left(str(error))
            return
        self._inbox = Inbox(self._leg, self._stop)

    async def _converse(self) -> None:
        assert self._leg is not None
        assert self._inbox is not None
        desk = self._desk
        await self._press_extension(self._leg)
        greeted = await self._ears.greet(self._leg, self._inbox, desk.clock)
        if not greeted.person:
            self._talk_is_over(greeted.ended, stopped=greeted.stopped)
            return
        session, actions = self._plan.open(self._claim, desk.clock.now())
        conversation = Conversation(
            self._leg,
            self._inbox,
            session,
            ear=desk.ear,
            prompts=desk.prompts,
            clock=desk.clock,
            watch=self._watch,
            least_hold_s=self._plan.profile.closing_hold_s,
            listener=self._ears.at_answers,
            spoke=self._ears.spoke,
            transfers=self._transfers(self._leg),
        )
        self._talked = await conversation.run(actions)
        self._ears.heard = self._talked.heard
        reactions = [round(one, 3) for one in self._talked.reactions_s]
        self._note("conversation", reactions_s=reactions, cut_ins=self._talked.cut_ins)
        self._talk_is_over(self._talked.ended, stopped=self._talked.stopped)

    def _transfers(self, leg: Leg) -> Transferring | None:
        board, customer = self._desk.switchboard, self._claim.customer
        if board is None:
            return None
        call = HandedCall(leg, self._claim.attempt_id, who_serves(customer), self._trunk.longest_s)
        return Transferring(board, call, self._desk.clock, self._note)

    def _talk_is_over(self, ended: line.Ended | None, *, stopped: bool) -> None:
        self._ended = ended
        if ended is not None:
            self._queued.append(Event.ENDED)
        else:
            self._queued.append(Event.STOP if stopped else Event.TALKED)

    async def _press_extension(self, leg: Leg) -> None:
        """Keys for the switchboard that answered, a pause before and after them: then the script begins."""
        keys, pause_s = self._dialed.extension, self._trunk.extension_pause_s
        if keys:
            await self._desk.clock.sleep(pause_s)
            leg.send(line.SendKeys(leg.id, keys))
            self._note("extension", keys=keys)
            await self._desk.clock.sleep(pause_s)

    async def _give_back(self) -> None:
        try:
            await ledger.give_back(self._desk.db, self._claim.attempt_id, self._desk.clock.now())
        except IllegalTransition as error:
            # Our lease was over and another process has given it back already: as it should be.
            _log.warning("claim lost", attempt=self._claim.attempt_id, why=str(error))
        self._watch.tell(stage=Stage.ENDED)

    async def _file(self) -> None:
        """Classify, decide, and write everything in one transaction."""
        now = self._desk.clock.now()
        times = self._invited_at, self._ringing_at, self._answered_at
        ended = self._ended or unended(self._leg_id, self._machine_time(), *times)
        result = self._talked.result if self._talked else None
        detail = await self._ears.settle(self._track(EARLY), answered=self._answered_at is not None)
        if detail:
            self._note("heard", **detail)
        ring_s, heard = self._plan.profile.ring_s, self._ears.heard
        verdict = classify(ended, result, ring_s=ring_s, stopped=self._stopped, heard=heard)
        self.disposition = verdict.disposition
        past = PastAttempt(
            self._claim.n, self._permitted_at, now, verdict.disposition.value, verdict.rung, verdict.valid
        )
        step = decide(
            self._plan.profile,
            (*self._claim.past, past),
            now,
            appointment=result.appointment if result else None,
            deadline=self._claim.deadline,
            spread=self._claim.follow_up_id,
        )
        self._note("classified", disposition=verdict.disposition.value, why=verdict.why, rule=step.rule)
        await self._keep(self._closing(ended, verdict, step, now))
        await self._desk.recordings.put_away(self._stem)
        self._watch.tell(
            stage=Stage.ENDED,
            disposition=verdict.disposition.value,
            closed=step.due_at is None,
            outcome=step.disposition if step.due_at is None else "",
            next_due=step.due_at,
        )

    async def _keep(self, closing: Closing) -> None:
        try:
            await keep(self._desk.db, replace(closing, events=tuple(self._events)), self._desk.clock)
        except IllegalTransition as error:
            # We were thought dead and the attempt was closed for us, as rung: nothing to add to the count.
            _log.error("attempt closed by another", attempt=closing.attempt_id, why=str(error))
            self._note("closed by another", answers={one.question: one.value for one in closing.answers})
            phone = self._claim.customer.phone
            await add(self._desk.db, closing, phone, self._events, self._desk.clock.now())

    def _closing(self, ended: line.Ended, verdict: Verdict, step: Next, now: datetime) -> Closing:
        held = timedelta(seconds=hold_s(ended, hangs=self.hangs))
        call = Call(
            self._claim.attempt_id,
            self._call_id,
            self._stem,
            ended,
            self._talked,
            at=self._desk.clock.at,
            profile=self._plan.profile,
            kinds=self._plan.kinds,
            taken_over=any(one.kind == HANDED_OVER for one in self._events),
        )
        return closing(call, verdict, step, None if self._released else now + held)

    def _start_timer(self) -> None:
        """Run out of patience with the line's release; sooner on a stop."""
        if self._overdue is None:
            limit_s = STOPPING_S if self._stop.is_set() else RELEASE_S
            self._overdue = asyncio.create_task(self._desk.clock.sleep(limit_s))

    async def _drop_timer(self) -> None:
        await drop(self._overdue)
        self._overdue = None

    def _note(self, kind: str, **detail: object) -> None:
        self._events.append(LedgerEvent(self._desk.clock.now(), kind, dict(detail)))

    @property
    def _leg_id(self) -> str:
        return f"a{self._claim.attempt_id}"

    def _track(self, party: str) -> Path:
        return track(self._desk.recordings.data, self._stem, party)

    def _machine_time(self, at: datetime | None = None) -> float:
        """Machine seconds of a business time, the present one unless told: what `clock.at` turns back."""
        now = at or self._desk.clock.now()
        return now.timestamp() - self._desk.clock.at(0.0).timestamp()
