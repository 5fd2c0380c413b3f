"""Kamailio as an independent trunk: registrar and proxy that asks for digest, over UDP, TCP and TLS 1.2."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.certificates import Papers
from tests.sipp import free_port

KAMAILIO = "/usr/sbin/kamailio"
"""Where packages put it; ordinary users' PATH does not lead there."""

USER, PASSWORD, REALM = "line1", "callback-1", "trunk"
SEEN = re.compile(r"SEEN (\w+) by (\w+) expires (\S*) as (\S*)$", re.MULTILINE)

_CONFIG = """#!KAMAILIO
debug=0
log_stderror=yes
children=1
tcp_children=1
enable_tls=yes
listen=udp:127.0.0.1:{port}
listen=tcp:127.0.0.1:{port}
listen=tls:127.0.0.1:{tls_port}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/:/usr/lib/aarch64-linux-gnu/kamailio/modules/"
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "tls.so"
modparam("auth", "algorithm", "{algorithm}")
modparam("registrar", "max_contacts", 1)
modparam("registrar", "min_expires", 1)
modparam("tls", "tls_method", "TLSv1.2")
modparam("tls", "certificate", "{certificate}")
modparam("tls", "private_key", "{key}")

request_route {{
    xlog("L_ALERT", "SEEN $rm by $proto expires $hdr(Expires) as $au\\n");
    if (is_method("OPTIONS")) {{ sl_send_reply("200", "OK"); exit; }}
    if (is_method("REGISTER")) {{
        if (!pv_www_authenticate("{realm}", "{password}", "0")) {{ www_challenge("{realm}", "0"); exit; }}
        save("location");
        exit;
    }}
    if (is_method("ACK|CANCEL") || has_totag()) {{
        loose_route();
        t_relay();
        exit;
    }}
    if (!pv_proxy_authenticate("{realm}", "{password}", "0")) {{ proxy_challenge("{realm}", "0"); exit; }}
    consume_credentials();
    record_route();
    if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }}
    t_relay();
}}
"""


@dataclass(frozen=True)
class Trunk:
    """A running Kamailio."""

    port: int
    tls_port: int
    log: Path

    def seen(self) -> list[tuple[str, str, str, str]]:
        """The requests so far: method, transport, Expires, user of the credentials ("<null>" without)."""
        return SEEN.findall(self.log.read_text())

    async def until(self, method: str, expires: str) -> None:
        """Wait for a request with credentials and that Expires."""
        async with asyncio.timeout(10):
            while not any(one[0] == method and one[2:] == (expires, USER) for one in self.seen()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


@asynccontextmanager
async def kamailio(folder: Path, own: Papers, algorithm: str = "MD5") -> AsyncIterator[Trunk]:
    """Kamailio with these papers."""
    trunk = Trunk(free_port(), free_port(), folder / "kamailio.log")
    (folder / "kamailio.cfg").write_text(
        _CONFIG.format(
            port=trunk.port, tls_port=trunk.tls_port, algorithm=algorithm, certificate=own.certificate,
            key=own.key, realm=REALM, password=PASSWORD,
        )
    )  # fmt: skip
    with trunk.log.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            KAMAILIO, "-DD", "-E", "-m", "32", "-M", "4", "-f", "kamailio.cfg", "-Y", str(folder),
            "-P", str(folder / "pid"), cwd=folder, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
    try:
        await _listening(process, trunk)
        yield trunk
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _listening(process: asyncio.subprocess.Process, trunk: Trunk) -> None:
    """Wait until its TLS port answers: it is the last to."""
    async with asyncio.timeout(10):
        while True:
            assert process.returncode is None, trunk.log.read_text()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", trunk.tls_port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
