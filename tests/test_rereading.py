"""A text read again after an edit comes out as if it were read for the first time."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshape import yaml_reader
from seqshape.faults import OverLimit
from seqshape.limits import Limits
from seqshape.rereading import Rereader
from seqshape.source import from_text
from seqshape.tree import Mapping, Sequence, Value
from seqshape.yaml_reader import Document


def entries(document: Document) -> tuple[Value, ...]:
    assert isinstance(document.root, Mapping)
    layers = document.root.get("layers")
    assert isinstance(layers, Sequence)
    return layers.items


def check(texts: Iterable[str], limits: Limits | None = None) -> None:
    """Reads one text after another, and each for the first time too."""
    again, limits = Rereader(), limits or Limits()
    for text in texts:
        assert again(from_text("x", text), limits) == yaml_reader.read(from_text("x", text), limits), text


def spec(*lines: str, head: str = "layers:", tail: str = "") -> str:
    return "\n".join([head, *lines]) + f"\n{tail}"


PLAIN = tuple(f"  - {{name: d{number}, type: Dense, units: {number}}}  # {number}" for number in range(20))


def changed(number: int, *lines: str) -> str:
    """The plain spec with other lines in the place of one."""
    return spec(*PLAIN[:number], *lines, *PLAIN[number + 1 :])


@pytest.mark.parametrize("line", [0, 1, 2, 9, 17, 18, 19])
@pytest.mark.parametrize(
    "lines",
    [
        ("  - {name: new, type: GRU, units: 2*H}",),
        (),
        ("  - {type: Dense}", "  - type: Dense", "    units: 3  # seqshape: ignore[SEQ301]", ""),
        ("    units: 3",),
        ("  - {type: Dense,",),
        ("  - 'Dense",),
        ("  - |+", "    text", ""),
        ("  - &a {type: Dense}", "  - *a"),
        ("  - <<: {type: Dense}", "    units: 3"),
        ("outputs: [d1]",),
        ("---",),
        ("...",),
        ("- {type: Dense}",),
        ("   - {type: Dense}",),
        ("\t- {type: Dense}",),
        ("# a comment",),
        ("  - {a: 1, a: 2}",),
        ("  - ",),
        ("layers:",),
    ],
)
def test_an_edit_of_a_line_anywhere(line: int, lines: tuple[str, ...]) -> None:
    check([spec(*PLAIN), changed(line, *lines), spec(*PLAIN)])


@pytest.mark.parametrize("line", [1, 9, 18])
def test_entries_that_were_left_alone_are_the_same_objects(line: int) -> None:
    again = Rereader()
    before, _ = again(from_text("x", spec(*PLAIN)), Limits())
    after, _ = again(from_text("x", changed(line, "  - {type: GRU}")), Limits())
    pairs = zip(entries(before), entries(after), strict=True)
    other = [number for number, (one, new) in enumerate(pairs) if one is not new]
    assert line in other
    assert len(other) <= 6  # those at both ends and round the edit are read too


def test_entries_below_lines_that_are_new_move_with_their_comments() -> None:
    again = Rereader()
    again(from_text("x", spec(*PLAIN)), Limits())
    after, _ = again(from_text("x", spec(*PLAIN[:5], "", "# new", *PLAIN[5:])), Limits())
    assert [entry.place.line for entry in entries(after)] == [*range(2, 7), *range(9, 24)]
    assert [place.line for place, _ in after.comments] == [*range(2, 7), *range(8, 24)]


@pytest.mark.parametrize(
    "head",
    ["dims: {H: 3}\nlayers:", "# seqshape: ignore[SEQ301]\nlayers:", " layers:", "%YAML 1.2\n---\nlayers:"],
)
@pytest.mark.parametrize("tail", ["outputs: [d1]\n", "  # last\n", "...\n", "x", "    units: 4\n"])
def test_an_edit_above_or_below_the_list(head: str, tail: str) -> None:
    check(
        [spec(*PLAIN), spec(*PLAIN, head=head), spec(*PLAIN, head=head, tail=tail), spec(*PLAIN, tail=tail)]
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_lines_end_as_they_do_elsewhere(end: str) -> None:
    plain, other = (text.replace("\n", end) for text in (spec(*PLAIN), changed(9, "  - {type: GRU}")))
    check([plain, other, plain, other.replace(end, "\n", 5), plain.replace("\r", "\r\n")])


def test_a_list_in_another_style_is_read_whole() -> None:
    inner = ", ".join(f"{{type: Dense, units: {number}}}" for number in range(20))
    rows = "".join(f"  -\n    {{type: Dense, units: {number}}}\n" for number in range(20))
    for text in (f"layers: [{inner}]\n", f'{{"layers": [{inner}]}}', f"layers:\n{rows}"):
        check([text, text.replace("units: 9", "units: 90"), text])


@pytest.mark.parametrize("nodes", [141, 142, 143, 144, 145, 146])
@pytest.mark.parametrize("line", ["  - {name: d, type: Dense, units: 2}", "  - {<<: {a: 1}, a: 3, b: 3}"])
def test_values_are_counted_as_in_the_whole_text(nodes: int, line: str) -> None:
    texts = [spec(*PLAIN), changed(9, line)]  # 3 and 7 for each entry are 143
    check(texts, Limits(nodes=nodes))
    _, faults = yaml_reader.read(from_text("x", texts[0]), Limits(nodes=nodes))
    assert [type(fault) for fault in faults] == ([OverLimit] if nodes < 143 else [])


ENTRIES = (
    *PLAIN[:4],
    "  - type: Dense\n    units: 3 # three",
    "  - name: 'it''s\n\n      more'",
    "  - doc: |\n      text # text\n\n",
    "  - doc: >+\n      text\n\n\n",
    "  - plain\n    going on",
    "  - [a,\n b, # b\n  c]",
    "  - name: block\n    repeat: 2\n    layers:\n    - {type: Dense}\n    # seqshape: ignore[SEQ301]",
    "  - - a\n    - b",
    "  - ? x",
    "  - ",
    "  -\n    type: Dense",
    "  - {<<: {units: 4}, type: Dense}",
    "# comment",
    "  # seqshape: ignore[SEQ301]",
    "",
)
"""What may follow one another in a list."""
ODD = (
    *("layers:", "dims: {H: 3}", "outputs: a", "---", "...", "- a", "    units: 3", "      more'", "  c]"),
    *(
        "  - [a, b",
        "  - 'a",
        "    doc: |",
        "    - {type: Dense}",
        "  - &a {type: Dense}",
        "  - *a",
        " ",
        "\t",
    ),
)
"""What changes the meaning of what stands round it."""
heads = st.sampled_from(["layers:", "dims: {H: 3}\nlayers:", "# one\n\nlayers:", "x-a: |\n  - a\nlayers:"])
tails = st.sampled_from(["", "outputs: a", "  # last", "dims:\n  H: 3"])
several = st.lists(st.sampled_from(ENTRIES), min_size=4, max_size=12)


@st.composite
def edited(draw: st.DrawFn) -> list[str]:
    """A text, and what becomes of it by edits of some lines each."""
    found = ["\n".join([draw(heads), *draw(several), draw(tails)])]
    for _ in range(draw(st.integers(1, 4))):
        lines = found[-1].split("\n")
        start = draw(st.integers(0, len(lines)))
        end = draw(st.integers(start, min(len(lines), start + 3)))
        lines[start:end] = draw(st.lists(st.sampled_from(ENTRIES) | st.sampled_from(ODD), max_size=2))
        found.append("\n".join(lines))
    return found


@settings(max_examples=600, deadline=None)
@given(edited(), st.sampled_from([Limits(), Limits(nodes=60), Limits(depth=4)]))
def test_whatever_is_edited_comes_out_as_if_it_were_new(texts: list[str], limits: Limits) -> None:
    check(texts, limits)
