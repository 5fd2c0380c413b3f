"""What would go wrong on the lines: trunks that do not answer, a library that cannot do what is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from base.errors import SettingsError
from dialer.edge.uris import PORTS, address_of
from dialer.trunk import Trunk
from huifang import sip_ping
from huifang.accounts import accounts_of, require_papers
from huifang.finding import Finding
from huifang.settings import Settings

PACKAGED = "pjsua2-python"
"""The build of PJSIP that is packaged: four calls a process, and OpenSSL 1.0.2k."""
PACKAGED_CALLS = 4

_OTHER_ADDRESS = "check the address, the firewall, the trunk itself"
TWO_WAYS_OUT = (
    "install a pjsua2 built with a maintained OpenSSL, or let a local proxy speak TLS: docs/trunks.md"
)


async def look(settings: Settings) -> list[Finding]:
    """Whether the trunks can be used."""
    if not settings.trunks:
        return [Finding("trunk", False, "no trunk is set", "set trunks in config/settings.yaml")]
    asked = await asyncio.gather(*(_trunk(trunk) for trunk in settings.trunks))
    return [*asked, *_secrets(settings), *library(settings, packaged=is_packaged())]


def is_packaged() -> bool:
    """Whether pjsua2 is the packaged build."""
    return PACKAGED in packages_distributions().get("pjsua2", ())


async def _trunk(trunk: Trunk) -> Finding:
    """Whether something speaks SIP there."""
    what, peer = f"trunk {trunk.name}", address_of(trunk.proxy or trunk.peer, trunk.transport)
    host, port = peer.host.strip("[]"), peer.port or PORTS[trunk.transport]
    place = f"{host}:{port} ({trunk.transport})"
    tls = sip_ping.Tls(trunk.tls.ca, trunk.tls.certificate, trunk.tls.key, trunk.tls.verify)
    try:
        require_papers(trunk)
        answer = await asyncio.to_thread(sip_ping.ping, host, port, trunk.transport, tls)
    except SettingsError as error:
        return Finding(what, False, f"{error.where}: {error.what}", error.remedy)
    except TimeoutError as error:
        return Finding(what, False, f"{place}: {error}", f"{_OTHER_ADDRESS}; the first call tells")
    except OSError as error:
        return Finding(what, False, f"{place} cannot be reached: {error.strerror or error}", _OTHER_ADDRESS)
    return Finding(what, True, f"{place} answers {answer}")


def _secrets(settings: Settings) -> Iterator[Finding]:
    """Whether passwords and TLS files are where the settings say."""
    try:
        accounts_of(settings)
    except SettingsError as error:
        yield Finding("trunks", False, f"{error.where}: {error.what}", error.remedy)


def library(settings: Settings, *, packaged: bool) -> Iterator[Finding]:
    """What the packaged build of PJSIP cannot do, or not safely."""
    calls = settings.lines.calls_per_worker
    if packaged and calls > PACKAGED_CALLS:
        says = f"lines.calls_per_worker is {calls}, but the packaged PJSIP carries {PACKAGED_CALLS} a process"
        remedy = f"set it to {PACKAGED_CALLS}, or install a pjsua2 built for more calls: docs/trunks.md"
        yield Finding("PJSIP", False, says, remedy)
    for trunk in settings.trunks:
        if packaged and trunk.transport == "tls" and trunk.mode == "direct":
            says = "TLS by the packaged PJSIP is OpenSSL 1.0.2k, which nobody maintains any more"
            yield Finding(f"TLS of trunk {trunk.name}", True, says, TWO_WAYS_OUT, risk=True)
        if trunk.srtp != "off" and trunk.transport != "tls":
            says = f"srtp is {trunk.srtp}, but its keys travel in the clear by {trunk.transport}"
            yield Finding(f"SRTP of trunk {trunk.name}", True, says, "use transport: tls", risk=True)
