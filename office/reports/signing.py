"""Papers signed by people of the firm: one, or the records of clean calls together (R6, A1)."""

from __future__ import annotations

from collections.abc import Sequence

from base.errors import InputError
from office.place import Place
from office.planning.sheets import kept_away
from papers import signing
from plans.approving import involvement
from plans.avoidance import may_review
from records import filed_papers, flags, staff
from records.filed_papers import Filed


async def sign(site: Place, numbers: Sequence[str], role: str, by: str, proof: str) -> list[Filed]:
    """Sign papers that were made, each over its hash, all or none.

    Args:
        proof: how `by` has shown who they are, before this: "password"; "" on a site where nobody can.

    Raises:
        InputError: none was made; this person may not sign as that now, or is involved with a customer whom
            it names (A1); one of several is no record of a clean call.
    """
    papers = [await filed_papers.get(site.database, one) for one in dict.fromkeys(numbers)]
    for one in papers:
        why = signing.refusal(one, role, by) or await _involved(site, one, by)
        if why:
            raise InputError(why, where=one.number)
    if len(papers) > 1:
        await _require_clean(site, papers)
    return await filed_papers.sign(site.database, papers, role, by, proof, site.now())


async def _involved(site: Place, paper: Filed, by: str) -> str:
    """Why A1 keeps somebody from signing it; "" where it does not."""
    who = (await staff.known(site.database, [by]))[by]
    away = await kept_away(site, await filed_papers.whom(site.database, paper.number))
    reports = f"{by} reports to who introduced, opened, signed or manages a customer of these (A1)"
    return involvement(who, away.values()) or (
        "" if all(may_review(who, one) for one in away.values()) else reports
    )


async def _require_clean(site: Place, papers: Sequence[Filed]) -> None:
    """Raises InputError where one cannot be signed among others: flagged calls are looked at singly."""
    clean = await flags.clean(site.database, [one.attempt_id for one in papers if one.attempt_id is not None])
    for one in papers:
        if one.attempt_id not in clean:
            what = "is no record of a call that was heard and has no flag"
            raise InputError(what, where=one.number, remedy="sign it alone")
