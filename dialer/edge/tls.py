"""The edge's certificates: TLS 1.2 and later, by the OpenSSL that Kamailio was built with. Pure.

Kamailio cannot tell reliably which far end a connection of its own is for: all trunks share one set of files.
"""

from __future__ import annotations

from collections.abc import Sequence

from base.errors import SettingsError
from dialer.edge.settings import EdgeSettings
from dialer.line.settings import TrunkAccount

SYSTEM_CA = "/etc/ssl/certs/ca-certificates.crt"
"""Whom to believe where trunks name no authority of their own (Debian's place)."""


def tls_config(settings: EdgeSettings, trunks: Sequence[TrunkAccount]) -> str:
    """The text of `tls.cfg`.

    Raises:
        SettingsError: the edge has no certificate, or two trunks want different files.
    """
    if not (settings.tls_certificate and settings.tls_key):
        raise SettingsError(
            "TLS needs a certificate and its key",
            where="edge.tls_certificate",
            remedy="set both; docs/edge.md says how to make one",
        )
    server = _section(settings.tls_certificate, settings.tls_key, verify=False)
    clients = {_client(settings, trunk): trunk.name for trunk in trunks if trunk.transport == "tls"}
    if len(clients) > 1:
        raise SettingsError(
            "want different TLS files, and the edge has one set",
            where=f"trunks {', '.join(clients.values())}",
            remedy="put all authorities into one file, or let one of them go direct",
        )
    return f"[server:default]\n{server}\n[client:default]\n{''.join(clients)}"


def _client(settings: EdgeSettings, trunk: TrunkAccount) -> str:
    return _section(
        trunk.tls_certificate or settings.tls_certificate,
        trunk.tls_key or settings.tls_key,
        trunk.tls_ca or SYSTEM_CA,
        verify=trunk.tls_verify,
    )


def _section(certificate: str, key: str, authorities: str = "", *, verify: bool) -> str:
    values = {
        "method": "TLSv1.2+",
        "verify_certificate": "yes" if verify else "no",
        "require_certificate": "yes" if verify else "no",
        "ca_list": authorities if verify else "",
        "certificate": certificate,
        "private_key": key,
    }
    return "".join(f"{name} = {value}\n" for name, value in values.items() if value)
