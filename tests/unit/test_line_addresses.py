"""SIP URIs: transports, routes, users."""

from __future__ import annotations

import pytest

from dialer.line.addresses import likeness, over, route, sip_user


@pytest.mark.parametrize(
    ("uri", "transport", "named"),
    [
        ("sip:100@192.0.2.1:5060", "udp", "sip:100@192.0.2.1:5060"),
        ("sip:100@192.0.2.1:5061", "tls", "sip:100@192.0.2.1:5061;transport=tls"),
        ("sip:100@192.0.2.1;user=phone", "tcp", "sip:100@192.0.2.1;user=phone;transport=tcp"),
        ("sip:100@192.0.2.1;Transport=TLS", "tls", "sip:100@192.0.2.1;Transport=TLS"),
        ("<sip:100@192.0.2.1>", "tcp", "<sip:100@192.0.2.1;transport=tcp>"),
        ("", "tls", ""),
    ],
)
def test_a_uri_names_its_transport_once(uri: str, transport: str, named: str) -> None:
    assert over(uri, transport) == named


@pytest.mark.parametrize(
    ("proxy", "transport", "loose"),
    [
        ("sip:192.0.2.1", "udp", "sip:192.0.2.1;lr"),
        ("sip:192.0.2.1;lr", "udp", "sip:192.0.2.1;lr"),
        ("sip:192.0.2.1;lr", "tcp", "sip:192.0.2.1;lr;transport=tcp"),
        ("<sip:192.0.2.1>", "tls", "<sip:192.0.2.1;transport=tls;lr>"),
        ("", "tls", ""),
    ],
)
def test_a_proxy_is_a_loose_route(proxy: str, transport: str, loose: str) -> None:
    assert route(proxy, transport) == loose


@pytest.mark.parametrize(
    ("uri", "fits"),
    [
        ("sip:192.0.2.1:5070", 2),
        ("sip:192.0.2.1", 1),
        ("sip:line@192.0.2.1:5070;transport=tcp", 2),
        ("sip:192.0.2.11:5070", 0),
        ("sip:trunk.example.com:5070", 0),
    ],
)
def test_how_well_a_source_fits_a_peer(uri: str, fits: int) -> None:
    assert likeness(uri, "192.0.2.1", 5070) == fits


def test_the_default_port_is_5060() -> None:
    assert likeness("sip:192.0.2.1", "192.0.2.1", 5060) == 2


def test_the_user_of_an_address() -> None:
    assert sip_user('"A" <sip:100@host>;tag=x') == "100"
    assert sip_user("<sip:host>") == ""
