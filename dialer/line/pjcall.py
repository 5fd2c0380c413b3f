"""PJSUA2's call, reduced to five facts: media changed, confirmed, over, key pressed, referred.

The far end's own wishes for a transfer are declined.
"""

from __future__ import annotations

from typing import Protocol

import pjsua2 as pj

from dialer.line.accounts import LineAccount
from dialer.line.guard import Guard
from dialer.line.sdp import answered, offered

SOUNDING = (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)


class CallWatcher(Protocol):
    """Whom a call tells what happens to it; called inside PJSIP callbacks."""

    @property
    def id(self) -> str:
        """The leg's id."""
        ...

    def media_changed(self, far: pj.AudioMedia | None) -> None:
        """The far end's conference port came, changed or went."""
        ...

    def confirmed(self) -> None:
        """The call is up."""
        ...

    def over(self, status: int, reason: str) -> None:
        """PJSIP has no call any more (or says so: after a hangup messages still come and go)."""
        ...

    def key(self, digit: str) -> None:
        """The far end pressed a key."""
        ...

    def referred(self, status: int, reason: str, *, final: bool) -> None:
        """What became, or becomes, of our REFER."""
        ...


class PjCall(pj.Call):  # type: ignore[misc]
    """One call. `watcher` is dropped when the call is over, so that no cycle keeps the call alive."""

    def __init__(self, account: LineAccount, watcher: CallWatcher, guard: Guard, call_id: int = -1) -> None:
        super().__init__(account, call_id)
        self._account = account
        self._watcher: CallWatcher | None = watcher
        self._guard = guard
        self.rx_packets = self.rx_lost = 0

    def onCallState(self, prm: pj.OnCallStateParam) -> None:  # noqa: ARG002
        """PJSIP calls this on every change of state."""
        if self._watcher is None:
            return
        with self._guard(self._watcher.id):
            info = self.getInfo()
            if info.state == pj.PJSIP_INV_STATE_CONFIRMED:
                self._watcher.confirmed()
            elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
                self.count()
                watcher, self._watcher = self._watcher, None
                watcher.over(info.lastStatusCode, self._account.explained(info.lastReason))

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:  # noqa: ARG002
        """PJSIP calls this whenever the media were negotiated."""
        if self._watcher is None:
            return
        with self._guard(self._watcher.id):
            # The value must be kept in a variable: the media live in it.
            info = self.getInfo()
            sounding = any(m.type == pj.PJMEDIA_TYPE_AUDIO and m.status in SOUNDING for m in info.media)
            self._watcher.media_changed(self.getAudioMedia(-1) if sounding else None)

    def onCallSdpCreated(self, prm: pj.OnCallSdpCreatedParam) -> None:
        """PJSIP calls this before it sends an offer or an answer."""
        with self._guard(self._watcher.id if self._watcher else ""):
            shape = answered if prm.remSdp.wholeSdp else offered
            prm.sdp.wholeSdp = shape(prm.sdp.wholeSdp, self._account.sound)

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        """PJSIP calls this once per key (RFC 4733)."""
        if self._watcher is None:
            return
        with self._guard(self._watcher.id):
            self._watcher.key(prm.digit)

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        """PJSIP calls this for a REFER: left alone it would dial whatever number the far end names (D10)."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def refer(self, target: str) -> None:
        """Send a REFER (RFC 3515)."""
        self.xfer(f"<{target}>", pj.CallOpParam(True))

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:
        """PJSIP calls this for the answer to our REFER where it is refused, and for each NOTIFY."""
        if self._watcher is None:
            return
        with self._guard(self._watcher.id):
            self._watcher.referred(prm.statusCode, prm.reason, final=prm.finalNotify)

    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        """PJSIP calls this for an INVITE with Replaces: left alone a stranger gets the call (R1)."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def onStreamDestroyed(self, prm: pj.OnStreamDestroyedParam) -> None:  # noqa: ARG002
        """PJSIP calls this before it drops a stream (after the far end's BYE, before `onCallState`)."""
        with self._guard(""):
            self.count()

    def refresh(self) -> None:
        """Keep the session up (RFC 4028): an UPDATE where the far end knows it, else the same offer again."""
        prm = pj.CallOpParam(True)
        try:
            if self.remoteHasCap(pj.PJSIP_H_ALLOW, "", "UPDATE") == pj.PJSIP_DIALOG_CAP_SUPPORTED:
                prm.opt.flag |= pj.PJSUA_CALL_NO_SDP_OFFER
                self.update(prm)
            else:
                self.reinvite(prm)
        except pj.Error:
            # Another request is under way: it refreshes the session as well.
            return

    def count(self) -> None:
        """Take the RTP statistics while there is a stream (before hanging up)."""
        try:
            received = self.getStreamStat(0).rtcp.rxStat
        except pj.Error:
            return
        self.rx_packets, self.rx_lost = received.pkt, received.loss
