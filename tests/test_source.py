"""Bytes to text: encodings, line ends, places."""

import pytest

from seqshape.faults import NotText, OverLimit
from seqshape.places import Place
from seqshape.source import decode, from_text

MOST = 1000


@pytest.mark.parametrize(
    "data",
    [
        "näme: 1\n".encode(),
        b"\xef\xbb\xbfn\xc3\xa4me: 1\n",
        "\ufeffnäme: 1\n".encode("utf-16-le"),
        "\ufeffnäme: 1\n".encode("utf-16-be"),
        "\ufeffnäme: 1\n".encode("utf-32-le"),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16 le", "utf-16 be", "utf-32"],
)
def test_a_text_is_the_same_in_every_encoding(data: bytes) -> None:
    source, fault = decode("x.yaml", data, MOST)
    assert (source.text, fault) == ("näme: 1\n", None)


def test_a_byte_that_is_no_utf8_has_its_place() -> None:
    _, fault = decode("x.yaml", b"a: 1\nb: caf\xe9\n", MOST)
    assert isinstance(fault, NotText)
    assert fault.place == Place(2, 7, 2, 7)
    assert "0xe9" in fault.problem


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x9b", "\ufeff", "\ufffe"])
def test_control_characters_are_refused(character: str) -> None:
    _, fault = decode("x.yaml", f"a: {character}1\n".encode(), MOST)
    assert isinstance(fault, NotText)
    assert fault.place == Place(1, 4, 1, 5)
    assert f"U+{ord(character):04X}" in fault.problem


def test_a_file_past_the_limit_is_not_read() -> None:
    source, fault = decode("x.yaml", b"a" * (MOST + 1), MOST)
    assert isinstance(fault, OverLimit)
    assert (fault.limit, fault.most) == ("bytes", MOST)
    assert source.text == ""
    assert decode("x.yaml", b"a" * MOST, MOST)[1] is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_in_an_editor(end: str) -> None:
    source = from_text("x", f"one{end}two{end}three")
    assert [source.line(number) for number in (1, 2, 3)] == ["one", "two", "three"]
    start = source.text.index("two")
    assert source.place(start, start + 3) == Place(2, 1, 2, 4)


def test_separators_that_only_yaml_knows_end_no_line() -> None:
    source = from_text("x", "a\u0085b\u2028c\u2029d\nnext")
    assert source.place(6, 7) == Place(1, 7, 1, 8)
    assert source.line(2) == "next"


def test_a_place_past_the_end_is_clamped() -> None:
    source = from_text("x", "ab")
    assert source.place(5, 9) == Place(1, 3, 1, 3)
