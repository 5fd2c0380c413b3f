"""`huifang edge`: what the settings give is written, checked by Kamailio, and compared."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import as_json, complaint, huifang, succeeds

SETTINGS = """\
edge: {{inner: "127.0.0.1:5060", outer: 127.0.0.2, udp_port: {port}}}
lines: {{port: 5070}}
trunks:
  - name: main
    uri: sip:{{number}}@192.0.2.10:5060
    mode: {mode}
    registrar: sip:192.0.2.10
    auth: {{user: "02161234567", password: geheim}}
"""


def site(data: Path, *, port: int = 5080, mode: str = "edge") -> Path:
    (data / "config").mkdir(exist_ok=True)
    (data / "config" / "settings.yaml").write_text(SETTINGS.format(port=port, mode=mode), encoding="utf-8")
    return data


def test_it_is_written_checked_and_found_current(tmp_path: Path) -> None:
    site(tmp_path)
    assert as_json("edge", "write", "--data", tmp_path) == {
        "folder": str(tmp_path / "edge"),
        "sockets": ["udp:127.0.0.1:5060", "udp:127.0.0.2:5080"],
        "checked": True,
    }
    assert (tmp_path / "edge" / "trunks.cfg").stat().st_mode & 0o077 == 0
    assert '"127.0.0.1:5070"' in (tmp_path / "edge" / "site.cfg").read_text()  # the desk is the first worker
    assert "holds it" in succeeds("edge", "check", "--data", tmp_path)
    site(tmp_path, port=5082)
    done = huifang("edge", "check", "--data", tmp_path)
    assert done.status == 1
    assert "run huifang edge write" in done.stdout


def test_a_routing_of_the_sites_own_is_checked_too(tmp_path: Path) -> None:
    own = site(tmp_path) / "config" / "edge"
    own.mkdir()
    (own / "kamailio.cfg").write_text("request_route {\n\tno_such_command();\n}\n")
    assert "line 2" in complaint("edge", "check", "--data", tmp_path)


def test_without_a_trunk_for_it_there_is_nothing_to_write(tmp_path: Path) -> None:
    site(tmp_path, mode="direct")
    assert "set mode: edge of one" in complaint("edge", "write", "--data", tmp_path)
    assert not (tmp_path / "edge").exists()


def test_the_status_of_an_edge_that_does_not_run(tmp_path: Path) -> None:
    site(tmp_path)
    assert "run: huifang edge write" in complaint("edge", "status", "--data", tmp_path)
    succeeds("edge", "write", "--data", tmp_path)
    assert "no edge runs" in complaint("edge", "status", "--data", tmp_path)
