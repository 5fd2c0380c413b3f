"""What we write into a session description: codecs in the trunk's order, keys at the trunk's payload type.

PJSIP orders codecs for the whole process, and it offers telephone-event at payload type 120, where peers that
send the usual 101 anyway lose every key. Both are set here, in its text, account by account. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STATIC = {"0": "PCMU", "3": "GSM", "8": "PCMA", "9": "G722", "18": "G729"}
"""Payload types that need no rtpmap (RFC 3551, table 4)."""

KEYS = "TELEPHONE-EVENT"
_AUDIO = re.compile(r"^(m=audio \S+ \S+)((?: \d+)+)", re.MULTILINE)
_MAP = re.compile(r"^a=rtpmap:(\d+) ([^/\s]+)(/8000)?", re.MULTILINE)
_ATTRIBUTE = r"^a=(?:rtpmap|fmtp|rtcp-fb):(?:{}) [^\n]*\n?"


@dataclass(frozen=True, slots=True)
class Sound:
    """What an account speaks.

    Attributes:
        codecs: encoding names in order (RFC 3551): "PCMA", "PCMU".
        key_payload: payload type of telephone-event in our offers (RFC 4733).
    """

    codecs: tuple[str, ...] = ("PCMA", "PCMU")
    key_payload: int = 101


def offered(sdp: str, sound: Sound) -> str:
    """An offer with the account's codecs, in its order, and its payload type for keys."""
    return _with_key_payload(answered(sdp, sound), str(sound.key_payload))


def answered(sdp: str, sound: Sound) -> str:
    """What we can do, for an answer: the account's codecs; the payload types are the offerer's to choose."""
    audio = _AUDIO.search(sdp)
    if audio is None:
        return sdp
    names = {**STATIC, **{kind: name.upper() for kind, name, _ in _MAP.findall(sdp)}}
    kinds = audio[2].split()
    kept = _in_order(kinds, names, [name.upper() for name in sound.codecs])
    if not kept:
        return sdp
    events = [kind for kind in kinds if names.get(kind) == KEYS]
    gone = [kind for kind in kinds if kind not in kept and kind not in events]
    told = sdp[: audio.start()] + f"{audio[1]} {' '.join([*kept, *events])}" + sdp[audio.end() :]
    return re.sub(_ATTRIBUTE.format("|".join(gone)), "", told, flags=re.MULTILINE) if gone else told


def _in_order(kinds: Sequence[str], names: Mapping[str, str], codecs: Sequence[str]) -> list[str]:
    wanted = [kind for kind in kinds if names.get(kind) in codecs]
    return sorted(wanted, key=lambda kind: codecs.index(names[kind]))


def _with_key_payload(sdp: str, wanted: str) -> str:
    found = [kind for kind, name, rate in _MAP.findall(sdp) if name.upper() == KEYS and rate]
    audio = _AUDIO.search(sdp)
    if audio is None or not found or wanted in audio[2].split():
        return sdp
    (theirs, *_) = found
    kinds = " ".join(wanted if kind == theirs else kind for kind in audio[2].split())
    told = sdp[: audio.start()] + f"{audio[1]} {kinds}" + sdp[audio.end() :]
    return re.sub(rf"(?m)^a=(rtpmap|fmtp):{theirs}\b", rf"a=\g<1>:{wanted}", told)
