"""The paper that a page was asked for, as the reader may see it (C4, A5)."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import HTTPException, Request

from base.errors import InputError
from office.reports import choosing as kinds
from office.reports.choosing import KINDS, Wanted
from office.reports.making import Made
from papers import layout
from papers import signing as lines
from papers.paper import Paper
from papers.stretches import stretch
from plans.paperwork import Grade, Way
from qa import access, asking, choosing
from qa.guarding import console_of, user_of
from records import filed_papers
from records.filed_papers import Filed
from records.staff import staff_names

_MOST_CALL = 2**63 - 1
_MOST_TEXT = 200
"""What is asked for is kept with what it gave: nobody fills the memory with long words."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper that is asked for.

    Attributes:
        made: which of `count` that were made.
        paper: the same with the signatures over what it says.
        filed: as the books know it, whatever it said then; None: it is not there.
    """

    made: Made
    count: int
    paper: Paper
    filed: Filed | None

    @property
    def as_filed(self) -> bool:
        """Whether the books have just this content."""
        return self.filed is not None and self.filed.sha256 == layout.digest(self.paper)

    @property
    def waiting(self) -> str:
        """Who signs next; "" for nobody."""
        if self.filed is None or not self.as_filed:
            return ""
        done = {one.role for one in self.filed.signed}
        return next((role for role in self.filed.chain if role not in done), "")


async def shown_of(request: Request) -> Shown:
    """Raises InputError for what is not there, or tells of another branch (C4); 403 for whole numbers."""
    console, user = console_of(request), user_of(request)
    wanted = _wanted(request)
    if KINDS[wanted.kind].whole and not user.roles & access.FULL_NUMBERS:
        raise HTTPException(403)
    name = await choosing.profile_name(console, request.query_params.get("profile", ""))
    profile = await choosing.profile_of(console, name)
    if user.branch and await kinds.branch_of(console.place, profile, wanted) != user.branch:
        raise InputError("is no paper of your branch", where=KINDS[wanted.kind].title)
    found = await console.figures.of(
        ("papers", name, wanted), lambda: kinds.make(console.place, profile, wanted)
    )
    made = found[min(asking.count(request.query_params.get("n", "0").lstrip("0"), 99) or 0, len(found) - 1)]
    filed = await filed_papers.known(console.database, made.paper.number)
    acts = filed.signed if filed and filed.sha256 == layout.digest(made.paper) else ()
    return Shown(made, len(found), lines.signed(made.paper, acts, await staff_names(console.database)), filed)


def _wanted(request: Request) -> Wanted:
    asked = request.query_params
    if long := next((name for name, value in asked.items() if len(value) > _MOST_TEXT), ""):
        raise InputError(f"is longer than {_MOST_TEXT} characters", where=long)
    if asked.get("kind", "") not in KINDS:
        raise InputError("there is no such kind of paper", where=asked.get("kind", ""))
    try:
        span = stretch(asked["period"]) if asked.get("period") else None
    except ValueError as error:
        raise InputError(str(error)) from error
    return Wanted(
        way=asking.one_of(Way, asked.get("way", "")) or Way.SMS,
        kind=asked["kind"],
        span=span,
        branch=asking.branch_asked(user_of(request), asked),
        number=asked.get("number", "").strip(),
        grade=asking.one_of(Grade, asked.get("grade", "")),
        words=asked.get("words", ""),
        call=asking.count(asked.get("call", ""), _MOST_CALL) or 0,
        account=asked.get("account", "").strip(),
        campaign=asked.get("campaign", "").strip(),
        department=asked.get("department", "").strip(),
    )
