"""Where the boxes of a directed graph go: layer by layer from above, few crossings, lines round the boxes.

The usual way (Sugiyama): circles are cut, each box gets the layer after the last one before it, long edges
get a place in every layer that they pass, layers are sorted by the mean place of their neighbours, and boxes
move towards the middle of theirs. Pure: sizes and places in pixels.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

GAP_X, GAP_Y = 28.0, 46.0
"""Least space between two boxes of a layer, and between two layers."""

LINE_W = 10.0
"""Room for a line that passes a layer."""

MOST_BESIDE = 4
"""Boxes in one layer: a page is no wider."""

SWEEPS = 12

Edge = tuple[str, str]
Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A placed box: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Placed boxes, and for each edge the layers that its line passes between the two boxes.

    Attributes:
        boxes: by name.
        lines: for each edge that is drawn, the (x, top, bottom) of its free places, from above.
        cut: edges that lead back; they are not drawn.
        width, height: of the whole. breaks: the y between two layers, where a page may end.
    """

    boxes: dict[str, Box]
    lines: dict[Edge, tuple[tuple[float, float, float], ...]]
    cut: tuple[Edge, ...]
    width: float
    height: float
    breaks: tuple[float, ...]


def place(sizes: Mapping[str, Size], edges: Sequence[Edge]) -> Layout:
    """Place boxes of these sizes; their order says what comes first where nothing else does."""
    cut = _circles(list(sizes), edges)
    drawn = [edge for edge in dict.fromkeys(edges) if edge not in cut]
    ranks = _ranks(list(sizes), drawn)
    graph = _Graph(dict(sizes), ranks, drawn)
    graph.sort()
    return graph.placed(tuple(cut))


def components(names: Sequence[str], edges: Sequence[Edge]) -> list[list[str]]:
    """The names by what hangs together, each in the given order."""
    root = {name: name for name in names}

    def find(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    for a, b in edges:
        root[find(b)] = find(a)
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[find(name)].append(name)
    return list(found.values())


def _circles(names: Sequence[str], edges: Sequence[Edge]) -> set[Edge]:
    """Edges that lead back to a box that leads to them, found from the first box on."""
    following: dict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        following[a].append(b)
    done: set[str] = set()
    back: set[Edge] = set()
    for start in names:
        trail: list[tuple[str, list[str]]] = [(start, list(following[start]))] if start not in done else []
        while trail:
            name, ahead = trail[-1]
            if not ahead:
                done.add(name)
                trail.pop()
                continue
            target = ahead.pop(0)
            if target in (one for one, _ in trail):
                back.add((name, target))
            elif target not in done:
                trail.append((target, list(following[target])))
    return back


def _ranks(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The layer of each box: one below the lowest that leads to it."""
    ranks = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for a, b in edges:
            if ranks[b] <= ranks[a]:
                ranks[b], moved = ranks[a] + 1, True
        if not moved:
            break
    return _narrow(ranks, edges)


def _narrow(ranks: Mapping[str, int], edges: Sequence[Edge]) -> dict[str, int]:
    """The same with at most `MOST_BESIDE` boxes in a layer: more go on below."""
    before: dict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        before[b].append(a)
    new: dict[str, int] = {}
    members: Counter[int] = Counter()
    for name in sorted(ranks, key=ranks.__getitem__):
        rank = max((new[one] + 1 for one in before[name]), default=0)
        while members[rank] >= MOST_BESIDE:
            rank += 1
        new[name] = rank
        members[rank] += 1
    return new


class _Graph:
    """Boxes and the free places of long edges in their layers, while they are sorted and placed."""

    def __init__(self, sizes: dict[str, Size], ranks: Mapping[str, int], edges: Sequence[Edge]) -> None:
        self.sizes = sizes
        self.layers: list[list[str]] = [[] for _ in range(max(ranks.values(), default=0) + 1)]
        for name in list(sizes):
            self.layers[ranks[name]].append(name)
        self.above: dict[str, list[str]] = defaultdict(list)
        self.below: dict[str, list[str]] = defaultdict(list)
        self.chains = {edge: self._chain(edge, ranks) for edge in edges}

    def _chain(self, edge: Edge, ranks: Mapping[str, int]) -> list[str]:
        """A place for the edge in every layer between its boxes."""
        a, b = edge
        free = [f"{a}>{b}@{rank}" for rank in range(ranks[a] + 1, ranks[b])]
        for rank, name in enumerate(free, start=ranks[a] + 1):
            self.sizes[name] = (LINE_W, 0.0)
            self.layers[rank].append(name)
        for upper, lower in pairwise([a, *free, b]):
            self.below[upper].append(lower)
            self.above[lower].append(upper)
        return free

    def sort(self) -> None:
        """Put each layer in the order of its neighbours' mean place, down and up; the best order stays."""
        best, least = [list(layer) for layer in self.layers], self._crossings()
        for sweep in range(SWEEPS):
            down = sweep % 2 == 0
            order = range(1, len(self.layers)) if down else range(len(self.layers) - 2, -1, -1)
            for rank in order:
                self._sort_layer(rank, self.above if down else self.below)
            if (crossings := self._crossings()) < least:
                best, least = [list(layer) for layer in self.layers], crossings
        self.layers = best

    def _sort_layer(self, rank: int, neighbours: Mapping[str, list[str]]) -> None:
        at = {name: place for layer in self.layers for place, name in enumerate(layer)}
        means = {
            name: sum(at[one] for one in near) / len(near) if (near := neighbours.get(name)) else at[name]
            for name in self.layers[rank]
        }
        self.layers[rank].sort(key=lambda name: means[name])

    def _crossings(self) -> int:
        total = 0
        for upper, lower in pairwise(self.layers):
            at = {name: place for place, name in enumerate(lower)}
            ends = [at[one] for name in upper for one in sorted(self.below[name], key=at.__getitem__)]
            total += sum(a > b for n, a in enumerate(ends) for b in ends[n + 1 :])
        return total

    def placed(self, cut: tuple[Edge, ...]) -> Layout:
        """Everything at its place."""
        middles = self._middles()
        left = min((middles[name] - w / 2 for name, (w, _) in self.sizes.items()), default=0.0)
        tops, bottoms, y = [], [], 0.0
        for layer in self.layers:
            tops.append(y)
            bottoms.append(y + max(self.sizes[name][1] for name in layer))
            y = bottoms[-1] + GAP_Y
        rank = {name: n for n, layer in enumerate(self.layers) for name in layer}
        free = {name for chain in self.chains.values() for name in chain}
        boxes = {
            name: Box(middles[name] - w / 2 - left, tops[rank[name]], w, h)
            for name, (w, h) in self.sizes.items()
            if name not in free
        }
        lines = {
            edge: tuple((middles[name] - left, tops[rank[name]], bottoms[rank[name]]) for name in chain)
            for edge, chain in self.chains.items()
        }
        right = max((middles[name] + w / 2 for name, (w, _) in self.sizes.items()), default=0.0)
        breaks = tuple((low + high) / 2 for low, high in zip(bottoms, tops[1:], strict=False))
        return Layout(boxes, lines, cut, right - left, bottoms[-1] if bottoms else 0.0, breaks)

    def _middles(self) -> dict[str, float]:
        """The x of each middle: drawn to its neighbours', as near as the others of its layer allow."""
        middles: dict[str, float] = {}
        for layer in self.layers:
            middles |= self._apart(layer, dict.fromkeys(layer, 0.0))
        for sweep in range(SWEEPS * 2):
            down = sweep % 2 == 0
            neighbours = self.above if down else self.below
            for layer in self.layers if down else reversed(self.layers):
                wanted = {
                    name: sum(middles[one] for one in near) / len(near)
                    if (near := neighbours.get(name))
                    else middles[name]
                    for name in layer
                }
                middles |= self._apart(layer, wanted)
        return middles

    def _apart(self, layer: Sequence[str], wanted: Mapping[str, float]) -> dict[str, float]:
        """The places nearest to the wanted ones (least squares) that keep order and distance.

        Neighbours that would overlap form a block, which stands at the mean of what its members want.
        """
        offsets, offset = [], 0.0
        for n, name in enumerate(layer):
            if n:
                offset += (self.sizes[layer[n - 1]][0] + self.sizes[name][0]) / 2 + GAP_X
            offsets.append(offset)
        blocks: list[tuple[float, int]] = []  # (mean, members)
        for name, shift in zip(layer, offsets, strict=True):
            blocks.append((wanted[name] - shift, 1))
            while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
                (mean, many), (other, more) = blocks[-2:]
                blocks[-2:] = [((mean * many + other * more) / (many + more), many + more)]
        places = [mean for mean, members in blocks for _ in range(members)]
        return {name: at + shift for name, at, shift in zip(layer, places, offsets, strict=True)}
