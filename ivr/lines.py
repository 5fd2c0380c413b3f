"""What a script may say, as lines to render and play: slots filled in, appointments in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr import digits
from ivr.script import SLOT, Appoint, Ask, Node, Script, gap_in, prompts, slots_in
from ivr.times_spoken import all_date_pieces, all_offers, all_pieces
from ivr.values import Line, Slots


def fixed_lines(script: Script) -> tuple[Line, ...]:
    """Every line that is the same for all customers: rendered once per script."""
    return tuple(line for line in _lines(script, {}) if not slots_in(line.wording))


def lines_for(script: Script, slots: Slots) -> tuple[Line, ...]:
    """Every line that may be said to this customer, the fixed ones too; none whose slot they lack."""
    return tuple(line for line in _lines(script, slots.values) if not slots_in(line.wording))


def line(
    script: Script, values: Mapping[str, str], node: str, variant: str, wording: str, *, public: bool
) -> Line:
    """One prompt with its slots filled in."""
    return Line(script.key(node, variant), fill(wording, values), private=not public)


def around(
    script: Script,
    values: Mapping[str, str],
    name: str,
    node: Appoint | Ask,
    pieces: tuple[Line, ...],
    variant: str = "confirm",
) -> tuple[Line, ...]:
    """A time or answer said back, or times to choose from: the words before, the pieces, the words after."""
    before, after = _halves(script, values, name, node, variant)
    return tuple(part for part in (before, *pieces, after) if part.wording)


def fill(wording: str, values: Mapping[str, str]) -> str:
    """The wording with the slots that have a value; others stay as they are written."""
    return SLOT.sub(lambda match: values.get(match[1]) or match[0], wording)


def _halves(
    script: Script, values: Mapping[str, str], name: str, node: Node, variant: str
) -> tuple[Line, Line]:
    wording = dict(prompts(node))[variant]
    before, _, after = wording.partition(f"{{{gap_in(node, variant)}}}")
    return (
        line(script, values, name, f"{variant}.before", before, public=node.public),
        line(script, values, name, f"{variant}.after", after, public=node.public),
    )


def _lines(script: Script, values: Mapping[str, str]) -> Iterator[Line]:
    for number, wording in enumerate(script.hello, start=1):
        yield line(script, values, "hello", str(number), wording, public=True)
    for name, aside in script.asides.items():
        if aside.say is not None:
            yield line(script, values, "aside", name, aside.say, public=True)
        if aside.to_owner is not None:
            yield line(script, values, "aside", f"{name}.to_owner", aside.to_owner, public=False)
    for name, node in script.nodes.items():
        yield from _node_lines(script, values, name, node)
    yield from pieces(script)


def pieces(script: Script) -> tuple[Line, ...]:
    """What appointments and answers are said back with, each piece once."""
    said: list[Line] = []
    for node in script.nodes.values():
        match node:
            case Appoint(keys=str()):
                said += (*all_pieces(), *all_offers())
            case Appoint() | Ask(answer="date_time", confirm=str()):
                said += all_pieces()
            case Ask(answer="date", confirm=str()):
                said += all_date_pieces()
            case Ask(answer="number", confirm=str()):
                said += digits.all_pieces()
            case _:
                pass
    return tuple(dict.fromkeys(said))


def _node_lines(script: Script, values: Mapping[str, str], name: str, node: Node) -> Iterator[Line]:
    for variant, wording in prompts(node):
        if gap_in(node, variant):
            yield from (half for half in _halves(script, values, name, node, variant) if half.wording)
        else:
            yield line(script, values, name, variant, wording, public=node.public)
