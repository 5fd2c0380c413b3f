"""The SIP messages of one call, as PJSIP's log shows them: the only witness of what really passed.

After a hangup PJSUA2 reports nothing more (a 200 that crosses our CANCEL is acknowledged and ended
unseen), so whose doing the end was, and when the number is free again, is read from here. Pure: times are
arguments, in seconds since 1970.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LONGEST = 120
"""Lines kept of one call's ladder."""

LOGGED = re.compile(r"(?P<way>TX|RX) \d+ bytes (?:Request|Response) msg [^\n]*\n")
START = re.compile(
    r"(?:SIP/2\.0 (?P<status>\d{3}) ?(?P<reason>[^\r\n]*)|(?P<method>[A-Z]+) (?P<uri>\S+) SIP/2\.0)"
)
HEADER = re.compile(r"^(?P<name>[\w-]+)[ \t]*:[ \t]*(?P<value>[^\r\n]*)", re.MULTILINE)
CAUSE = re.compile(r"Q\.850\s*;.*?cause\s*=\s*(\d+)", re.IGNORECASE)
COMPACT = {"i": "call-id", "c": "content-type", "f": "from", "t": "to", "l": "content-length"}
REPEATED = {401, 407, 422, 491}
"""Finals after which the INVITE is sent again in the same call."""


@dataclass(frozen=True, slots=True)
class Message:
    """One SIP message.

    Attributes:
        at: when it passed, seconds since 1970.
        sent: by us.
        call_id: its Call-ID.
        method: of the request, or of the request a response answers (from CSeq).
        status, reason: of a response; 0 and "" for a request.
        q850: cause of a Reason header, 0 without one (RFC 3326).
        sdp: carries a session description.
        uri, caller: request URI and the From header's value.
    """

    at: float
    sent: bool
    call_id: str
    method: str
    status: int = 0
    reason: str = ""
    q850: int = 0
    sdp: bool = False
    uri: str = ""
    caller: str = ""

    @property
    def request(self) -> bool:
        """True for a request."""
        return self.status == 0

    def line(self, since: float) -> str:
        """One rung: "0.012 < 100 Trying"."""
        what = self.method if self.request else f"{self.status} {self.reason}".rstrip()
        return f"{self.at - since:.3f} {'>' if self.sent else '<'} {what}"


def headers(text: str) -> dict[str, str]:
    """The headers of a message by lower-case name (of repeated ones the first)."""
    head = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    found: dict[str, str] = {}
    for match in HEADER.finditer(head, head.find("\n") + 1):
        name = match["name"].lower()
        found.setdefault(COMPACT.get(name, name), match["value"].strip())
    return found


def parse(text: str, *, at: float, sent: bool) -> Message | None:
    """Read one SIP message; None when the text is none."""
    start = START.match(text)
    if start is None:
        return None
    head = headers(text)
    cause = CAUSE.search(head.get("reason", ""))
    answers = head.get("cseq", "").split()
    return Message(
        at=at,
        sent=sent,
        call_id=head.get("call-id", ""),
        method=start["method"] or (answers[-1] if answers else ""),
        status=int(start["status"] or 0),
        reason=(start["reason"] or "").strip(),
        q850=int(cause[1]) if cause else 0,
        sdp=head.get("content-type", "").lower().startswith("application/sdp"),
        uri=start["uri"] or "",
        caller=head.get("from", ""),
    )


def read_log(entry: str, at: float) -> Message | None:
    """The SIP message in one entry of PJSIP's log (level 4); None when the entry is about something else."""
    logged = LOGGED.search(entry)
    return parse(entry[logged.end() :], at=at, sent=logged["way"] == "TX") if logged else None


@dataclass(slots=True)
class Ladder:
    """What the messages of one call say, in order of arrival.

    Attributes:
        outgoing: we sent the INVITE.
        rang: the message that started the ringing: the first 180, before one came the first 183.
        final: the INVITE's final response, once there is one.
        cancelled, bye: the CANCEL and the first BYE.
        done: nothing more is to come: the far end knows that the call is over.
    """

    messages: list[Message] = field(default_factory=list)
    outgoing: bool = True
    invited: Message | None = None
    rang: Message | None = None
    final: Message | None = None
    cancelled: Message | None = None
    bye: Message | None = None
    done: bool = False
    q850: int = 0

    def add(self, message: Message) -> None:
        """Take the next message."""
        self.messages.append(message)
        self.q850 = message.q850 or self.q850
        if message.request:
            self._request(message)
        elif message.method == "INVITE":
            self._invite_response(message)
        elif message.method == "BYE" and message.status >= 200:
            self.done = True

    def _request(self, message: Message) -> None:
        if message.method == "INVITE" and self.invited is None:
            self.invited, self.outgoing = message, message.sent
        elif message.method == "INVITE" and self.final is not None and self.final.status in REPEATED:
            self.final, self.done = None, False
        elif message.method == "CANCEL" and self.final is None:
            # A CANCEL that comes after the final response does nothing (RFC 3261, 9.2).
            self.cancelled = self.cancelled or message
        elif message.method == "BYE":
            self.bye = self.bye or message

    def _invite_response(self, message: Message) -> None:
        if message.sent == self.outgoing or self._answered():
            return
        ringing = self.rang is not None and self.rang.status == 180
        if (message.status == 180 and not ringing) or (message.status == 183 and self.rang is None):
            self.rang = message
        elif message.status >= 200:
            self.final = message
            self.done = message.status >= 300

    def _answered(self) -> bool:
        return self.final is not None and self.final.status < 300

    @property
    def lines(self) -> tuple[str, ...]:
        """The ladder for people, seconds since the INVITE."""
        if not self.messages:
            return ()
        since = self.messages[0].at
        return tuple(message.line(since) for message in self.messages[:LONGEST])
