"""Codecs in the trunk's order and keys at its payload type, in the text of a session description."""

from __future__ import annotations

from dialer.line.sdp import Sound, answered, offered

OURS = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=pjmedia\r\nt=0 0\r\n"
    "m=audio 20000 RTP/AVP 8 0 9 96 120\r\nc=IN IP4 127.0.0.1\r\n"
    "a=rtcp:20001 IN IP4 127.0.0.1\r\na=sendrecv\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:9 G722/8000\r\n"
    "a=rtpmap:96 iLBC/8000\r\na=fmtp:96 mode=30\r\n"
    "a=rtpmap:120 telephone-event/8000\r\na=fmtp:120 0-16\r\n"
)


def audio(sdp: str) -> str:
    (line,) = [line for line in sdp.splitlines() if line.startswith("m=audio")]
    return line


def test_an_offer_has_the_accounts_codecs_in_its_order_and_keys_at_101() -> None:
    told = offered(OURS, Sound(("PCMU", "PCMA")))
    assert audio(told) == "m=audio 20000 RTP/AVP 0 8 101"
    assert "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n" in told
    assert "G722" not in told
    assert "iLBC" not in told
    assert "mode=30" not in told
    assert "a=rtcp:20001 IN IP4 127.0.0.1\r\na=sendrecv\r\n" in told


def test_one_codec_only_and_another_payload_type_for_keys() -> None:
    told = offered(OURS, Sound(("ilbc",), key_payload=97))
    assert audio(told) == "m=audio 20000 RTP/AVP 96 97"
    assert "a=fmtp:96 mode=30\r\n" in told
    assert "a=rtpmap:97 telephone-event/8000" in told


def test_an_answer_leaves_the_payload_types_alone() -> None:
    told = answered(OURS, Sound(("PCMA",)))
    assert audio(told) == "m=audio 20000 RTP/AVP 8 120"
    assert "a=rtpmap:120 telephone-event/8000" in told


def test_codecs_without_rtpmap_are_known_by_their_number() -> None:
    assert audio(offered("m=audio 4 RTP/AVP 0 8\r\n", Sound(("PCMA",)))) == "m=audio 4 RTP/AVP 8"


def test_srtp_is_ordered_likewise() -> None:
    secret = OURS.replace("RTP/AVP", "RTP/SAVP")
    assert audio(offered(secret, Sound(("PCMU",)))) == "m=audio 20000 RTP/SAVP 0 101"


def test_what_has_no_codec_of_ours_or_no_sound_stays_as_it_is() -> None:
    assert answered(OURS, Sound(("OPUS",))) == OURS
    assert offered("v=0\r\n", Sound()) == "v=0\r\n"


def test_a_payload_type_that_a_codec_has_is_not_given_to_keys() -> None:
    assert audio(offered(OURS, Sound(("ILBC",), key_payload=96))) == "m=audio 20000 RTP/AVP 96 120"
