"""A running edge for tests: Kamailio with the configuration that we generate, on ports that were free."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from base.errors import HuifangError
from dialer.edge import control, kamailio
from dialer.edge.config import edge_files
from dialer.edge.settings import EdgeSettings
from dialer.line.settings import TrunkAccount
from huifang.resources import SHIPPED_CONFIG
from tests.certificates import Papers
from tests.sipp import free_port

ROUTING = SHIPPED_CONFIG / "edge" / "kamailio.cfg"


def free_settings(**more: object) -> EdgeSettings:
    """Settings with ports that are free now."""
    ports = {"udp_port": free_port(), "tcp_port": free_port(), "tls_port": free_port()}
    told = {"inner": f"127.0.0.1:{free_port()}", "outer": "127.0.0.1", "ping_s": 1, **ports, **more}
    return EdgeSettings.model_validate(told)


@asynccontextmanager
async def running_edge(
    folder: Path, settings: EdgeSettings, trunks: Sequence[TrunkAccount]
) -> AsyncIterator[None]:
    """Kamailio, checked, started, and stopped again."""
    kamailio.write(folder, ROUTING.read_text(), edge_files(settings, trunks, folder))
    kamailio.check(folder)
    process = await asyncio.create_subprocess_exec(
        *kamailio.command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(30):
            while not await asyncio.to_thread(_answers, folder):
                assert process.returncode is None, "Kamailio did not start"
                await asyncio.sleep(0.05)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _answers(folder: Path) -> bool:
    try:
        control.status(folder)
    except HuifangError:
        return False
    return True


def tls_1_3_only(own: Papers) -> ssl.SSLContext:
    """A server that takes TLS 1.3 and nothing older."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(own.certificate, own.key)
    return context
