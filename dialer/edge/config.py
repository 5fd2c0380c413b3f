"""The edge's Kamailio configuration, from settings and trunks to the text of its files. Pure.

`config/edge/kamailio.cfg` holds the routing, the same for every site. What differs is written here:

    site.cfg         addresses and ports, before the modules are loaded
    trunks.cfg       parameters with paths in them, and one `case` for each trunk: where to, with what secret
    dispatcher.list  whom to ask by OPTIONS
    address.list     who may send: group 1 for trunks, group 2 for workers
    dbtext/          whom to register with
    tls.cfg          certificates, where a trunk wants TLS

A worker names its trunk in the Route it was given: `sip:127.0.0.1:5060;lr;trunk=main`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from base.errors import SettingsError
from dialer.edge.settings import EdgeSettings
from dialer.edge.tls import tls_config
from dialer.edge.uris import address_of, hop_of
from dialer.line.settings import Transport, TrunkAccount

Files = Mapping[str, str]
"""Text by name, relative to the edge's folder."""

SOCKET = "control.sock"
"""Where the running edge answers questions, in its folder."""

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_TRUNKS, _WORKERS = 1, 2
"""Groups in address.list, as config/edge/kamailio.cfg names them."""

_REGISTRATIONS = (
    "id(int,auto) l_uuid(string) l_username(string) l_domain(string) r_username(string) r_domain(string) "
    "realm(string,null) auth_username(string) auth_password(string) auth_ha1(string,null) auth_proxy(string) "
    "expires(int) flags(int) reg_delay(int) contact_addr(string) socket(string)"
)
"""The columns of table uacreg, version 5."""


def key_of(trunk: str) -> str:
    """A trunk's name as it can stand in a SIP URI: plain names as they are, others in hexadecimal."""
    return trunk if _PLAIN.fullmatch(trunk) else "x" + trunk.encode().hex()


def behind(account: TrunkAccount, settings: EdgeSettings) -> TrunkAccount:
    """The same trunk as a worker behind the edge sees it: plain UDP to the edge, no secret, no registration.

    Raises:
        SettingsError: its URIs are `sips:`, which promises TLS from the worker on (RFC 3261, 26.2.2).
    """
    if account.peer.startswith("sips:"):
        raise SettingsError(
            "sips: cannot pass the edge",
            where=f"trunk {account.name}",
            remedy="write sip: with transport: tls",
        )
    return replace(
        account,
        peer=f"sip:{settings.inner}",
        proxy=f"sip:{settings.inner};lr;trunk={key_of(account.name)}",
        transport="udp",
        registrar="",
        auth_user="",
        auth_password="",
        port=0,
        tls_ca="",
        tls_certificate="",
        tls_key="",
    )


def edge_files(
    settings: EdgeSettings,
    trunks: Sequence[TrunkAccount],
    folder: PurePath,
    *,
    sources: Iterable[str] = (),
) -> Files:
    """Everything that kamailio.cfg includes or reads.

    Args:
        settings: addresses and ports.
        trunks: those that go through the edge, as they are without it.
        folder: where the files are going to lie (absolute).
        sources: addresses or networks that inbound calls may come from besides the trunks' own.

    Raises:
        SettingsError: trunks want different TLS files, or the edge has no certificate.
    """
    return {
        "site.cfg": _site(settings, {trunk.transport for trunk in trunks}),
        "trunks.cfg": _parameters(settings, folder) + _tls(trunks, folder) + _route(settings, trunks),
        "dispatcher.list": _lines(_destination(settings, n, one) for n, one in enumerate(trunks, 1)),
        "address.list": _lines(
            [
                *(f"{_TRUNKS} {source}" for source in sources),
                *(f"{_WORKERS} {one}" for one in settings.workers),
            ]
        ),
        "dbtext/version": "table_name(string) table_version(int)\nuacreg:5\n",
        "dbtext/uacreg": _REGISTRATIONS + "\n" + _lines(_registrations(settings, trunks)),
        **({"tls.cfg": tls_config(settings, trunks)} if _has_tls(trunks) else {}),
    }


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def quoted(text: str) -> str:
    """A string of Kamailio's configuration language.

    Raises:
        SettingsError: it holds a control character.
    """
    if not text.isprintable():
        raise SettingsError("a control character cannot stand in the edge's configuration", where="trunks")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- site.cfg ----------------------------------------------------------------------------------------------


def _site(settings: EdgeSettings, transports: set[Transport]) -> str:
    host, _, port = settings.inner.rpartition(":")
    public = settings.public_address
    lines = [
        f"#!define INNER_HOST {quoted(host)}",
        f"#!define INNER_PORT {port}",
        f'#!define INNER_SOCKET "udp:{settings.inner}"',
        *([f"#!define DESK {quoted(settings.desk)}", "#!define WITH_DESK"] if settings.desk else []),
        *(["#!define WITH_TLS", "enable_tls=yes"] if "tls" in transports else []),
        *([] if transports & {"tcp", "tls"} else ["disable_tcp=yes"]),
        f"listen=udp:{settings.inner}",
    ]
    for transport in sorted(transports):
        seen = f" advertise {public}:{settings.port(transport)}" if public else ""
        lines.append(f"listen={socket_of(settings, transport)}{seen}")
    return _lines(lines)


def socket_of(settings: EdgeSettings, transport: Transport) -> str:
    """The one socket outward of a transport."""
    return f"{transport}:{settings.outer}:{settings.port(transport)}"


def contact_of(settings: EdgeSettings, transport: Transport) -> str:
    """Where trunks find us, without the scheme."""
    seen = settings.public_address or settings.outer
    return f"{seen}:{settings.port(transport)};transport={transport}"


# --- trunks.cfg --------------------------------------------------------------------------------------------


def _parameters(settings: EdgeSettings, folder: PurePath) -> str:
    me = settings.public_address or settings.outer
    return _lines(
        f"modparam({quoted(module)}, {quoted(name)}, {value if isinstance(value, int) else quoted(value)})"
        for module, name, value in (
            ("permissions", "address_file", str(folder / "address.list")),
            ("dispatcher", "list_file", str(folder / "dispatcher.list")),
            ("dispatcher", "ds_ping_interval", settings.ping_s),
            ("dispatcher", "ds_ping_from", f"sip:huifang@{me}"),
            ("uac", "reg_db_url", f"text://{folder / 'dbtext'}"),
            ("uac", "reg_contact_addr", me),
            ("jsonrpcs", "dgram_socket", str(folder / SOCKET)),
        )
    )


def _has_tls(trunks: Sequence[TrunkAccount]) -> bool:
    return any(trunk.transport == "tls" for trunk in trunks)


def _tls(trunks: Sequence[TrunkAccount], folder: PurePath) -> str:
    return f'modparam("tls", "config", {quoted(str(folder / "tls.cfg"))})\n' if _has_tls(trunks) else ""


def _route(settings: EdgeSettings, trunks: Sequence[TrunkAccount]) -> str:
    """`route[TRUNK]`: where the trunk named in $var(trunk) is; `route[SECRET]`: what it asks."""
    return (
        "\nroute[TRUNK] {\n\troute(SECRET);\n\tswitch ($var(trunk)) {\n"
        + "".join(_case(settings, n, trunk) for n, trunk in enumerate(trunks, 1))
        + '\tdefault:\n\t\tsl_send_reply("404", "No Such Trunk");\n\t\texit;\n\t}\n}\n'
        + "\nroute[SECRET] {\n\tswitch ($var(trunk)) {\n"
        + "".join(_secret(trunk) for trunk in trunks if trunk.auth_user)
        + "\tdefault:\n\t\t$avp(user) = $null;\n\t}\n}\n"
    )


def _case(settings: EdgeSettings, n: int, trunk: TrunkAccount) -> str:
    values = {
        "$avp(set)": str(n),
        "$avp(contact)": quoted(f"sip:{_user(trunk)}@{contact_of(settings, trunk.transport)}"),
        "$du": quoted(hop_of(trunk).uri),
        "$fs": quoted(socket_of(settings, trunk.transport)),
    }
    return _block(trunk, values)


def _user(trunk: TrunkAccount) -> str:
    """The user of our Contact: carriers want to see the line there."""
    return address_of(trunk.aor, trunk.transport).user or trunk.auth_user or "huifang"


def _secret(trunk: TrunkAccount) -> str:
    values = {"$avp(user)": quoted(trunk.auth_user), "$avp(password)": quoted(trunk.auth_password)}
    if trunk.realm != "*":
        values["$avp(realm)"] = quoted(trunk.realm)
    return _block(trunk, values)


def _block(trunk: TrunkAccount, values: Mapping[str, str]) -> str:
    lines = "".join(f"\t\t{name} = {value};\n" for name, value in values.items())
    return f"\tcase {quoted(key_of(trunk.name))}:\n{lines}\t\tbreak;\n"


# --- lists -------------------------------------------------------------------------------------------------


def _destination(settings: EdgeSettings, n: int, trunk: TrunkAccount) -> str:
    socket = socket_of(settings, trunk.transport)
    return f"{n} {hop_of(trunk).uri} 0 0 socket={socket};duid={key_of(trunk.name)}"


def _registrations(settings: EdgeSettings, trunks: Sequence[TrunkAccount]) -> list[str]:
    users = [_user(trunk) for trunk in trunks if trunk.registrar]
    rows = []
    for n, trunk in enumerate((trunk for trunk in trunks if trunk.registrar), 1):
        ours, registrar = (address_of(uri, trunk.transport) for uri in (trunk.aor, trunk.registrar))
        user = _user(trunk)
        # It is the user of the Contact, too: calls come in for it, so that it should be the line's.
        unique = user if users.count(user) == 1 else key_of(trunk.name)
        proxy = address_of(trunk.proxy or trunk.registrar, trunk.transport)
        cells = (
            *(n, unique, user, settings.outer, user, ours.host or registrar.host),
            "" if trunk.realm == "*" else trunk.realm,
            *(trunk.auth_user or user, trunk.auth_password, "", proxy.uri, trunk.register_s, 0, 0),
            *(contact_of(settings, trunk.transport), socket_of(settings, trunk.transport)),
        )
        rows.append(":".join(_cell(cell) for cell in cells))
    return rows


def _cell(value: object) -> str:
    """A field of Kamailio's text tables: the separator and what would end the line are escaped."""
    text = str(value)
    for character, written in (("\\", "\\\\"), (":", "\\:"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(character, written)
    return text
