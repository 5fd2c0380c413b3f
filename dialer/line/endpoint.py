"""The PJSUA2 endpoint of a worker: one thread, no sound device, 8 kHz, an account for each trunk.

Every pj call is made by the worker's main thread, and PJSIP's own callbacks reach Python only inside `wait`
(except tap frames and log entries, which are only stored).
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable

import pjsua2 as pj

from base.audio import RATE
from base.errors import LineError
from dialer.line.accounts import (
    TRANSPORT,
    Hooks,
    LineAccount,
    own_config,
    transport_config,
    trunk_config,
    udp_mark,
)
from dialer.line.addresses import likeness
from dialer.line.ladder import Message, read_log
from dialer.line.sdp import Sound
from dialer.line.settings import TrunkAccount, WorkerSettings

LADDER_LEVEL = 4
"""PJSIP prints whole SIP messages from this level on."""

PORTS_PER_CALL = 5
"""Conference ports: the call, a player, two recorders, a tap. Without a free one PJSIP answers 488."""

MOST_TRUNKS = 7
"""PJSIP is built for eight accounts, one is the endpoint's own; it aborts at the ninth."""

UNREGISTER_S = 1.0
"""How long a registrar is waited for at the end."""


class LogTap(pj.LogWriter):  # type: ignore[misc]
    """Keeps PJSIP's log entries with their time; may be called by any PJSIP thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self.entries: deque[tuple[float, int, str]] = deque(maxlen=20_000)

    def write(self, entry: pj.LogEntry) -> None:
        """Store one entry (PJSIP calls this)."""
        self.entries.append((self._clock(), entry.level, entry.msg))


class _PjEndpoint(pj.Endpoint):  # type: ignore[misc]
    """PJSIP itself. `peers` are the trunks' accounts by their ids."""

    def __init__(self, hooks: Hooks) -> None:
        super().__init__()
        self.peers: dict[int, LineAccount] = {}
        self._hooks = hooks

    def onSelectAccount(self, prm: pj.OnSelectAccountParam) -> None:
        """PJSIP calls this for what comes in: it is for the trunk from whose address it comes."""
        with self._hooks.guard(""):
            host, _, port = prm.rdata.srcAddress.rpartition(":")
            fits = {
                number: likeness(account.trunk.peer, host.strip("[]"), int(port))
                for number, account in self.peers.items()
                if account.trunk is not None
            }
            best = max(fits, key=fits.__getitem__, default=None)
            if best is not None and fits[best]:
                prm.accountIndex = best

    def onTransportState(self, prm: pj.OnTransportStateParam) -> None:
        """PJSIP calls this when a connection comes or goes: why it went is said nowhere else."""
        with self._hooks.guard(""):
            if prm.state == pj.PJSIP_TP_STATE_DISCONNECTED and prm.lastError:
                words = ", ".join([self.utilStrError(prm.lastError), *prm.tlsInfo.verifyMsgs])
                for account in self.peers.values():
                    account.connection_lost(prm.type, words)


class Endpoint:
    """Starts PJSIP, turns its crank, stops it in the order that does not abort."""

    def __init__(self, settings: WorkerSettings, hooks: Hooks) -> None:
        """Start it.

        Raises:
            LineError: an address is taken, a certificate cannot be read.
        """
        self.settings = settings
        self._hooks = hooks
        self._log = LogTap(hooks.clock)
        self._ep = _PjEndpoint(hooks)
        self._ep.libCreate()
        self._ep.libInit(self._config())
        self._ep.audDevManager().setNullDev()
        self.accounts: dict[str, LineAccount] = {}
        try:
            self._open()
        except (pj.Error, LineError) as error:
            self._close()
            raise LineError(error.info() if isinstance(error, pj.Error) else str(error)) from error
        self.idle = pj.ToneGenerator()
        self.idle.createToneGenerator(RATE, 1)

    def _open(self) -> None:
        settings = self.settings
        if len(settings.trunks) > MOST_TRUNKS:
            raise LineError(f"PJSIP carries {MOST_TRUNKS} trunks at most")
        self._order_codecs()
        udp = transport_config(settings, settings.port, udp_mark(settings.trunks))
        number, self.port = self._listen(pj.PJSIP_TRANSPORT_UDP, udp)
        self.host = settings.host
        self._ep.libStart()
        own = self.accounts[""] = LineAccount(
            self._hooks, None, takes_calls=settings.sip.takes_calls, sound=Sound(settings.sip.codecs)
        )
        own.create(own_config(settings, self.port))
        for trunk in settings.trunks:
            self._add(trunk, number, self.port)

    def _add(self, trunk: TrunkAccount, transport: int, port: int) -> None:
        """One trunk's account; over TCP and TLS with a transport of its own, over UDP with the worker's."""
        if trunk.transport != "udp":
            self._check_files(trunk)
            config = transport_config(self.settings, trunk.port, trunk.dscp_sip, trunk)
            transport, port = self._listen(TRANSPORT[trunk.transport], config)
        account = self.accounts[trunk.name] = LineAccount(self._hooks, trunk, takes_calls=trunk.takes_calls)
        account.create(trunk_config(self.settings, trunk, transport, port))
        self._ep.peers[account.getId()] = account

    @staticmethod
    def _check_files(trunk: TrunkAccount) -> None:
        """PJSIP says nothing of files that it cannot read."""
        for name in filter(None, (trunk.tls_ca, trunk.tls_certificate, trunk.tls_key)):
            if not os.access(name, os.R_OK):
                raise LineError(f"{name}: cannot be read")

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

    def _listen(self, kind: int, config: pj.TransportConfig) -> tuple[int, int]:
        """Open a transport; its id and its local port."""
        number = self._ep.transportCreate(kind, config)
        _, _, port = self._ep.transportGetInfo(number).localAddress.rpartition(":")
        return number, int(port)

    def _order_codecs(self) -> None:
        """Have the codecs of all accounts ready; which of them are offered, and in what order, `sdp` says."""
        wanted = list(Sound().codecs)
        wanted += [name.upper() for trunk in self.settings.trunks for name in trunk.codecs]
        for codec in self._ep.codecEnum2():
            name = codec.codecId.partition("/")[0].upper()
            self._ep.codecSetPriority(codec.codecId, 200 - wanted.index(name) if name in wanted else 0)

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

    def tick(self, now: float) -> None:
        """What accounts have to do by the clock."""
        for account in self.accounts.values():
            account.tick(now)

    def hang_up_all(self) -> None:
        """CANCEL, BYE or refuse every call."""
        self._ep.hangupAllCalls()

    def stop(self) -> None:
        """Stop PJSIP. Calls, taps, players, recorders must be gone: what outlives `libDestroy` aborts.

        Registrations are taken back on the way.
        """
        self._unregister()
        del self.idle
        if any(account.asking for account in self.accounts.values()):
            # An answer to OPTIONS would come after its account's end, and abort.
            os._exit(0)
        self._close()

    def _unregister(self) -> None:
        for account in self.accounts.values():
            account.unregister()
        until = self._hooks.clock() + UNREGISTER_S
        while any(account.registered for account in self.accounts.values()) and self._hooks.clock() < until:
            self.wait(0.02)

    def _close(self) -> None:
        self._ep.peers.clear()
        for account in self.accounts.values():
            account.shutdown()
        self.accounts.clear()
        gc.collect()
        # Every call is over: without this flag PJSIP waits a second for messages nobody sends.
        self._ep.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)
