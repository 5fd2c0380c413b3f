"""One row of the table of far-end behaviours, and the far ends that refuse."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dialer.disposition import Disposition as D
from dialer.line.protocol import EndedBy
from dialer.line.settings import TrunkAccount
from tests.matrix.sipp_end import NO_HEADER, Sipp
from tests.matrix.witness import Standing

RING_S, SETUP_S, TALK_S, SILENCE_S = 3.0, 4.5, 12.0, 0.5

US, THEM = EndedBy.US, EndedBy.THEM
RING, SETUP, TALK, FAILURE = EndedBy.RING_LIMIT, EndedBy.SETUP_LIMIT, EndedBy.TALK_LIMIT, EndedBy.FAILURE
QUARTER, HOUR, SOON = 900, 3600, 300
CLOSE = None


class Far(Protocol):
    """A far end that can be set up."""

    def open(self, folder: Path) -> AbstractAsyncContextManager[Standing]:
        """Set it up for one call; files go into `folder`, named like its number."""
        ...


@dataclass(frozen=True)
class Row:
    """One behaviour.

    Attributes:
        name: what the far end does, in words.
        again_s: least seconds to the next attempt; None closes the follow-up with the disposition.
        by: whose doing the end was.
        seen: what came in at the far end, in order, as a regular expression; "" where it does not tell.
        rang: the far end saw the CANCEL no sooner than the ring limit after its ringing began (D1).
        rang_after_s: so long after that message its ringing began: what rings is only heard.
        heard: an event keeps what was heard, as this disposition's, and before the answer its recording.
        talked_s: least length of the talk that was filed.
        slow: takes 64*T1 (32 s).
        account: the trunk's account that the call goes out by, made when the far end stands: from the SIP
            URI of the far end and its folder. None: the endpoint's plain one.
    """

    name: str
    far: Far
    disposition: D
    status: int
    again_s: int | None
    by: EndedBy = EndedBy.THEM
    rung: bool = True
    valid: bool = True
    q850: int = 0
    seen: str = "INVITE ACK"
    rang: str = ""
    rang_after_s: float = 0.0
    heard: bool = False
    talked_s: float = 0.0
    slow: bool = False
    account: Callable[[str, Path], TrunkAccount] | None = None


def refusal(
    status: str,
    disposition: D,
    again_s: int | None,
    *,
    cause: int = 0,
    rung: bool = True,
    valid: bool = True,
) -> Row:
    """Refused at once, by SIPp."""
    extra = f'Reason: Q.850;cause={cause};text="x"' if cause else NO_HEADER
    name = f"refuses with {status}" + (f", Q.850 cause {cause}" if cause else "")
    code = int(status.split()[0])
    far = Sipp("refuse.xml", status, extra)
    return Row(name, far, disposition, code, again_s, rung=rung, valid=valid, q850=cause)


def cut(status: str, disposition: D, again_s: int | None, *, cause: int = 0, valid: bool = True) -> Row:
    """Refused after 0.6 s of ringing, by SIPp."""
    extra = f"Reason: Q.850;cause={cause}" if cause else NO_HEADER
    name = f"rings, then {status}" + (f", Q.850 cause {cause}" if cause else "") + " before our limit"
    code = int(status.split()[0])
    far = Sipp("ring_then_refuse.xml", status, extra)
    return Row(name, far, disposition, code, again_s, valid=valid, q850=cause)
