"""A far end without a SIP stack: it plays a list of steps, also such as no stack would ever play."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from base.audio import Samples
from dialer.line.ladder import START, headers
from tests.matrix.sound import Sound
from tests.matrix.witness import Seen

SDP = (
    "v=0\r\no=far {version} {version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\na={direction}\r\n"
)
OTHER_CODECS = {
    "foreign": ("8 101\r\na=rtpmap:8 PCMA", "97 101\r\na=rtpmap:97 other"),
    "pcmu": ("8 101\r\na=rtpmap:8 PCMA", "0 101\r\na=rtpmap:0 PCMU"),
}
"""What is put in the place of the usual codec."""
REALM, NONCE = "far", "5f3e"
USER, PASSWORD = "huifang", "callback-1"


@dataclass(frozen=True, slots=True)
class Answer:
    """Respond to the last INVITE, or to the last `to`.

    Attributes:
        sdp: direction of the session description, "foreign" for one with a codec that we
            don't have, "pcmu" for one with our second; "" for none.
        tag: of the To header; another one is another phone that a proxy forked to.
        rtp: 1 for another RTP port than before.
    """

    status: str
    sdp: str = ""
    extra: tuple[str, ...] = ()
    tag: str = "far"
    to: str = "INVITE"
    rtp: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """Send a request within the call: BYE, UPDATE, a second INVITE; `body` is (content type, text)."""

    method: str
    sdp: str = ""
    extra: tuple[str, ...] = ()
    body: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Take:
    """Wait for a request, or for a response by its status."""

    what: str


@dataclass(frozen=True, slots=True)
class Rtp:
    """Send silence for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Sounds:
    """Send these sounds, one after the other."""

    sounds: tuple[Callable[[], Samples], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """Press a key (RFC 4733)."""

    digit: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """Ask for credentials (401 or 407) and check them; the call goes on only where `password` was used."""

    status: str
    password: str = PASSWORD
    algorithm: str = "MD5"


@dataclass(frozen=True, slots=True)
class Raw:
    """Send these bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Call from elsewhere, to replace this call (RFC 3891)."""


@dataclass(frozen=True, slots=True)
class Vanish:
    """Be gone: from now on nothing is answered."""


Step = Answer | Ask | Take | Rtp | Sounds | Key | Challenge | Raw | TakeOver | Vanish | float

OBLIGING_CANCEL: tuple[Step, ...] = (Answer("200 OK", to="CANCEL"), Answer("487 Request Terminated"))
OBLIGING_BYE: tuple[Step, ...] = (Answer("200 OK", to="BYE"),)

RINGING: tuple[Step, ...] = (Answer("100 Trying"), Answer("180 Ringing"))
UP: tuple[Step, ...] = (*RINGING, 0.1, Answer("200 OK", "sendrecv"), Take("ACK"))
KEY: tuple[Step, ...] = (1.3, Key(1))


@dataclass(frozen=True)
class Scripted:
    """The steps after the INVITE, and what a CANCEL (which ends them) and a BYE get."""

    steps: tuple[Step, ...] = ()
    cancel: tuple[Step, ...] = OBLIGING_CANCEL
    bye: tuple[Step, ...] = OBLIGING_BYE

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[Peer]:  # noqa: ARG002
        """Stand at a port of 127.0.0.1 for one call; `folder` is not used."""
        loop = asyncio.get_running_loop()
        transport, peer = await loop.create_datagram_endpoint(lambda: Peer(self), ("127.0.0.1", 0))
        try:
            yield peer
        finally:
            await peer.close()
            transport.close()


@dataclass
class Peer(asyncio.DatagramProtocol):
    """The far end of one call, playing its steps."""

    plan: Scripted
    messages: list[Seen] = field(default_factory=list)
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    gone: bool = False

    def __post_init__(self) -> None:
        self._came: asyncio.Queue[str] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._transport: asyncio.DatagramTransport | None = None
        self._rtp: list[asyncio.DatagramTransport] = []
        self._sound: Sound | None = None
        self._asked = self._version = 0
        self._caller = ("", 0)

    async def close(self) -> None:
        """Stop playing."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for transport in self._rtp:
            transport.close()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    @property
    def port(self) -> int:
        """Where it stands."""
        assert self._transport is not None
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    def seen(self) -> list[Seen]:
        """All messages so far."""
        return self.messages

    # --- in

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        start = START.match(text)
        if start is None or self.gone:
            return
        head = headers(text)
        what = start["method"] or start["status"]
        mark = f"{head['cseq']} {head['via'].partition('branch=')[2]}"
        again = any(one.received and (one.what, one.mark) == (what, mark) for one in self.messages)
        self.messages.append(Seen(time.monotonic(), True, what, mark))
        if not again and what[0] != "1":
            self._caller = addr
            self._take(what, head, text)

    def _take(self, what: str, head: dict[str, str], text: str) -> None:
        if what.isalpha():
            self.requests[what] = head
        if what == "INVITE" and not self._tasks:
            self._aim(text)
            self._play(self.plan.steps)
        elif what == "CANCEL":
            self._tasks[0].cancel()
            self._play(self.plan.cancel)
        elif what == "BYE":
            self._play(self.plan.bye)
        else:
            self._came.put_nowait(what)

    def _aim(self, offer: str) -> None:
        """Remember where the offer wants the sound."""
        found = re.search(r"^m=audio (\d+)", offer, re.MULTILINE)
        self._sound_to = ("127.0.0.1", int(found[1]) if found else 9)

    def _play(self, steps: tuple[Step, ...]) -> None:
        self._tasks.append(asyncio.create_task(self._run(steps)))

    async def _run(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            await self._do(step)

    async def _do(self, step: Step) -> None:
        match step:
            case Answer():
                await self._answer(step)
            case Ask():
                await self._ask(step)
            case Take():
                while await self._came.get() != step.what:
                    pass
            case Rtp():
                await (await self._sounding()).silence(step.seconds)
            case Sounds():
                for make in step.sounds:
                    await (await self._sounding()).play(make())
            case Key():
                await (await self._sounding()).key(step.digit)
            case Challenge():
                await self._challenge(step)
            case Raw():
                assert self._transport is not None
                self._transport.sendto(step.data, self._caller)
            case TakeOver():
                await self._take_over()
            case Vanish():
                self.gone = True
            case _:
                await asyncio.sleep(step)

    # --- out

    async def _answer(self, answer: Answer) -> None:
        request = self.requests[answer.to]
        body = await self._description(answer.sdp, answer.rtp)
        trying = answer.status.startswith("100")
        self._send(
            answer.status.split()[0],
            (
                f"SIP/2.0 {answer.status}",
                f"Via: {request['via']}",
                f"From: {request['from']}",
                f"To: {request['to'].partition(';tag')[0]}{'' if trying else ';tag=' + answer.tag}",
                f"Call-ID: {request['call-id']}",
                f"CSeq: {request['cseq']}",
                f"Contact: <sip:far@127.0.0.1:{self.port}>",
                *answer.extra,
            ),
            body,
        )

    async def _ask(self, ask: Ask) -> None:
        self._asked += 1
        await self._request(ask, self._asked)
        if ask.method == "INVITE":
            self._tasks.append(asyncio.create_task(self._acknowledge(self._asked)))

    async def _request(self, ask: Ask, number: int, branch: str = "") -> None:
        invite = self.requests["INVITE"]
        self._send(
            ask.method,
            (
                f"{ask.method} {self._target()} SIP/2.0",
                f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK-far-{self.port}-{number}{branch}",
                f"From: {invite['to'].partition(';tag')[0]};tag=far",
                f"To: {invite['from']}",
                f"Call-ID: {invite['call-id']}",
                f"CSeq: {number} {ask.method}",
                "Max-Forwards: 70",
                f"Contact: <sip:far@127.0.0.1:{self.port}>",
                *ask.extra,
            ),
            ask.body[1] or await self._description(ask.sdp, 0),
            ask.body[0] or "application/sdp",
        )

    def _target(self) -> str:
        """Where the caller wants requests."""
        found = re.search(r"<([^>]+)>", self.requests["INVITE"]["contact"])
        assert found is not None
        return found[1]

    async def _take_over(self) -> None:
        invite = self.requests["INVITE"]
        ours, target = invite["from"].partition(";tag=")[2], self._target()
        self._send(
            "INVITE",
            (
                f"INVITE {target} SIP/2.0",
                f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK-other-{self.port}",
                "From: <sip:other@127.0.0.1>;tag=other",
                f"To: <{target}>",
                f"Call-ID: other-{self.port}",
                "CSeq: 1 INVITE",
                "Max-Forwards: 70",
                f"Contact: <sip:other@127.0.0.1:{self.port}>",
                f"Replaces: {invite['call-id']};to-tag={ours};from-tag=far",
            ),
            await self._description("sendrecv", 0),
        )

    async def _acknowledge(self, number: int) -> None:
        """ACK whatever final response our re-INVITE gets."""
        while not (finals := [one for one in self.messages if self._is_final(one, number)]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await self._request(Ask("ACK"), number, "" if finals[0].what >= "300" else "a")

    def _is_final(self, one: Seen, number: int) -> bool:
        return one.received and one.what.isdigit() and one.mark.startswith(f"{number} INVITE")

    def _send(self, what: str, lines: tuple[str, ...], body: str, kind: str = "application/sdp") -> None:
        assert self._transport is not None
        kinds = (f"Content-Type: {kind}",) if body else ()
        text = "\r\n".join((*lines, *kinds, f"Content-Length: {len(body)}")) + "\r\n\r\n" + body
        self.messages.append(Seen(time.monotonic(), False, what, ""))
        self._transport.sendto(text.encode(), self._caller)

    async def _description(self, direction: str, rtp: int) -> str:
        if not direction:
            return ""
        while len(self._rtp) <= rtp:
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, ("127.0.0.1", 0))
            self._rtp.append(transport)
        port = self._rtp[rtp].get_extra_info("sockname")[1]
        self._version += 1
        if direction in OTHER_CODECS:
            usual = SDP.format(port=port, version=self._version, direction="sendrecv")
            return usual.replace(*OTHER_CODECS[direction])
        return SDP.format(port=port, version=self._version, direction=direction)

    async def _sounding(self) -> Sound:
        if self._sound is None:
            await self._description("sendrecv", 0)
            self._sound = Sound(self._rtp[0], self._sound_to)
        return self._sound

    async def _challenge(self, challenge: Challenge) -> None:
        """Until right credentials come, or the caller gives up."""
        word = "WWW-Authenticate" if challenge.status.startswith("401") else "Proxy-Authenticate"
        given = "authorization" if challenge.status.startswith("401") else "proxy-authorization"
        terms = f'{word}: Digest realm="{REALM}", nonce="{NONCE}", algorithm={challenge.algorithm}'
        while not is_right(self.requests["INVITE"].get(given, ""), challenge):
            await self._answer(Answer(challenge.status, extra=(terms,)))
            while await self._came.get() != "INVITE":
                pass


def is_right(given: str, challenge: Challenge) -> bool:
    """Whether the credentials are those of the password (RFC 7616, without qop)."""
    fields = dict(re.findall(r'(\w+)="?([^",]+)"?', given))
    maker = hashlib.sha256 if challenge.algorithm == "SHA-256" else hashlib.md5

    def digest(text: str) -> str:
        return maker(text.encode()).hexdigest()

    secret = digest(f"{USER}:{REALM}:{challenge.password}")
    wanted = digest(f"{secret}:{NONCE}:{digest('INVITE:' + fields.get('uri', ''))}")
    return str(fields.get("response", "")).strip() == wanted
