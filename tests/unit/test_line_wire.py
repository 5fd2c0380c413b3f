"""Values that travel between parent and worker arrive as they were sent, whatever their size."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.line import protocol
from dialer.line.protocol import Hangup, Refused, Utterance
from dialer.line.settings import SipSettings, TrunkAccount, WorkerSettings
from dialer.line.wire import CHUNK, Assembler, Channel, Value, decode, encode, packets

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.one_of(*(st.from_type(kind) for kind in get_args(protocol.Command | protocol.Event)))


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with one, other:
        yield Channel(one), Channel(other)


@given(VALUES)
def test_every_value_survives_the_round_trip(value: Value) -> None:
    assert decode(encode(value)) == value


def test_settings_survive_the_round_trip() -> None:
    sip = SipSettings(auth_user="u", auth_password="p")
    trunks = (TrunkAccount("main", "sip:127.0.0.1:5060", codecs=("PCMU",)),)
    settings = WorkerSettings("127.0.0.2", 5071, 3, 30000, sip, trunks)
    assert decode(encode(settings)) == settings


@given(st.integers(min_value=0, max_value=3 * CHUNK + 5))
def test_long_sounds_are_split_and_joined(size: int) -> None:
    spoken = Utterance("leg", "listen", 1.0, 2.0, bytes(size))
    assembler = Assembler()
    joined = [assembler.feed(packet) for packet in packets(encode(spoken))]
    assert joined[-1] == spoken
    assert all(part is None for part in joined[:-1])
    assert all(len(packet) <= CHUNK + 1 for packet in packets(encode(spoken)))


def test_a_slow_reader_gets_everything_in_order(ends: tuple[Channel, Channel]) -> None:
    writer, reader = ends
    sent = [Utterance("leg", str(n), 0.0, 1.0, bytes([n]) * 150_000) for n in range(12)]
    for value in sent:
        writer.send(value)
    assert not writer.flush(), "the socket should have been full"
    got: list[Value] = []
    while len(got) < len(sent):
        got.extend(reader.receive())
        writer.flush()
    assert got == sent


def test_a_closed_far_end_is_noticed_by_both(ends: tuple[Channel, Channel]) -> None:
    left, right = ends
    left.close()
    assert list(right.receive()) == []
    assert right.closed
    right.send(Hangup("leg"))
    assert right.closed


def test_an_unknown_type_is_an_error() -> None:
    blob = encode(Refused("leg", "Play", "why")).replace(b"Refused", b"Deceased"[:7])
    with pytest.raises(ValueError, match="unknown type"):
        decode(blob)


def test_a_missing_field_is_an_error() -> None:
    blob = encode(Refused("leg", "Play", "why")).replace(b'"why": ', b'"wry": ')
    with pytest.raises(ValueError, match="Refused"):
        decode(blob)
