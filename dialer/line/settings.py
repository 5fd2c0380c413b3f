"""What a line worker is told before its first call. Values only: no pjsua2 here."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SipSettings:
    """How the endpoint behaves towards its peers.

    Attributes:
        user: user part of the endpoint's own address.
        user_agent: User-Agent header.
        auth_user, auth_password: digest credentials for any realm; "" has none.
        proxy: outbound proxy URI (`sip:127.0.0.1:5060;lr`); "" sends straight to the request URI.
        public_address: address written into Contact and SDP behind NAT; "" for the bound one.
        rtp_first: first RTP port; workers take blocks of 100 ports above it.
        takes_calls: calls that come in are handed to the parent; else they get 480 at once, and take no room.
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
    log_level: int = 0


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """One worker's share: the first packet on its control socket.

    Attributes:
        host, port: SIP address to bind (UDP); port 0 lets the system choose.
        slots: calls it may carry (the packaged PJSIP build holds 4).
        rtp_port: first of its 100 RTP ports.
    """

    host: str = "127.0.0.1"
    port: int = 0
    slots: int = 4
    rtp_port: int = 20000
    sip: SipSettings = field(default_factory=SipSettings)
