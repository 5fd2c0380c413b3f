"""Render what is shipped in prompts/: the scripts' fixed sentences and those of the demo's customers.

For maintainers, after a wording changed: python scripts/render_prompts.py. What is whole stays; about three
quarters of a CPU second for each second of speech.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from huifang import resources
from huifang.answering import inbound_lines
from huifang.demo import stage
from huifang.prompting import lines_of
from huifang.settings import Settings
from huifang.site import open_site
from ivr import loader
from ivr.lines import fixed_lines
from ivr.render import ship
from ivr.values import Line
from ivr.voice.kokoro import Kokoro


def main() -> None:
    """Render, telling how far it is."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [*_fixed(), *asyncio.run(_of_demo(Path(folder) / "demo"))]
    settings = Settings()
    voice = Kokoro.open(settings.speech.directory)
    made = ship(lines, resources.SHIPPED_PROMPTS, settings.prompts.voice, voice, _tell)
    print(f"{len({line.wording for line in lines})} wordings, {made} rendered")


def _fixed() -> list[Line]:
    paths = sorted((resources.SHIPPED_CONFIG / "scripts").glob("*.yaml"))
    lines = [line for path in paths for line in fixed_lines(loader.load(path))]
    return [*lines, *inbound_lines(Settings())]


async def _of_demo(data: Path) -> list[Line]:
    stage.lay_out(data, host="127.0.0.1", port=5060)
    async with open_site(data, create=True) as site:
        _, campaign = await stage.fill(site)
        return await lines_of(site, campaign)


def _tell(done: int, of: int) -> None:
    print(f"{done} of {of}", end="\r", flush=True)


if __name__ == "__main__":
    main()
