"""Draw what `huifang demo` shows at its end: python scripts/draw_demo.py DATA (a demonstration's directory).

For maintainers: writes docs/demo.svg, the picture in the READMEs. It names no font from elsewhere.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
from pathlib import Path

from rich.console import Console

from huifang.demo import play, stage
from huifang.demo.report import show
from huifang.site import open_site
from records import campaigns

TARGET = Path(__file__).resolve().parent.parent / "docs" / "demo.svg"
_ELSEWHERE = re.compile(r"@font-face \{.*?\}|<!--.*?-->", re.DOTALL)


async def draw(data: Path) -> str:
    """The story of the demonstration in `data` as SVG."""
    console = Console(record=True, width=118, file=io.StringIO(), force_terminal=True)
    async with open_site(data) as site:
        campaign = await campaigns.get(site.database, stage.CAMPAIGN)
        show(await play.story_of(site, campaign, elapsed_s=0.0), console)
    return _ELSEWHERE.sub("", console.export_svg(title="huifang demo"))


if __name__ == "__main__":
    TARGET.write_text(asyncio.run(draw(Path(sys.argv[1]))), encoding="utf-8")
    print(TARGET)
