"""Which trunk carries the next call, and why. Pure: states in, decisions out.

The dedicated callback number goes first (D5). Main trunks share the calls by weight (smooth weighted round
robin: 5:1:1 gives AAABACA, never a burst), and stand in for each other when one is paused, down, full or
capped. A fall-back line is taken only when every main one has *failed*, being full is no failure, or when a
customer did not answer the main number several times. A customer whose call failed on a main line is tried
on another one. Every line records; settings refuse one that does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dialer.disposition import Disposition
from records.model import PastAttempt

Role = Literal["main", "fallback"]
Credits = Mapping[str, float]
"""What each trunk has coming to it; begins empty."""

_NOT_PICKED_UP = frozenset({Disposition.NO_ANSWER, Disposition.CARRIER_CUT})


@dataclass(frozen=True, slots=True)
class LineState:
    """A trunk as it stands now.

    Attributes:
        failed: why it cannot carry calls at all (paused, down, not registered); "" when it can.
        busy: why it cannot carry one just now (full, pace, cap); "" when it can.
        unanswered: a fall-back line takes over after so many unanswered attempts; 0 never.
    """

    name: str
    role: Role = "main"
    weight: int = 1
    failed: str = ""
    busy: str = ""
    unanswered: int = 0

    @property
    def free(self) -> bool:
        """Whether it can carry a call now."""
        return not self.failed and not self.busy


@dataclass(frozen=True, slots=True)
class Choice:
    """A trunk and the reason for it. `credits`: what to remember once the call is made."""

    trunk: str
    why: str
    credits: Credits


def choices(lines: Sequence[LineState], credits: Credits) -> tuple[Choice, ...]:
    """The trunks that may carry the next call, in the order in which to try them; empty when it must wait."""
    mains = [line for line in lines if line.role == "main"]
    if any(not line.failed for line in mains):
        usable, why = [line for line in mains if line.free], ""
    else:
        usable = [line for line in lines if line.role == "fallback" and line.free]
        why = "; ".join(f"{line.name} {line.failed}" for line in mains)
    return tuple(_ordered(usable, credits, mains, why))


def _ordered(
    usable: Sequence[LineState], credits: Credits, mains: Sequence[LineState], failed: str
) -> Iterable[Choice]:
    """By credit after this turn's share; whoever is taken pays for all (smooth weighted round robin)."""
    total = sum(line.weight for line in usable)
    earned = {line.name: credits.get(line.name, 0.0) + line.weight for line in usable}
    for line in sorted(usable, key=lambda one: -earned[one.name]):
        paid = {**credits, **earned, line.name: earned[line.name] - total}
        yield Choice(line.name, _why(usable, mains, failed), paid)


def _why(usable: Sequence[LineState], mains: Sequence[LineState], failed: str) -> str:
    if failed:
        return f"D5: fall-back line, {failed}"
    if len(mains) == 1:
        return "D5: the dedicated line"
    others = [f"{one.name} {one.failed or one.busy}" for one in mains if not one.free]
    shares = ":".join(str(one.weight) for one in usable)
    turn = f"its turn by weight {shares}" if len(usable) > 1 else "the only one free"
    return f"D5: main line, {turn}" + (f" ({'; '.join(others)})" if others else "")


def other_line(lines: Sequence[LineState], past: Sequence[PastAttempt], taken: str) -> tuple[str, str] | None:
    """Another line for a customer whom this one does not reach (D5), with the reason.

    Another main line where this one failed the customer's call before; the fall-back line where the main
    number is not picked up.

    Args:
        lines: all trunks.
        past: the follow-up's attempts.
        taken: the trunk that the claim has.
    """
    return _after_failure(lines, past, taken) or _after_silence(lines, past, taken)


def _after_failure(
    lines: Sequence[LineState], past: Sequence[PastAttempt], taken: str
) -> tuple[str, str] | None:
    failed = {one.trunk for one in past if one.disposition == Disposition.LINE_FAILURE}
    if taken not in failed:
        return None
    fresh = (line for line in lines if line.role == "main" and line.free and line.name not in failed)
    return next(((line.name, f"D5: main line, {taken} failed before") for line in fresh), None)


def _after_silence(
    lines: Sequence[LineState], past: Sequence[PastAttempt], taken: str
) -> tuple[str, str] | None:
    unanswered = sum(one.disposition in _NOT_PICKED_UP for one in past)
    for line in lines:
        due = line.role == "fallback" and line.unanswered and unanswered >= line.unanswered
        if due and line.free and line.name != taken:
            return line.name, f"D5: fall-back line, {unanswered} attempts were not answered"
    return None
