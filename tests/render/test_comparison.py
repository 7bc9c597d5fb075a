"""Shapes one under the other: the look, the fallback of a narrow surface, cuts, odd names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from seqshape.render._comparison import picture, shape_lines
from seqshape.render._surface import printable
from seqshape.report import Comparison
from tests.render.findings import FUSION

AXES = st.lists(st.one_of(st.none(), st.integers(0, 10**9), st.sampled_from("TCH")), max_size=6).map(tuple)
COMPARISONS = st.builds(
    Comparison,
    st.lists(st.tuples(st.text(max_size=12), AXES), max_size=40).map(tuple),
    st.lists(st.integers(0, 7), max_size=3).map(tuple),
)


def test_the_axes_stand_under_one_another() -> None:
    assert picture(FUSION, None).lines() == (
        "                 axis 0   axis 1   axis 2   axis 3",
        "encoder_output   batch      32       32       16",
        "sequence         batch      16       32        1",
        "                           ^^^^",
    )


def test_a_narrow_surface_has_a_shape_a_line() -> None:
    assert picture(FUSION, 50).head
    assert picture(FUSION, 49).lines() == (
        "encoder_output (batch, 32, 32, 16)",
        "sequence (batch, 16, 32, 1)",
    )
    assert picture(FUSION, 49).lines() == shape_lines(FUSION)


def test_ranks_differ() -> None:
    compared = Comparison((("a", (None, None, 16)), ("b", (None, 123456789)), ("scalar", ())), (1, 2))
    assert picture(compared, None).lines() == (
        "         axis 0    axis 1     axis 2",
        "a        batch            ?     16",
        "b        batch    123456789",
        "scalar      ()",
        "                  ^^^^^^^^^    ^^^^",
    )


def test_shapes_without_axes_need_no_table() -> None:
    assert picture(Comparison((("a", ()), ("b", ())), ()), None).lines() == ("a ()", "b ()")
    assert picture(Comparison((), ()), None).lines() == ()


def test_of_hundreds_the_first_the_last_and_the_odd_ones_are_shown() -> None:
    shapes = tuple((f"branch_{number}", (None, 7 if number == 41 else 32)) for number in range(105))
    body = picture(Comparison(shapes, (1,)), None).body
    assert [line.split("   ")[0].strip() for line in body] == [
        *(f"branch_{number}" for number in range(4)),
        "… 37 more",
        "branch_41",
        "… 59 more",
        *(f"branch_{number}" for number in range(101, 105)),
    ]
    assert 8 + 1 + 37 + 59 == 105


def test_a_cut_may_leave_the_longest_shape_out() -> None:
    shapes = tuple((f"branch_{number}", (None, 1, 2) if number == 6 else (None,)) for number in range(20))
    assert picture(Comparison(shapes, ()), None).head.split() == ["axis", "0"]


def test_a_single_shape_is_not_cut_away() -> None:
    shapes = tuple((f"branch_{number}", (None, 7 if number == 5 else 32)) for number in range(13))
    assert "branch_4 (batch, 32)" in shape_lines(Comparison(shapes, (1,)))


def test_names_cannot_steer_the_terminal_and_wide_ones_keep_the_columns() -> None:
    compared = Comparison((("漢字", (None, 5)), ("\x1b[2Ja\n", (None, 6))), (1,))
    first, second = picture(compared, None).body
    assert second.startswith("\\u001b[2Ja\\u000a   batch")
    assert cell_len(first.partition("batch")[0]) == cell_len(second.partition("batch")[0])


@settings(deadline=None)
@given(COMPARISONS, st.one_of(st.none(), st.integers(1, 120)))
def test_a_table_fits_and_its_marks_stand_under_marked_axes(
    compared: Comparison, width: int | None
) -> None:
    shown = picture(compared, width)
    assert all(line == printable(line) for line in shown.lines())
    assert shown.head or not shown.marks
    if shown.head:
        assert width is None or max(cell_len(line) for line in shown.lines()) <= width
        rank = shown.head.count("axis")
        assert len(shown.marks.split()) == len({mark for mark in compared.marked if mark < rank})


@settings(deadline=None)
@given(COMPARISONS)
def test_every_shape_is_shown_or_counted(compared: Comparison) -> None:
    lines = shape_lines(compared)
    counted = [int(line.split()[1]) for line in lines if line.startswith("… ") and line.endswith(" more")]
    assert len(lines) - len(counted) + sum(counted) == len(compared.shapes)


@pytest.mark.parametrize("width", [1, 20, 40])
def test_shapes_are_never_cut(width: int) -> None:
    assert picture(FUSION, width).body[0].endswith("(batch, 32, 32, 16)")
