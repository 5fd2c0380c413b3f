"""Where boxes go: below what leads to them, beside each other, with room for the lines."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from huifang.scripts.layout import Edge, Layout, components, place

NAMES = [f"n{number}" for number in range(9)]


def overlap(layout: Layout) -> list[tuple[str, str]]:
    def apart(a: str, b: str) -> bool:
        one, other = layout.boxes[a], layout.boxes[b]
        return (
            one.x + one.w <= other.x + 0.01
            or other.x + other.w <= one.x + 0.01
            or one.y + one.h <= other.y + 0.01
            or other.y + other.h <= one.y + 0.01
        )

    return [pair for pair in combinations(layout.boxes, 2) if not apart(*pair)]


EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=24)
HEIGHTS = st.lists(st.integers(20, 300), min_size=len(NAMES), max_size=len(NAMES))


@settings(max_examples=80)
@given(edges=EDGES, heights=HEIGHTS)
def test_no_two_boxes_overlap_and_every_edge_leads_down(edges: list[Edge], heights: list[int]) -> None:
    layout = place({name: (100.0, float(h)) for name, h in zip(NAMES, heights, strict=True)}, edges)
    assert overlap(layout) == []
    assert set(layout.lines) | set(layout.cut) == set(edges)
    for a, b in layout.lines:
        assert layout.boxes[a].y + layout.boxes[a].h < layout.boxes[b].y
    assert all(box.x >= -0.01 and box.x + box.w <= layout.width + 0.01 for box in layout.boxes.values())
    assert all(box.y + box.h <= layout.height + 0.01 for box in layout.boxes.values())


@settings(max_examples=60)
@given(edges=EDGES)
def test_lines_pass_beside_the_boxes(edges: list[Edge]) -> None:
    layout = place(dict.fromkeys(NAMES, (100.0, 50.0)), edges)
    for x, top, bottom in (free for line in layout.lines.values() for free in line):
        for box in layout.boxes.values():
            level = box.y < bottom and top < box.y + box.h
            assert not (level and box.x < x < box.x + box.w)


def test_a_straight_way_is_drawn_straight() -> None:
    layout = place(dict.fromkeys("abc", (100.0, 40.0)), [("a", "b"), ("b", "c")])
    assert {box.x for box in layout.boxes.values()} == {0.0}
    assert [layout.boxes[name].y for name in "abc"] == sorted(layout.boxes[name].y for name in "abc")


def test_a_fork_stands_above_the_middle_of_its_branches() -> None:
    layout = place(dict.fromkeys("abcd", (100.0, 40.0)), [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])
    left, right = layout.boxes["b"].x, layout.boxes["c"].x
    assert layout.boxes["a"].x == layout.boxes["d"].x == (left + right) / 2


def test_what_hangs_together_is_one_group() -> None:
    assert components("abcd", [("a", "c"), ("d", "d")]) == [["a", "c"], ["b"], ["d"]]
