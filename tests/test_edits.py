"""Edits of a text, and the steps that make them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshape import source
from seqshape.edits import Draft, Edit, applied
from seqshape.places import Place


@given(st.data())
def test_the_edits_of_a_draft_make_its_text(data: st.DataObject) -> None:
    lines = source.from_text("", data.draw(st.text("ab\r\n", max_size=12)))
    draft = Draft(lines.text)
    for _ in range(data.draw(st.integers(0, 4))):
        cuts = sorted(data.draw(st.lists(st.integers(0, len(draft.text)), min_size=2, max_size=4)))
        pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
        changes = [(start, stop, data.draw(st.text("XY\n", max_size=3))) for start, stop in pairs]
        expected, end = "", 0
        for start, stop, new in changes:
            expected += draft.text[end:start] + new
            end = stop
        expected += draft.text[end:]
        draft.change(changes)
        assert draft.text == expected
    assert applied(lines, draft.edits(lines)) == draft.text


def test_what_is_as_it_was_is_in_no_edit() -> None:
    lines = source.from_text("", "one two\nthree")
    draft = Draft(lines.text)
    draft.change([(4, 7, "2"), (0, 0, "> "), (0, 0, "- ")])
    draft.change([(draft.text.index("2"), draft.text.index("2"), "1")])
    assert draft.text == "> - one 12\nthree"
    assert draft.edits(lines) == (Edit(Place(1, 1, 1, 1), "> - "), Edit(Place(1, 5, 1, 8), "12"))


def test_changes_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Draft("abc").change([(0, 2, ""), (1, 3, "")])
    lines = source.from_text("", "abc")
    with pytest.raises(ValueError, match="overlap"):
        applied(lines, [Edit(Place(1, 1, 1, 3), ""), Edit(Place(1, 2, 1, 4), "")])
