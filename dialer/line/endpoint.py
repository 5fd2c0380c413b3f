"""The PJSUA2 endpoint of a worker: one thread, no sound device, 8 kHz, PCMA before PCMU.

Every pj call is made by the worker's main thread, and PJSIP's own callbacks reach Python only inside `wait`
(except tap frames and log entries, which are only stored).
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable

import pjsua2 as pj

from base.audio import RATE
from base.errors import LineError
from dialer.line.guard import Guard
from dialer.line.ladder import Message, read_log
from dialer.line.settings import WorkerSettings

CODECS = ("PCMA/8000/1", "PCMU/8000/1")
LADDER_LEVEL = 4
"""PJSIP prints whole SIP messages from this level on."""

PORTS_PER_CALL = 5
"""Conference ports: the call, a player, two recorders, a tap. Without a free one PJSIP answers 488."""

RTP_PORTS = 100

IncomingHandler = Callable[[int, Message], None]


class LogTap(pj.LogWriter):  # type: ignore[misc]
    """Keeps PJSIP's log entries with their time; may be called by any PJSIP thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self.entries: deque[tuple[float, int, str]] = deque(maxlen=20_000)

    def write(self, entry: pj.LogEntry) -> None:
        """Store one entry (PJSIP calls this)."""
        self.entries.append((self._clock(), entry.level, entry.msg))


class _Account(pj.Account):  # type: ignore[misc]
    def __init__(self, guard: Guard, on_incoming: IncomingHandler) -> None:
        super().__init__()
        self._guard = guard
        self._on_incoming = on_incoming

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """Hand the call to the worker (PJSIP calls this)."""
        with self._guard(""):
            message = read_invite(prm.rdata.wholeMsg)
            self._on_incoming(prm.callId, message)


def read_invite(text: str) -> Message:
    """The INVITE of an incoming call.

    Raises:
        LineError: PJSIP handed over something else.
    """
    message = read_log("RX 0 bytes Request msg INVITE\n" + text, at=0.0)
    if message is None:
        raise LineError("an incoming call without an INVITE")
    return message


class Endpoint:
    """Starts PJSIP, turns its crank, stops it in the order that does not abort."""

    def __init__(
        self,
        settings: WorkerSettings,
        *,
        clock: Callable[[], float],
        guard: Guard,
        on_incoming: IncomingHandler,
    ) -> None:
        self.settings = settings
        self._log = LogTap(clock)
        self._ep = pj.Endpoint()
        self._ep.libCreate()
        self._ep.libInit(self._config())
        self._ep.audDevManager().setNullDev()
        self.host, self.port = self._listen()
        self._order_codecs()
        self._ep.libStart()
        self.account = _Account(guard, on_incoming)
        self.account.create(self._account_config())
        self.idle = pj.ToneGenerator()
        self.idle.createToneGenerator(RATE, 1)

    def _config(self) -> pj.EpConfig:
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.maxCalls = self.settings.slots
        config.uaConfig.userAgent = self.settings.sip.user_agent
        config.medConfig.clockRate = config.medConfig.sndClockRate = RATE
        config.medConfig.noVad = True
        config.medConfig.ecTailLen = 0
        # The bridge's clock must go on between calls: it also finishes what was recorded.
        config.medConfig.sndAutoCloseTime = -1
        config.medConfig.maxMediaPorts = 8 + PORTS_PER_CALL * self.settings.slots
        # Both levels: consoleLevel alone bounds what reaches the writer.
        config.logConfig.level = config.logConfig.consoleLevel = max(
            LADDER_LEVEL, self.settings.sip.log_level
        )
        config.logConfig.msgLogging = 1
        config.logConfig.writer = self._log
        # PJSIP deletes the writer itself in libDestroy.
        self._log.__disown__()
        return config

    def _listen(self) -> tuple[str, int]:
        transport = pj.TransportConfig()
        transport.port = self.settings.port
        transport.boundAddress = self.settings.host
        transport.publicAddress = self.settings.sip.public_address
        number = self._ep.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        _, _, port = self._ep.transportGetInfo(number).localAddress.rpartition(":")
        return self.settings.host, int(port)

    def _order_codecs(self) -> None:
        """Offer the telephone's two codecs only, in our order."""
        for codec in self._ep.codecEnum2():
            rank = CODECS.index(codec.codecId) if codec.codecId in CODECS else None
            self._ep.codecSetPriority(codec.codecId, 0 if rank is None else 200 - rank)

    def _account_config(self) -> pj.AccountConfig:
        sip = self.settings.sip
        config = pj.AccountConfig()
        config.idUri = f"sip:{sip.user}@{sip.public_address or self.host}:{self.port}"
        if sip.proxy:
            config.sipConfig.proxies.append(sip.proxy)
        if sip.auth_user:
            secret = pj.AuthCredInfo("digest", "*", sip.auth_user, 0, sip.auth_password)
            config.sipConfig.authCreds.append(secret)
        media = config.mediaConfig
        media.transportConfig.port = self.settings.rtp_port
        media.transportConfig.portRange = RTP_PORTS
        media.transportConfig.boundAddress = self.host
        media.transportConfig.publicAddress = sip.public_address
        # PJSIP would send a re-INVITE right after the answer to lock the codec.
        media.lockCodecEnabled = False
        return config

    def wait(self, seconds: float) -> None:
        """Handle what comes in; returns after the first events, or after `seconds`."""
        self._ep.libHandleEvents(max(0, int(seconds * 1000)))

    def messages(self) -> list[Message]:
        """SIP messages sent and received since the last time."""
        found: list[Message] = []
        while self._log.entries:
            at, level, text = self._log.entries.popleft()
            message = read_log(text, at) if level == LADDER_LEVEL else None
            if message is not None:
                found.append(message)
        return found

    def hang_up_all(self) -> None:
        """CANCEL, BYE or refuse every call."""
        self._ep.hangupAllCalls()

    def stop(self) -> None:
        """Stop PJSIP. Calls, taps, players, recorders must be gone: what outlives `libDestroy` aborts."""
        del self.idle
        self.account.shutdown()
        del self.account
        gc.collect()
        # Every call is over: without this flag PJSIP waits a second for messages nobody sends.
        self._ep.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)
