"""OPTIONS against real sockets."""

from __future__ import annotations

import socket
import ssl
import threading

import pytest

from huifang import sip_ping


def _peer(answers: list[bytes | None]) -> tuple[int, list[bytes], threading.Thread]:
    """A UDP peer that meets each request with the next answer (None: silence); port, requests, thread."""
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.bind(("127.0.0.1", 0))
    peer.settimeout(10)
    seen: list[bytes] = []

    def serve() -> None:
        with peer:
            for answer in answers:
                request, sender = peer.recvfrom(65535)
                seen.append(request)
                if answer is not None:
                    peer.sendto(answer, sender)

    thread = threading.Thread(target=serve)
    port = peer.getsockname()[1]
    thread.start()
    return port, seen, thread


def test_an_answer_is_a_peer() -> None:
    port, seen, thread = _peer([b"SIP/2.0 404 Not Found\r\n\r\n"])
    assert sip_ping.ping("127.0.0.1", port) == "404 Not Found"
    thread.join()
    assert seen[0].startswith(f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\n".encode())
    assert seen[0].endswith(b"\r\n\r\n")


def test_a_lost_request_is_sent_again() -> None:
    port, seen, thread = _peer([None, b"SIP/2.0 200 OK\r\n\r\n"])
    assert sip_ping.ping("127.0.0.1", port) == "200 OK"
    thread.join()
    assert seen[0] == seen[1]


def test_what_is_no_sip_is_passed_over() -> None:
    port, _, thread = _peer([b"hello", b"SIP/2.0 200 OK\r\n\r\n"])
    assert sip_ping.ping("127.0.0.1", port) == "200 OK"
    thread.join()


def test_a_closed_port_is_refused() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        sip_ping.ping("127.0.0.1", port)


def test_silence_ends_in_a_timeout() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        with pytest.raises(
            TimeoutError, match="no answer to OPTIONS in 3 s: it is down, or it ignores OPTIONS"
        ):
            sip_ping.ping("127.0.0.1", mute.getsockname()[1])


def test_a_peer_over_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen: list[bytes] = []

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                seen.append(line.recv(65535))
                line.sendall(b"SIP/2.0 200 OK\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        assert sip_ping.ping("127.0.0.1", listener.getsockname()[1], "tcp") == "200 OK"
        thread.join()
    assert b"Via: SIP/2.0/TCP" in seen[0]


def test_a_peer_that_speaks_no_tls_is_told_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65535)
                line.sendall(b"SIP/2.0 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(ssl.SSLError):
            sip_ping.ping("127.0.0.1", listener.getsockname()[1], "tls")
        thread.join()
