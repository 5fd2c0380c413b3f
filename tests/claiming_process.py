"""A process that claims and dials as a runner does: `python -m tests.claiming_process DB NODE MODE`.

DB is a file or a URL. Modes: "drain" takes, permits and closes until nothing is due; "hang" takes three,
permits two, and waits to be killed. It says "ready", waits for a line, then writes one line of JSON for what
would be an INVITE.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from records import campaigns, ledger
from records.database import Database
from records.model import Campaign, Claim
from tests.records_kit import NOW, ending, over, take


async def dial(db: Database, claim: Claim) -> None:
    """As far as the end of a very short call."""
    assert await ledger.permit_invite(db, claim.attempt_id, NOW)
    began = time.time()
    await asyncio.sleep(0.003)
    row = {"follow_up": claim.follow_up_id, "phone": claim.customer.phone, "slot": claim.slot}
    sys.stdout.write(json.dumps({**row, "began": began, "ended": time.time()}) + "\n")


async def drain(db: Database, campaign: Campaign, node: str) -> None:
    while (claim := await take(db, campaign, node=node, channels=4)) is not None:
        await dial(db, claim)
        await ledger.close(db, ending(claim, over("completed")), NOW)


async def hang(db: Database, campaign: Campaign, node: str) -> None:
    for dialed in (True, True, False):
        claim = await take(db, campaign, node=node)
        assert claim is not None
        if dialed:
            await dial(db, claim)
    sys.stdout.write("hanging\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def main(where: str, node: str, mode: str) -> None:
    db = await Database.open(where if "://" in where else Path(where), create=False)
    (campaign,) = await campaigns.running(db)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    await (drain if mode == "drain" else hang)(db, campaign, node)
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
