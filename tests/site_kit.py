"""A site of two customers, as the tests of the commands want it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np

from huifang.prompting import lines_of, store_of
from huifang.site import open_site
from records import campaigns
from tests.command_line import huifang

CONTACTS = """\
姓名,电话,类型,开户日期,客户经理,营业部
张伟,13800000001,手机,2026-03-08,王芳,上海
李娜,021-61234567,,,,
"""


def give_sound(data: Path, campaign: str) -> None:
    """Put a tone in the cache for whatever the campaign would have to render."""

    async def give() -> None:
        async with open_site(data) as site:
            lines = await lines_of(site, await campaigns.get(site.database, campaign))
            store = store_of(site.data, site.settings)
            for line in store.missing(lines):
                store.keep(line.wording, np.full(800, 1000, dtype=np.int16))

    asyncio.run(give())


def looked_over(data: Path) -> dict[str, Any]:
    """What `huifang check` finds, by what it looked at."""
    return {one["what"]: one for one in json.loads(huifang("check", "--json", "--data", data).stdout)}
