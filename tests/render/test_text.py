"""A text looks as Rich's own does, byte for byte, on every surface; plain, Rich is not even asked."""

from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.padding import Padding
from rich.text import Text as RichText

from seqshape.render._console import printed
from seqshape.render._surface import Surface
from seqshape.render._text import Text

STYLES = ["", "bold", "dim", "not dim bold", "bold red"]
WORDS = st.text(st.sampled_from("ab ·列─\n"), max_size=30)
PIECES = st.lists(st.tuples(WORDS, st.sampled_from(STYLES)), min_size=1, max_size=3)


class Rich:
    """The same text as Rich has it, where a surface asks Rich."""

    def __init__(self, pieces: list[tuple[str, str]], margin: int, wraps: bool) -> None:
        (text, style), *more = pieces
        self.text = RichText(text, style)
        if not wraps:
            self.text.no_wrap, self.text.overflow = True, "ignore"
        for piece in more:
            self.text.append(*piece)
        self.margin = margin

    def plain(self) -> Iterator[str]:
        raise NotImplementedError

    def __rich_console__(self, *_: object) -> Iterator[Padding | RichText]:
        yield (Padding(self.text, (0, 0, 0, self.margin), expand=False) if self.margin else self.text)


def text_of(pieces: list[tuple[str, str]], margin: int = 0, wraps: bool = True) -> Text:
    (text, style), *more = pieces
    made = Text(text, style, margin=margin, wraps=wraps)
    for piece in more:
        made.append(*piece)
    return made


@given(PIECES, st.integers(0, 4), st.booleans(), st.sampled_from([12, 40, None]))
def test_a_text_is_what_rich_makes_of_it(
    pieces: list[tuple[str, str]], margin: int, wraps: bool, width: int | None
) -> None:
    assume(not margin or any(text for text, _ in pieces))  # Rich drops the line of an empty text there
    surface = Surface(width, color=True)
    own = printed([text_of(pieces, margin, wraps)], surface)
    assert own == printed([Rich(pieces, margin, wraps)], surface)


@given(PIECES, st.integers(0, 4))
def test_on_a_plain_surface_it_is_what_is_said(pieces: list[tuple[str, str]], margin: int) -> None:
    said = "".join(text for text, _ in pieces)
    shown = printed([text_of(pieces, margin)], Surface())
    assert shown.split("\n")[:-1] == [(" " * margin + line).rstrip() for line in said.split("\n")]


@pytest.mark.parametrize("color", [False, True])
def test_lines_stand_below_one_another(color: bool) -> None:
    parts = [Text("one"), Text(""), Text("two", "bold"), Text("three", margin=2).append(" four", "dim")]
    bold, dim, end = ("\x1b[1m", "\x1b[2m", "\x1b[0m") if color else ("", "", "")
    shown = printed(parts, Surface(20, color))
    assert shown == f"one\n\n{bold}two{end}\n  three{dim} four{end}\n"


@pytest.mark.parametrize("width", [None, 100])
def test_a_long_text_breaks_where_there_is_a_width(width: int | None) -> None:
    lines = printed([Text("word " * 50, margin=3)], Surface(width)).splitlines()
    assert (len(lines) > 1) == (width is not None)
    assert all(cell_len(line) <= (width or 1000) and line.startswith("   word") for line in lines)
