"""Counts and estimates as people read them."""

from __future__ import annotations

import pytest

from huifang.prompting import rendering_s
from huifang.words import about, counted
from papers.words import PHONE_KINDS
from records.model import PhoneKind


def test_one_has_no_s() -> None:
    assert [counted(n, "campaign") for n in (0, 1, 2)] == ["0 campaigns", "1 campaign", "2 campaigns"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "about 5 s"), (22, "about 20 s"), (89, "about 90 s"), (200, "about 3 min"), (7300, "about 2 h")],
)
def test_an_estimate_is_round(seconds: float, said: str) -> None:
    assert about(seconds) == said


def test_every_kind_of_phone_has_its_word() -> None:
    assert set(PHONE_KINDS) == set(PhoneKind)


def test_rendering_takes_longer_for_more_words() -> None:
    assert rendering_s(["您好", "再见了"]) > rendering_s(["您好"]) > rendering_s([]) == 0
