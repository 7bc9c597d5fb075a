"""What is written to file descriptor 2 in silence is kept, and silence ends."""

import os
import warnings

import pytest

from seqshape.engine.quiet import Chatter


def test_what_is_written_past_python_is_kept_and_given_back(capfd: pytest.CaptureFixture[str]) -> None:
    chatter = Chatter()
    with chatter.swallowed():
        os.write(2, b"I0000 oneDNN is on\n")
        warnings.warn("a word of Keras", stacklevel=1)
    os.write(2, b"after\n")
    with chatter.swallowed():
        os.write(2, b"E0000 no driver\n")
    assert chatter.text() == "I0000 oneDNN is on\nE0000 no driver\n"
    assert capfd.readouterr().err == "after\n"


def test_silence_ends_with_an_error_too(capfd: pytest.CaptureFixture[str]) -> None:
    chatter = Chatter()

    def fail() -> None:
        with chatter.swallowed():
            os.write(2, b"lost?\n")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    os.write(2, b"heard\n")
    assert (chatter.text(), capfd.readouterr().err) == ("lost?\n", "heard\n")
