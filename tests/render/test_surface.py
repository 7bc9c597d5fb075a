"""Texts made safe for a terminal, and for one without Unicode."""

import pytest

from seqshape.render._surface import Surface, fitted, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "\\u001b[31mred\\u0007"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("a\r\nb\t", "a\\u000d\\u000ab\\u0009"),
        ("\x9b31m", "\\u009b31m"),
        ("\ud800", "\\ud800"),
        ("naïve 漢字 😀", "naïve 漢字 😀"),
    ],
)
def test_what_could_steer_a_terminal_is_shown_by_its_number(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_ascii_takes_the_place_of_lines_and_signs() -> None:
    assert fitted("a × b … ─│→ ü", Surface(unicode=False)) == "a x b ... -|-> \\xfc"
    assert fitted("a × b", Surface()) == "a × b"
