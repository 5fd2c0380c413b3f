"""`huifang run` answers a customer who rings the callback number back, with the shipped announcement."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from base.audio import read_wav
from dialer.inbound_rules import WORDING
from dialer.line.protocol import EndedBy, Originate
from dialer.line.workers import WorkerPool
from dialer.watching import Unobserved
from huifang import assemble, resources
from ivr.prompts import read_manifest
from softphone.recall import KnownPrompts
from tests.command_line import as_json, complaint, huifang, succeeds
from tests.linekit import Watched, track_names

pytestmark = pytest.mark.sip

WORKERS = 3
"""The desk, one that dials, one spare."""

SETTINGS = """\
speech: {{engine: none}}
lines: {{port: {port}}}
inbound: {inbound}
trunks:
  - {{name: main, uri: 'sip:{{number}}@127.0.0.1:9', channels: 4, health: {{options_s: 0}}}}
"""


def free_ports(many: int) -> int:
    """The first of so many UDP ports in a row that are free now."""
    for first in range(21_000, 32_000, 7):
        with ExitStack() as held, suppress(OSError):
            for port in range(first, first + many):
                probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                probe.bind(("127.0.0.1", port))
            return first
    raise AssertionError("no free ports")


def site(data: Path, port: int, inbound: str = "{}") -> Path:
    succeeds("init", "--data", data)
    text = SETTINGS.format(port=port, inbound=inbound)
    (data / "config" / "settings.yaml").write_text(text, encoding="utf-8")
    return data


async def test_the_shipped_announcement_is_heard_and_listed(tmp_path: Path) -> None:
    port = free_ports(WORKERS)
    data = await asyncio.to_thread(site, tmp_path / "data", port)
    system, customer = track_names(tmp_path)["ours"]
    stop = asyncio.Event()
    run = asyncio.create_task(assemble.dial(data, until_done=False, stop=stop, observer=Unobserved()))
    async with await WorkerPool.start(workers=1) as phone:
        order = Originate(
            "back", f"sip:02161234567@127.0.0.1:{port}", "sip:013800000000@127.0.0.1",
            record_system=system, record_customer=customer,
        )  # fmt: skip
        ended = await Watched(phone.originate(order)).over()
    stop.set()
    await run
    assert (ended.status, ended.by) == (200, EndedBy.THEM)
    assert _recalled(Path(customer)) == WORDING
    (call,) = await asyncio.to_thread(as_json, "call", "inbound", "--data", data)
    assert (call["outcome"], call["phone"], call["trunk"]) == ("announced", "+8613800000000", "main")
    shown = (await asyncio.to_thread(huifang, "call", "inbound", "--data", data)).stdout
    assert "138****0000" in shown
    assert "13800000000" not in shown


def _recalled(track: Path) -> str | None:
    """Which of the shipped sentences a track ends with."""
    folder = resources.SHIPPED_PROMPTS
    known = [(row.wording, read_wav(folder / row.file)) for row in read_manifest(folder).prompts]
    return KnownPrompts(known).recall(read_wav(track))


def test_without_its_sound_the_run_does_not_begin(tmp_path: Path) -> None:
    data = site(tmp_path / "data", free_ports(WORKERS), "{wording: 您好，请稍后再拨。}")
    assert "the announcement has no sound" in complaint("run", "--until-done", "--data", data)
    assert "inbound announcement" in huifang("check", "--data", data).stdout


def test_a_hotline_that_is_named_must_be_set(tmp_path: Path) -> None:
    data = site(tmp_path / "data", free_ports(WORKERS), "{wording: '请拨打{hotline}。'}")
    assert "firm.hotline" in complaint("run", "--until-done", "--data", data)
