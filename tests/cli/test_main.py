"""The end of the process: exit statuses for what is no finding."""

import io
import sys

import click
import pytest

from seqshape import cli
from seqshape.cli import DEFECT, INTERRUPTED, main


def ended(monkeypatch: pytest.MonkeyPatch, error: BaseException | None) -> object:
    """The exit status of a run in which the command raises `error`."""

    def run(**_: object) -> int:
        if error is not None:
            raise error
        return 1

    monkeypatch.setattr(cli.cli, "main", run)
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (None, 1, ""),
        (KeyboardInterrupt(), INTERRUPTED, ""),
        (click.Abort(), INTERRUPTED, ""),
        (click.UsageError("no such thing"), 2, "no such thing"),
        (ZeroDivisionError("by zero"), DEFECT, "a defect of seqshape (ZeroDivisionError: by zero)"),
    ],
)
def test_exit_status(
    error: BaseException | None,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ended(monkeypatch, error) == status
    found = capsys.readouterr().err
    assert said in found
    assert "Traceback" not in found


def test_a_defect_shows_where_it_happened_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQSHAPE_TRACEBACK", "1")
    monkeypatch.setattr(cli.cli, "main", lambda **_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        main()


def test_closed_streams_are_no_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert ended(monkeypatch, None) == 1
    assert isinstance(sys.stdout, io.TextIOBase)
    sys.stdout.close()
    assert isinstance(sys.stderr, io.TextIOBase)
    sys.stderr.close()


@pytest.mark.parametrize(
    ("error", "status"), [(OSError(28, "No space left on device"), 2), (BrokenPipeError(), 0)]
)
def test_output_that_cannot_be_written(error: OSError, status: int, tmp_path: object) -> None:
    import subprocess

    code = (
        "import sys, seqshape.cli as c\n"
        f"def run(**_): raise {type(error).__name__}{error.args}\n"
        "c.cli.main = run\nc.main()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == status
    assert "Traceback" not in result.stderr
    assert ("No space left" in result.stderr) is (status == 2)
