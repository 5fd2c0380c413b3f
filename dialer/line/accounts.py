"""Accounts and transports of a worker's endpoint: what a trunk asks for, in PJSIP's words."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass

import pjsua2 as pj

from base.errors import LineError
from dialer.line.addresses import over, route
from dialer.line.guard import Guard
from dialer.line.ladder import Message, read_log
from dialer.line.protocol import Event, Probed, Registered
from dialer.line.sdp import Sound
from dialer.line.settings import TrunkAccount, WorkerSettings

RETRY_S, DENIED_RETRY_S = 30, 300.0
"""A registration that failed is tried again; PJSIP itself never repeats one that was refused for good."""

TRIED_BY_PJSIP = {408, 480, 500, 502, 503, 504}

JUST_S = 1.0
"""A call that ends so soon after its connection was lost ended because of it."""

SRTP = {
    "off": pj.PJMEDIA_SRTP_DISABLED,
    "optional": pj.PJMEDIA_SRTP_OPTIONAL,
    "mandatory": pj.PJMEDIA_SRTP_MANDATORY,
}
PRACK = {
    "off": pj.PJSUA_100REL_NOT_USED,
    "optional": pj.PJSUA_100REL_OPTIONAL,
    "mandatory": pj.PJSUA_100REL_MANDATORY,
}
TRANSPORT = {
    "udp": pj.PJSIP_TRANSPORT_UDP,
    "tcp": pj.PJSIP_TRANSPORT_TCP,
    "tls": pj.PJSIP_TRANSPORT_TLS,
}

IncomingHandler = Callable[["LineAccount", int, Message], None]


@dataclass(frozen=True, slots=True)
class Hooks:
    """Whom an account tells what happens to it."""

    guard: Guard
    clock: Callable[[], float]
    incoming: IncomingHandler
    emit: Callable[[Event], None]


def read_invite(text: str) -> Message:
    """The INVITE of an incoming call.

    Raises:
        LineError: PJSIP handed over something else.
    """
    message = read_log("RX 0 bytes Request msg INVITE\n" + text, at=0.0)
    if message is None:
        raise LineError("an incoming call without an INVITE")
    return message


class LineAccount(pj.Account):  # type: ignore[misc]
    """One account. `trunk` is None for the endpoint's own, which speaks `sound`."""

    def __init__(
        self, hooks: Hooks, trunk: TrunkAccount | None, *, takes_calls: bool, sound: Sound | None = None
    ) -> None:
        super().__init__()
        self.trunk = trunk
        self.takes_calls = takes_calls
        self.sound = Sound(trunk.codecs, trunk.dtmf_payload) if trunk else sound or Sound()
        self._hooks = hooks
        self.registered = False
        self._asked_at: float | None = None
        self._register_at: float | None = None
        self._lost = (0.0, "")

    @property
    def name(self) -> str:
        """The trunk's name, "" of the endpoint's own account."""
        return self.trunk.name if self.trunk else ""

    def connection_lost(self, kind: str, why: str) -> None:
        """A connection of that kind of transport ("TLS") failed; calls that fail with it say why."""
        if self.trunk is not None and self.trunk.transport == kind.lower():
            self._lost = (self._hooks.clock(), why)

    def explained(self, reason: str) -> str:
        """Why a call has just failed: what its connection says, where that has just been lost."""
        at, why = self._lost
        return why if self._hooks.clock() - at < JUST_S else reason

    def target(self, uri: str) -> str:
        """A request URI by way of this account: with its transport, unless a proxy's Route says it."""
        direct = self.trunk is not None and not self.trunk.proxy
        return over(uri, self.trunk.transport) if self.trunk and direct else uri

    @property
    def asking(self) -> bool:
        """An answer to OPTIONS is outstanding."""
        return self._asked_at is not None

    def probe(self) -> None:
        """Ask the far end for a sign of life; `Probed` follows. One question at a time."""
        if self._asked_at is not None or self.trunk is None:
            return
        prm = pj.SendRequestParam()
        prm.method = "OPTIONS"
        prm.txOption.targetUri = self.target(self.trunk.peer)
        self._asked_at = self._hooks.clock()
        try:
            self.sendRequest(prm)
        except pj.Error:
            self._probed(0)

    def unregister(self) -> None:
        """Take the registration back; `registered` says when it is."""
        if self.registered:
            self.setRegistration(False)

    def tick(self, now: float) -> None:
        """Register again when it is time to."""
        if self._register_at is not None and now >= self._register_at:
            self._register_at = None
            self.setRegistration(True)

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """Hand the call to the worker (PJSIP calls this)."""
        with self._hooks.guard(""):
            message = read_invite(prm.rdata.wholeMsg)
            self._hooks.incoming(self, prm.callId, message)

    def onSendRequest(self, prm: pj.OnSendRequestParam) -> None:
        """The answer to OPTIONS, or none (PJSIP calls this)."""
        with self._hooks.guard(""):
            state = prm.e.body.tsxState
            answered = state.type == pj.PJSIP_EVENT_RX_MSG
            self._probed(state.tsx.statusCode if answered else 0)

    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        """A registration came through, failed or went (PJSIP calls this)."""
        with self._hooks.guard(""):
            now = self._hooks.clock()
            gone = 200 <= prm.code < 300 and prm.expiration == 0
            self.registered = 200 <= prm.code < 300 and not gone
            self._hooks.emit(Registered(self.name, 0 if gone else prm.code, self.explained(prm.reason), now))
            if 300 <= prm.code < 600 and prm.code not in TRIED_BY_PJSIP:
                self._register_at = now + DENIED_RETRY_S

    def _probed(self, status: int) -> None:
        now, asked = self._hooks.clock(), self._asked_at
        self._asked_at = None
        if asked is not None:
            self._hooks.emit(Probed(self.name, status, now - asked, now))


def own_config(settings: WorkerSettings, port: int) -> pj.AccountConfig:
    """The endpoint's own account: `sip:USER@HOST:PORT`, straight to any URI or by one proxy."""
    sip = settings.sip
    config = _config(settings, f"sip:{sip.user}@{sip.public_address or settings.host}:{port}")
    if sip.proxy:
        config.sipConfig.proxies.append(sip.proxy)
    _secret(config, "*", sip.auth_user, sip.auth_password)
    return config


def trunk_config(
    settings: WorkerSettings, trunk: TrunkAccount, transport: int, port: int
) -> pj.AccountConfig:
    """A trunk's account; `transport` is its transport's id, `port` the local one."""
    sip = settings.sip
    here = f"sip:{sip.user}@{sip.public_address or settings.host}:{port}"
    config = _config(settings, trunk.aor or here)
    config.sipConfig.transportId = transport
    if trunk.proxy:
        config.sipConfig.proxies.append(route(trunk.proxy, trunk.transport))
    _secret(config, trunk.realm, trunk.auth_user, trunk.auth_password)
    _register(config.regConfig, trunk)
    config.natConfig.sipOutboundUse = 0
    config.callConfig.prackUse = PRACK[trunk.prack]
    config.callConfig.timerUse = (
        pj.PJSUA_SIP_TIMER_OPTIONAL if trunk.session_s else pj.PJSUA_SIP_TIMER_INACTIVE
    )
    if trunk.session_s:
        config.callConfig.timerSessExpiresSec = trunk.session_s
    media = config.mediaConfig
    media.srtpUse = SRTP[trunk.srtp]
    # Keys in the SDP only (RFC 4568); who wants them secret takes TLS.
    media.srtpSecureSignaling = 0
    media.srtpOpt.keyings = pj.IntVector([pj.PJMEDIA_SRTP_KEYING_SDES])
    _mark(media.transportConfig, trunk.dscp_rtp)
    return config


def transport_config(
    settings: WorkerSettings, port: int, dscp: int, trunk: TrunkAccount | None = None
) -> pj.TransportConfig:
    """A SIP transport of the worker's address; `trunk` gives TLS its files."""
    config = pj.TransportConfig()
    config.port = port
    config.boundAddress = settings.host
    config.publicAddress = settings.sip.public_address
    _mark(config, dscp)
    if trunk is not None:
        # Else an INVITE with credentials waits 40 ms for the ACK of the one without (RFC 896).
        options = config.tlsConfig.sockOptParams if trunk.transport == "tls" else config.sockOptParams
        undelayed = pj.SockOpt()
        undelayed.level, undelayed.optName = socket.IPPROTO_TCP, socket.TCP_NODELAY
        undelayed.setOptValInt(1)
        options.sockOpts.append(undelayed)
    if trunk is not None and trunk.transport == "tls":
        tls = config.tlsConfig
        tls.CaListFile, tls.certFile, tls.privKeyFile = trunk.tls_ca, trunk.tls_certificate, trunk.tls_key
        tls.verifyServer = trunk.tls_verify
        tls.proto = pj.PJ_SSL_SOCK_PROTO_TLS1_2 | pj.PJ_SSL_SOCK_PROTO_TLS1_3
    return config


def _config(settings: WorkerSettings, own_uri: str) -> pj.AccountConfig:
    config = pj.AccountConfig()
    config.idUri = own_uri
    media = config.mediaConfig
    media.transportConfig.port = settings.rtp_port
    media.transportConfig.portRange = settings.rtp_ports
    media.transportConfig.boundAddress = settings.host
    media.transportConfig.publicAddress = settings.sip.public_address
    # PJSIP would send a re-INVITE right after the answer to lock the codec.
    media.lockCodecEnabled = False
    return config


def _secret(config: pj.AccountConfig, realm: str, user: str, password: str) -> None:
    if user:
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", realm or "*", user, 0, password))


def _register(config: pj.AccountRegConfig, trunk: TrunkAccount) -> None:
    config.registrarUri = over(trunk.registrar, trunk.transport)
    config.timeoutSec = trunk.register_s
    config.firstRetryIntervalSec = config.retryIntervalSec = RETRY_S


def _mark(config: pj.TransportConfig, dscp: int) -> None:
    if dscp:
        config.qosParams.flags = pj.PJ_QOS_PARAM_HAS_DSCP
        config.qosParams.dscp_val = dscp


def udp_mark(trunks: tuple[TrunkAccount, ...]) -> int:
    """DSCP of the worker's one UDP socket: the highest that a trunk over UDP asks for."""
    return max((trunk.dscp_sip for trunk in trunks if trunk.transport == "udp"), default=0)
