"""Logs carry no number and no speech."""

from __future__ import annotations

import io
import json

from base import log


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_numbers_and_speech_are_masked() -> None:
    stream = io.StringIO()
    log.configure(json=True, level="info", stream=stream)
    log.get_logger("dialer").info("call ended", pii={"number": "+8613812345678", "heard": "我是本人"})
    [line] = _lines(stream)
    assert line["event"] == "call ended"
    assert line["module"] == "dialer"
    assert line["pii"] == {"number": "138****5678", "heard": "<4 characters>"}
    assert "我是本人" not in stream.getvalue()
    assert "13812345678" not in stream.getvalue()


def test_a_bare_pii_value_is_masked_too() -> None:
    stream = io.StringIO()
    log.configure(json=True, level="info", stream=stream)
    log.get_logger("x").info("heard", pii="分成")
    assert _lines(stream)[0]["pii"] == "<2 characters>"


def test_tracebacks_leave_variables_out() -> None:
    for machines in (True, False):
        stream = io.StringIO()
        log.configure(json=machines, level="info", stream=stream)
        number = "+8613812345678"
        try:
            raise RuntimeError("broken")
        except RuntimeError:
            log.get_logger("x").error("failed", exc_info=True)
        assert "broken" in stream.getvalue()
        assert number not in stream.getvalue()


def test_lines_below_the_level_are_dropped() -> None:
    stream = io.StringIO()
    log.configure(json=True, level="warning", stream=stream)
    log.get_logger("x").info("quiet")
    log.get_logger("x").warning("loud")
    assert [line["event"] for line in _lines(stream)] == ["loud"]
