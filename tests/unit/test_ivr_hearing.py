"""What only gains time."""

from __future__ import annotations

import pytest

from ivr.hearing import hesitates


@pytest.mark.parametrize("text", ["嗯", "嗯那个", "呃这个", "我想想", "嗯让我想想啊"])
def test_fillers_are_hesitation(text: str) -> None:
    assert hesitates(text)


@pytest.mark.parametrize("text", ["", "嗯是的", "还行吧", "这个没有", "我想投诉"])
def test_nothing_at_all_and_words_are_not(text: str) -> None:
    assert not hesitates(text)
