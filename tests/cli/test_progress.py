"""The bar: on a terminal alone, after a while alone, and gone at the end."""

import contextlib
import io
import os
import sys
import time

import pytest

from seqshape.cli._progress import Progress

pty = pytest.importorskip("pty")


class Terminal:
    """Standard error on a terminal whose other end is read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str = "xterm") -> None:
        self._end, other = pty.openpty()
        self._stream = os.fdopen(other, "w", encoding="utf-8")
        monkeypatch.setenv("TERM", name)
        monkeypatch.setattr(sys, "stderr", self._stream)

    def text(self) -> str:
        """All that was written."""
        self._stream.write("\x00")
        self._stream.flush()
        data = b""
        while not data.endswith(b"\x00"):
            data += os.read(self._end, 65536)
        self._stream.close()
        os.close(self._end)
        return data[:-1].decode()


def test_a_bar_counts_and_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch)
    with Progress(7, patience=0.01) as progress:
        time.sleep(0.5)
        progress.advance()
        time.sleep(0.5)
    text = terminal.text()
    assert "Checking" in text
    assert "1/7" in text
    assert "\x1b[2K" in text.rpartition("1/7")[2]
    assert "\x1b[?25h" in text  # the cursor is back


def test_what_is_printed_goes_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar leaves standard output alone, also where that is another one while the bar appears."""
    terminal = Terminal(monkeypatch)
    before = sys.stdout
    with Progress(7, patience=0.01):
        with contextlib.redirect_stdout(io.StringIO()):
            time.sleep(0.5)
        assert sys.stdout is before
    assert sys.stdout is before
    assert "Checking" in terminal.text()


def test_quick_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch)
    with Progress(7) as progress:
        progress.advance()
    assert terminal.text() == ""


@pytest.mark.parametrize("name", ["dumb", ""])
def test_no_bar_on_a_dumb_terminal_or_in_a_pipe(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch, name or "xterm")
    if not name:
        monkeypatch.setattr(sys, "stderr", io.StringIO())
    with Progress(7, patience=0.01):
        time.sleep(0.2)
    assert terminal.text() == ""


def interrupted() -> None:
    time.sleep(0.5)
    raise KeyboardInterrupt


def test_an_interrupt_takes_the_bar_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch)
    with pytest.raises(KeyboardInterrupt), Progress(7, patience=0.01):
        interrupted()
    assert "\x1b[?25h" in terminal.text()
