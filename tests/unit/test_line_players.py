"""Stopped players rest before they are freed: PJSIP's event thread may still be at them."""

from __future__ import annotations

import weakref
from typing import cast

import pjsua2 as pj

from dialer.line.media import REST_S, Spent


class Player:
    """Stands for a player; what counts is when it is freed."""


def test_a_stopped_player_is_freed_after_its_rest() -> None:
    now = [100.0]
    spent = Spent(lambda: now[0])
    first, second = Player(), Player()
    there = [weakref.ref(first), weakref.ref(second)]
    spent.keep(cast(pj.AudioMediaPlayer, first))
    now[0] += REST_S / 2
    spent.keep(cast(pj.AudioMediaPlayer, second))
    del first, second

    spent.free()
    assert [it() is None for it in there] == [False, False]
    now[0] += REST_S / 2
    spent.free()
    assert [it() is None for it in there] == [True, False]
    spent.clear()
    assert there[1]() is None
