"""How a conversation takes turns: how soon it replies, whether it cuts in. Pure; seconds of the recording."""

from __future__ import annotations

CUT_IN_S = 0.5
"""Who speaks on so soon after our reply began was not done: we cut in."""

CROSSED_S = 0.1
"""So much earlier it may have begun: our reply was under way."""


class Reactions:
    """Kept by the conversation. `times_s`: from the end of the customer's answer to our next prompt."""

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.cut_ins = 0
        self._quiet_since: float | None = None
        self._began_s: list[float] = []

    def answered(self, until_s: float) -> None:
        """The customer's speech ended then, or a key was pressed."""
        self._quiet_since = until_s

    def began(self, at_s: float) -> None:
        """The customer began to speak, or went on."""
        self._began_s.append(at_s)

    def replied(self, start_s: float) -> None:
        """A prompt began then; told when it has ended."""
        if self._quiet_since is None:
            return
        self.times_s.append(start_s - self._quiet_since)
        self._quiet_since = None
        self.cut_ins += any(start_s - CROSSED_S <= at_s <= start_s + CUT_IN_S for at_s in self._began_s)
        self._began_s.clear()
