"""The SIP front: where each datagram goes, and what is written into it (RFC 3261 16.11, 18.2; RFC 3581)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softphone.sip import Via, parse
from softphone.switch import Datagram, Table, handle

HERE = ("127.0.0.1", 5060)
DIALER = ("127.0.0.1", 40000)
ENDPOINT = ("127.0.0.1", 5101)
OTHER = ("127.0.0.1", 5102)
TABLE = Table(HERE, {"13800000001": ENDPOINT, "02161230014": OTHER})


def request(
    method: str = "INVITE",
    user: str = "13800000001@",
    via: str = "SIP/2.0/UDP 127.0.0.1:40000;rport;branch=z9hG4bKabc",
    forwards: str = "Max-Forwards: 70\r\n",
    body: str = "v=0\r\n",
) -> bytes:
    return (
        f"{method} sip:{user}127.0.0.1:5060 SIP/2.0\r\n"
        f"Via: {via}\r\n{forwards}"
        "From: <sip:95000@127.0.0.1>;tag=f1\r\n"
        "To: <sip:13800000001@127.0.0.1>\r\n"
        "Call-ID: c1@127.0.0.1\r\n"
        f"CSeq: 7 {method}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def passed_on(data: bytes, source: tuple[str, int] = DIALER) -> Datagram:
    datagram = handle(data, source, TABLE)
    assert datagram is not None
    return datagram


def top_via(datagram: Datagram) -> Via:
    message = parse(datagram.data)
    assert message is not None
    return message.vias[0]


@pytest.mark.parametrize(
    ("user", "to"),
    [
        ("13800000001@", ENDPOINT),
        ("02161230014@", OTHER),
        ("+8613800000001@", ENDPOINT),
        ("%2B862161230014@", OTHER),
        ("13800000001;phone-context=cn@", ENDPOINT),
    ],
)
def test_a_request_goes_to_its_numbers_endpoint(user: str, to: tuple[str, int]) -> None:
    assert passed_on(request(user=user)).to == to


def test_what_is_passed_on_differs_in_via_and_max_forwards_only() -> None:
    message = parse(passed_on(request()).data)
    original = parse(request())
    assert message is not None
    assert original is not None
    assert message.vias[0].sent_by == HERE
    assert message.vias[1].reply_to == DIALER
    assert message.header("Max-Forwards") == "69"
    assert (message.start, message.body) == (original.start, original.body)
    for name in ("From", "To", "Call-ID", "CSeq", "Content-Length"):
        assert message.header(name) == original.header(name)


def test_an_invite_its_cancel_and_the_ack_to_its_refusal_leave_alike() -> None:
    ways = {
        (top_via(passed_on(request(method))), passed_on(request(method)).to)
        for method in ("INVITE", "CANCEL", "ACK")
    }
    assert len(ways) == 1


def test_another_transaction_gets_another_branch() -> None:
    other = request(via="SIP/2.0/UDP 127.0.0.1:40000;rport;branch=z9hG4bKabd")
    assert top_via(passed_on(request())).branch != top_via(passed_on(other)).branch


def test_a_branch_from_before_rfc_3261_is_told_apart_by_call_and_sequence() -> None:
    old = "SIP/2.0/UDP 127.0.0.1:40000;branch=1"
    first, again = request(via=old), request("CANCEL", via=old)
    later = request(via=old).replace(b"CSeq: 7", b"CSeq: 8")
    assert top_via(passed_on(first)).branch == top_via(passed_on(again)).branch
    assert top_via(passed_on(first)).branch != top_via(passed_on(later)).branch


def test_a_response_goes_back_the_way_the_request_came() -> None:
    forwarded = parse(passed_on(request(), source=("127.0.0.1", 41234)).data)
    assert forwarded is not None
    ringing = forwarded.response(180, "Ringing", "t9").data()
    back = passed_on(ringing, source=ENDPOINT)
    answer = parse(back.data)
    assert back.to == ("127.0.0.1", 41234)
    assert answer is not None
    assert [via.branch for via in answer.vias] == ["z9hG4bKabc"]
    assert answer.start == "SIP/2.0 180 Ringing"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (request(user="13999999999@"), "404"),
        (request(forwards="Max-Forwards: 0\r\n"), "483"),
        (request("OPTIONS", user=""), "200"),
        (request("BYE", user="13999999999@"), "404"),
    ],
)
def test_what_cannot_go_on_is_answered_alike_each_time(data: bytes, status: str) -> None:
    answer = passed_on(data)
    assert answer.data.startswith(f"SIP/2.0 {status} ".encode())
    assert b";tag=" in answer.data.split(b"To: ")[1].split(b"\r\n")[0]
    assert answer.to == DIALER
    assert passed_on(data) == answer


def test_a_request_without_max_forwards_gets_one() -> None:
    assert b"Max-Forwards: 69\r\n" in passed_on(request(forwards="")).data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"\x00\xff\xfe",
        b"INVITE sip:13800000001@127.0.0.1 SIP/2.0\r\n\r\n",
        b"INVITE sip:1@x HTTP/1.1\r\nVia: SIP/2.0/UDP a:1\r\n\r\n",
        request(via="nonsense"),
        request().replace(b"Call-ID: ", b"X: "),
        request().replace(b"CSeq: 7 INVITE", b"CSeq"),
        request().partition(b"\r\n\r\n")[0],
        request("ACK", user="13999999999@"),
        b"SIP/2.0 200 OK" + request()[request().index(b"\r\n") :],
    ],
    ids=[
        "empty",
        "keep-alive",
        "noise",
        "bare",
        "http",
        "via",
        "call-id",
        "header",
        "unfinished",
        "ack",
        "not ours",
    ],
)
def test_what_is_malformed_or_ends_here_is_dropped(data: bytes) -> None:
    assert handle(data, DIALER, TABLE) is None


@given(st.binary(max_size=300))
def test_no_datagram_breaks_the_switch(data: bytes) -> None:
    handle(data, DIALER, TABLE)
    handle(request()[:150] + data, DIALER, TABLE)


@pytest.mark.parametrize(
    ("via", "source", "reply_to"),
    [
        ("SIP/2.0/UDP 10.0.0.1;branch=x", ("10.0.0.1", 9), ("10.0.0.1", 5060)),
        ("SIP/2.0/UDP 10.0.0.1:99;branch=x", ("10.0.0.2", 9), ("10.0.0.2", 99)),
        ("SIP/2.0/UDP pc.example:99;rport;branch=x", ("10.0.0.2", 9), ("10.0.0.2", 9)),
        ("SIP / 2.0 / UDP 10.0.0.1:99 ; RPORT ; branch=x", ("10.0.0.1", 9), ("10.0.0.1", 9)),
    ],
)
def test_a_reply_goes_to_where_the_request_really_came_from(
    via: str, source: tuple[str, int], reply_to: tuple[str, int]
) -> None:
    message = parse(request(via=via))
    assert message is not None
    assert message.vias[0].seen_from(source).reply_to == reply_to


def test_vias_on_one_line_and_compact_headers_are_read() -> None:
    compact = request().replace(b"Via: ", b"v: SIP/2.0/UDP 10.0.0.9:5070;branch=z9hG4bKtop ,\r\n ")
    compact = compact.replace(b"Call-ID:", b"i:").replace(b"From:", b"f:").replace(b"To:", b"t:")
    message = parse(compact)
    assert message is not None
    assert [via.sent_by for via in message.vias] == [("10.0.0.9", 5070), DIALER]
    assert message.header("Call-ID") == "c1@127.0.0.1"
