"""Runs of equal layers and blocks become one line."""

from dataclasses import replace

from seqshape.engine.tensors import Output, Tensor, Weight
from seqshape.places import TOP
from seqshape.render._fold import Line, lines
from seqshape.report import Row

OUT = (Output("output", Tensor((None, 3), "float32")),)
KERNEL = (Weight("kernel", (3, 3), "float32", 4, True),)


def row(name: str, *sources: int, block: str | None = None, type_: str = "Dense") -> Row:
    inputs = tuple(str(source) for source in sources)
    return Row(name, type_, type_, block, TOP, "ok", inputs, inputs, sources, OUT, KERNEL)


def said(rows: list[Row], fold: bool = True) -> list[tuple[str, str | None, int, int, int]]:
    def short(line: Line) -> tuple[str, str | None, int, int, int]:
        return line.name, line.last, line.depth, line.count, line.times

    return [short(line) for line in lines(tuple(rows), fold)]


def test_a_chain_of_equal_layers_folds_and_its_neighbours_do_not() -> None:
    rows = [row("x", type_="Input"), *(row(f"d{n}", n) for n in range(5)), row("y", 5, type_="Other")]
    assert said(rows) == [("x", None, 0, 1, 1), ("d0", "d4", 0, 5, 5), ("y", None, 0, 1, 1)]
    assert len(said(rows, fold=False)) == 7


def test_two_are_no_run() -> None:
    assert len(said([row("x", type_="Input"), row("a", 0), row("b", 1)])) == 3


def test_another_weight_shape_or_source_ends_a_run() -> None:
    rows = [row("x", type_="Input"), row("a", 0), row("b", 1), row("c", 2)]
    assert len(said(rows)) == 2
    other = replace(rows[2], weights=(Weight("kernel", (3, 4), "float32", 4, True),))
    assert len(said([*rows[:2], other, rows[3]])) == 4
    assert len(said([*rows[:3], replace(rows[3], sources=(0,))])) == 4


def test_layers_that_read_the_same_one_are_no_chain_but_equal() -> None:
    rows = [row("x", type_="Input"), *(row(f"d{n}", 0) for n in range(4))]
    assert said(rows)[1:] == [("d0", None, 0, 1, 1), ("d1", "d3", 0, 3, 3)]


def test_equal_copies_of_a_block_fold_with_all_inside() -> None:
    rows = [row("x", type_="Input")]
    for copy in range(4):
        start = len(rows)
        rows.append(row("norm", start - 1, block=f"b_{copy}", type_="Norm"))
        rows.extend(row(f"d{n}", start + n, block=f"b_{copy}.in") for n in range(3))
        rows.append(row("sum", start - 1, start + 3, block=f"b_{copy}", type_="Add"))
    assert said(rows) == [
        ("x", None, 0, 1, 1),
        ("b_0", "b_3", 0, 4, 4),
        ("norm", None, 1, 1, 4),
        ("in", None, 1, 1, 4),
        ("d0", "d2", 2, 3, 12),
        ("sum", None, 1, 1, 4),
    ]


def test_the_lines_stand_for_all_rows() -> None:
    rows = [row("x", type_="Input")]
    for copy in range(7):
        rows.extend(row(f"d{n}", len(rows) - 1 + n, block=f"b_{copy}") for n in range(3))
    assert sum(line.times for line in lines(tuple(rows), fold=True) if line.row is not None) == len(rows)


def test_a_long_chain_does_not_take_long() -> None:
    rows = [row("x", type_="Input"), *(row(f"d{n}", n) for n in range(50_000))]
    assert len(said(rows)) == 2
