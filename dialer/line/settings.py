"""What a line worker is told before its first call. Values only: no pjsua2 here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class SipSettings:
    """How the endpoint behaves towards its peers.

    Attributes:
        user: user part of the endpoint's own address.
        user_agent: User-Agent header.
        auth_user, auth_password: digest credentials for any realm; "" has none.
        proxy: outbound proxy URI (`sip:127.0.0.1:5060;lr`); "" sends straight to the request URI.
        public_address: address written into Contact and SDP behind NAT; "" for the bound one.
        rtp_first: first RTP port; each worker takes a block of ports above it (`layout`).
        takes_calls: calls that come in are handed to the parent; else they get 480 at once, and take no room.
        codecs: of calls that no trunk's account carries, in this order.
        log_level: PJSIP messages up to this level (0-6) are written to the worker's stderr; 0 is quiet.
    """

    user: str = "huifang"
    user_agent: str = "huifang"
    auth_user: str = ""
    auth_password: str = ""
    proxy: str = ""
    public_address: str = ""
    rtp_first: int = 20000
    takes_calls: bool = True
    codecs: tuple[str, ...] = ("PCMA", "PCMU")
    log_level: int = 0


Transport = Literal["udp", "tcp", "tls"]
Srtp = Literal["off", "optional", "mandatory"]


@dataclass(frozen=True, slots=True)
class TrunkAccount:
    """What a worker has to know of a trunk: one SIP account.

    Attributes:
        name: as in `Originate.trunk`.
        peer: SIP URI of the far end, asked by OPTIONS: `sip:192.0.2.10:5060`.
        transport: how SIP travels (RFC 3261, section 18).
        srtp: whether RTP is encrypted, by keys in the SDP (RFC 4568).
        registrar: URI to register with; "" for trunks that trust our address.
        register_s: seconds that a registration is asked to last.
        aor: our address of record, also From without a caller id; "" makes one of user and address.
        auth_user, auth_password, realm: digest credentials (MD5 and SHA-256, RFC 8760).
        proxy: outbound proxy URI; "" for none.
        codecs: offered, in this order.
        dtmf_payload: RTP payload type of telephone-event (RFC 4733).
        prack: reliable provisional responses (RFC 3262): "mandatory" requires them. A far end that wants a
            PRACK gets it in any case: PJSIP always names 100rel as supported.
        session_s: session timer asked for (RFC 4028); 0 has none.
        dscp_sip, dscp_rtp: marks of outgoing packets; 0 leaves them. Trunks over UDP share a socket: its mark
            is the highest they ask for.
        port: local port of TCP and TLS, of the first worker; 0: any.
        tls_ca, tls_certificate, tls_key: PEM files; "" for none.
        tls_verify: whether the far end must prove itself.
        takes_calls: calls that come in by it are handed to the parent.
    """

    name: str
    peer: str
    transport: Transport = "udp"
    srtp: Srtp = "off"
    registrar: str = ""
    register_s: int = 300
    aor: str = ""
    auth_user: str = ""
    auth_password: str = field(default="", repr=False)
    realm: str = "*"
    proxy: str = ""
    codecs: tuple[str, ...] = ("PCMA", "PCMU")
    dtmf_payload: int = 101
    prack: Literal["off", "optional", "mandatory"] = "optional"
    session_s: int = 1800
    dscp_sip: int = 0
    dscp_rtp: int = 0
    port: int = 0
    tls_ca: str = ""
    tls_certificate: str = ""
    tls_key: str = ""
    tls_verify: bool = True
    takes_calls: bool = False


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """One worker's share: the first packet on its control socket.

    Attributes:
        host, port: SIP address to bind (UDP); port 0 lets the system choose.
        slots: calls it may carry (the packaged PJSIP build holds 4).
        rtp_port, rtp_ports: first of its RTP ports, and how many.
        trunks: the accounts that calls go out by.
        desk: it registers and takes calls, and sends none out.
        kept: slots that no customer is called by, for legs beside others (handing over).
    """

    host: str = "127.0.0.1"
    port: int = 0
    slots: int = 4
    rtp_port: int = 20000
    sip: SipSettings = field(default_factory=SipSettings)
    trunks: tuple[TrunkAccount, ...] = ()
    desk: bool = False
    rtp_ports: int = 100
    kept: int = 0
