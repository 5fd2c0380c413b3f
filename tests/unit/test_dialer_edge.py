"""The edge's configuration as text: what follows from which setting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import pytest
from pydantic import ValidationError

from base.errors import SettingsError
from dialer.edge.config import Files, behind, edge_files, key_of, quoted
from dialer.edge.kamailio import complaint
from dialer.edge.settings import EdgeSettings
from dialer.edge.uris import address_of
from dialer.line.settings import TrunkAccount

FOLDER = PurePosixPath("/edge")
MAIN = TrunkAccount("main", "sip:192.0.2.10:5060")
REGISTERED = TrunkAccount(
    "登记",
    "sip:ims.example.cn",
    transport="tcp",
    registrar="sip:ims.example.cn",
    aor="sip:02161234567@ims.example.cn",
    auth_user="02161234567@ims",
    auth_password='a:"\\',
    proxy="sip:192.0.2.20:5070;lr",
    register_s=600,
)


def settings(**more: object) -> EdgeSettings:
    return EdgeSettings.model_validate({"inner": "10.0.0.1:5060", "outer": "198.51.100.7", **more})


def files(*trunks: TrunkAccount, sources: tuple[str, ...] = (), **more: object) -> Files:
    return edge_files(settings(**more), trunks, FOLDER, sources=sources)


def listens(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("listen=")]


def test_it_listens_inside_and_once_outside_for_each_transport_in_use() -> None:
    text = files(MAIN, replace(MAIN, name="second"), REGISTERED)["site.cfg"]
    assert listens(text) == [
        "listen=udp:10.0.0.1:5060", "listen=tcp:198.51.100.7:5080", "listen=udp:198.51.100.7:5080",
    ]  # fmt: skip
    assert "disable_tcp" not in text
    assert "disable_tcp=yes" in files(MAIN)["site.cfg"]


def test_behind_a_nat_it_tells_its_public_address() -> None:
    made = files(MAIN, public_address="203.0.113.1")
    assert "listen=udp:198.51.100.7:5080 advertise 203.0.113.1:5080" in listens(made["site.cfg"])
    assert '"sip:huifang@203.0.113.1:5080;transport=udp"' in made["trunks.cfg"]


def test_each_trunk_has_its_case_its_health_and_its_secret() -> None:
    made = files(MAIN, REGISTERED)
    route, secret = made["trunks.cfg"].split("route[TRUNK]")[1].split("route[SECRET]")
    assert 'case "main":\n\t\t$avp(set) = 1;' in route
    assert f'case "{key_of("登记")}":' in route
    assert '$du = "sip:192.0.2.20:5070;transport=tcp";' in route
    assert '$fs = "tcp:198.51.100.7:5080";' in route
    assert secret.count("case ") == 1
    assert '$avp(password) = "a:\\"\\\\";' in secret
    assert made["dispatcher.list"].splitlines() == [
        "1 sip:192.0.2.10:5060;transport=udp 0 0 socket=udp:198.51.100.7:5080;duid=main",
        "2 sip:192.0.2.20:5070;transport=tcp 0 0 socket=tcp:198.51.100.7:5080;duid=" + key_of("登记"),
    ]


def test_it_registers_those_that_have_a_registrar() -> None:
    head, row = files(MAIN, REGISTERED)["dbtext/uacreg"].splitlines()
    assert head.startswith("id(int,auto) l_uuid(string) ")
    assert row == (
        '1:02161234567:02161234567:198.51.100.7:02161234567:ims.example.cn::02161234567@ims:a\\:"\\\\::'
        "sip\\:192.0.2.20\\:5070;transport=tcp:600:0:0:198.51.100.7\\:5080;transport=tcp:tcp\\:198.51.100.7\\:5080"
    )


def test_two_registrations_of_one_user_keep_apart() -> None:
    rows = files(REGISTERED, replace(REGISTERED, name="other"))["dbtext/uacreg"].splitlines()[1:]
    assert [row.split(":")[1] for row in rows] == [key_of("登记"), "other"]


def test_only_trunks_and_workers_are_let_in() -> None:
    text = files(MAIN, sources=("192.0.2.0/24",), workers=("10.0.0.1", "10.0.0.2"))["address.list"]
    assert text.splitlines() == ["1 192.0.2.0/24", "2 10.0.0.1", "2 10.0.0.2"]


def test_inbound_calls_go_to_the_desk_or_nowhere() -> None:
    assert "WITH_DESK" not in files(MAIN)["site.cfg"]
    assert (
        '#!define DESK "10.0.0.1:5070"\n#!define WITH_DESK' in files(MAIN, desk="10.0.0.1:5070")["site.cfg"]
    )


def test_tls_has_one_set_of_files() -> None:
    trunk = TrunkAccount("tls", "sip:192.0.2.30", transport="tls", tls_ca="/ca.pem")
    own: dict[str, Any] = {"tls_certificate": "/edge.pem", "tls_key": "/edge.key"}
    text = files(trunk, replace(trunk, name="other"), **own)["tls.cfg"]
    client = text.partition("[client:default]\n")[2]
    assert "verify_certificate = yes\n" in client
    assert "ca_list = /ca.pem\ncertificate = /edge.pem\nprivate_key = /edge.key\n" in client
    assert "tls.cfg" not in files(MAIN)
    with pytest.raises(SettingsError, match="want different TLS files"):
        files(trunk, replace(trunk, name="other", tls_verify=False), **own)
    with pytest.raises(SettingsError, match="needs a certificate"):
        files(trunk)


def test_a_worker_behind_it_knows_no_secret() -> None:
    seen = behind(REGISTERED, settings())
    assert seen == TrunkAccount(
        "登记", "sip:10.0.0.1:5060", aor=REGISTERED.aor, register_s=600,
        proxy=f"sip:10.0.0.1:5060;lr;trunk={key_of('登记')}",
    )  # fmt: skip
    with pytest.raises(SettingsError, match="sips: cannot pass"):
        behind(replace(MAIN, peer="sips:192.0.2.10"), settings())


def test_names_become_keys_that_a_uri_can_hold() -> None:
    assert key_of("main-2") == "main-2"
    assert key_of("主线") == "xe4b8bbe7babf"


def test_a_control_character_is_refused() -> None:
    with pytest.raises(SettingsError, match="control character"):
        quoted("a\nb")


@pytest.mark.parametrize(
    ("uri", "host", "port"),
    [
        ("sip:192.0.2.10", "192.0.2.10", 5060),
        ("sip:ims.example.cn", "ims.example.cn", 0),
        ("sip:100@ims.example.cn:5070;lr", "ims.example.cn", 5070),
        ("sip:[2001:db8::1]:5070", "[2001:db8::1]", 5070),
        ("sip:[2001:db8::1]", "[2001:db8::1]", 5060),
    ],
)
def test_a_name_without_port_is_left_to_dns(uri: str, host: str, port: int) -> None:
    """RFC 3263: the default port only of an address."""
    found = address_of(uri, "udp")
    assert (found.host, found.port) == (host, port)


@pytest.mark.parametrize("uri", ["192.0.2.10", "tel:100", "sip:"])
def test_what_is_no_sip_uri_is_refused(uri: str) -> None:
    with pytest.raises(SettingsError, match="no SIP URI"):
        address_of(uri, "udp")


@pytest.mark.parametrize(
    "wrong",
    [
        {"inner": "5060"},
        {"inner": "127.0.0.1:70000"},
        {"outer": "edge.example.cn"},
        {"workers": []},
        {"workers": ["10.0.0.0/33"]},
        {"inner": "127.0.0.1:5080", "outer": "127.0.0.1"},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EdgeSettings.model_validate(wrong)


def test_of_many_complaints_the_one_with_its_line_is_told() -> None:
    output = (
        " 0(1) ERROR: <core> [core/cfg.y:3649]: yyparse(): cfg. parser: failed to find command x\n"
        " 0(1) CRITICAL: <core> [core/cfg.y:3790]: yyerror_at(): parse error in config file /a/kamailio.cfg, "
        "line 80, column 24: unknown command\n"
    )
    assert (
        complaint(output) == "parse error in config file /a/kamailio.cfg, line 80, column 24: unknown command"
    )
    assert complaint("") == "Kamailio does not take it"
