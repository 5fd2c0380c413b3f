"""Names of recordings: "time + extension" (R2) as recorders write it."""

from __future__ import annotations

from datetime import datetime

import pytest

from base.clock import SHANGHAI
from transcribe.file_names import Named, understood

THEN = datetime(2026, 3, 4, 15, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("stem", "extension"),
    [
        ("20260304-150000_8001", "8001"),
        ("20260304-150000_8001_customer", "8001"),
        ("20260304150000_8001", "8001"),
        ("20260304150000123_8001", "8001"),
        ("202603041500_8001", "8001"),
        ("2026-03-04_15-00-00_8001", "8001"),
        ("2026-03-04 15.00.00 8001", "8001"),
        ("2026年03月04日15时00分00秒_8001", "8001"),
        ("20260304T150000-KF1023", "KF1023"),
        ("8001_20260304150000", "8001"),
        ("out-8001-13800138000-20260304-150000-1772607600.12", "8001"),
        ("20260304-150000_8001 (2)", "8001"),
        ("20260304-150000", ""),
        ("20260304-150000_13800138000", ""),
    ],
)
def test_time_and_extension(stem: str, extension: str) -> None:
    assert understood(stem) == Named(THEN, extension)


def test_the_day_may_stand_in_the_folders_name() -> None:
    assert understood("150000_8001", "2026-03-04") == Named(THEN, "8001")
    assert understood("8001_150000", "2026-03-04") == Named(None, "")


@pytest.mark.parametrize(
    "stem", ["hello", "8001", "20261304-150000_8001", "20260304-250000_8001", "150000_8001"]
)
def test_what_tells_no_time_tells_nothing(stem: str) -> None:
    assert understood(stem, "recordings") == Named(None, "")
