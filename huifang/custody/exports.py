"""What leaves the program stands on the audit trail before it leaves (A6)."""

from __future__ import annotations

from huifang.site import Site
from records import audit
from records.chain import Act


async def note(site: Site, by: str, of: str, paper: str, form: str) -> None:
    """Note that a paper of something ("call 17") is handed out in a form.

    Raises:
        StoreError: the database refused; then nothing may leave.
    """
    kind, _, id_ = of.partition(" ")
    act = Act(site.now(), by, "exported", kind, id_, {"paper": paper, "form": str(form)})
    await audit.keep(site.database, act)
