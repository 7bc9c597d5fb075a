"""`watch`: rounds after saves. What the system tells of saves is given by the tests, but for two."""

import gc
import os
import re
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from seqshape.cli import _reading, _saves, cli, watch
from seqshape.cli._rounds import Asked, Rounds
from seqshape.cli._watched import Watched
from seqshape.engine import Engine
from seqshape.limits import Limits
from seqshape.render._surface import Options
from tests.cli.conftest import GOOD, REFUSED, WRONG

ROOT = Path(__file__).parents[2]
QUIET = None
Step = Callable[[], object] | None


@pytest.fixture
def model(specs: Path) -> Path:
    path = specs / "model.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Runs `watch` with these steps, a save or a quiet moment each, and then Ctrl-C; what each round shows."""

    def run(arguments: list[str], *steps: Step, problems: bool = False) -> list[str]:
        left = iter(steps)

        def saves(folders: tuple[str, ...]) -> Iterator[bool]:
            assert all(map(os.path.isdir, folders))
            yield False
            for step in left:
                if step is not QUIET:
                    step()
                yield step is not QUIET
            raise KeyboardInterrupt

        monkeypatch.setattr(watch, "saves", saves)
        result = CliRunner().invoke(cli, ["watch", *arguments, "--no-config"], standalone_mode=False)
        assert isinstance(result.exception, click.Abort | KeyboardInterrupt), result.output
        assert problems or result.stderr == "\n"  # Click ends the line that the terminal shows Ctrl-C in
        said = result.output if problems else result.stdout
        return re.split(r"^\[\d\d:\d\d:\d\d\] ", said, flags=re.MULTILINE)[1:]

    return run


def write(path: Path, text: str) -> Callable[[], object]:
    return lambda: path.write_text(text, encoding="utf-8")


def lines(text: str, *starts: str) -> list[str]:
    """The lines that begin so, without their runs of spaces."""
    every = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in every if line.startswith(starts)]


def test_the_table_again_with_what_changed(model: Path, rounds: Callable[..., list[str]]) -> None:
    first, second = rounds(["model.yaml"], write(model, GOOD.replace("H: 16", "H: 32")))
    assert first.startswith("watching model.yaml\n")
    assert lines(first, "gru", "Parameters") == [
        "gru (GRU) x (batch, 16) 1,584 100.0% yes",
        "Parameters 1,584",
    ]
    assert second.startswith("model.yaml saved\n")
    changed = "~ gru (GRU) x (batch, 32) 4,704 100.0% yes (batch, 16) · 1,584 params"
    assert lines(second, "~") == [changed]
    assert lines(second, "Parameters", "Weights") == [
        "Parameters 4,704 (+3,120)",
        "Weights 18,816 bytes (18.3 KiB) (+12,480)",
    ]


def test_rows_that_are_new_and_gone(model: Path, rounds: Callable[..., list[str]]) -> None:
    other = GOOD.replace("  - {name: gru, type: GRU, units: H}\n", "  - {name: flat, type: Flatten}\n")
    rounds_ = rounds(
        ["model.yaml"], write(model, GOOD + "  - {name: out, type: Dense, units: 3}\n"), write(model, GOOD)
    )
    assert lines(rounds_[1], "+", "-", "~") == ["+ out (Dense) gru (batch, 3) 51 3.1% yes"]
    assert lines(rounds_[2], "+", "-", "~") == ["- out (Dense) gru (batch, 3) 51 yes"]
    replaced = rounds(["model.yaml"], write(model, other))[1]
    assert lines(replaced, "-") == ["- gru (GRU) x (batch, 16) 1,584 yes"] or lines(replaced, "~")


def test_a_mark_is_for_one_round_and_a_touch_is_none(model: Path, rounds: Callable[..., list[str]]) -> None:
    text = GOOD.replace("H: 16", "H: 32")
    shown = rounds(
        ["model.yaml"], write(model, text), model.touch, write(model, text), write(model, text + "# end\n")
    )
    assert len(shown) == 3
    assert "~" in shown[1]
    assert "~" not in shown[2]
    assert "(+" not in shown[2]


def test_findings_are_new_and_then_resolved(model: Path, rounds: Callable[..., list[str]]) -> None:
    _, broken, mended = rounds(["model.yaml", "--budget", "0"], write(model, WRONG), write(model, GOOD))
    assert lines(broken, "new error") == ["new error SEQ102 x: unknown type `Inptu`; did you mean `Input`?"]
    assert lines(mended, "resolved") == [
        "resolved error SEQ102 x: unknown type `Inptu`; did you mean `Input`?"
    ]
    assert "~" not in mended  # it is the table of before


def test_fixes_come_after_the_findings_and_once(specs: Path, rounds: Callable[..., list[str]]) -> None:
    path = specs / "stack.yaml"
    path.write_text("layers:\n  - {name: x, type: Input, shape: [4, 3]}\n", encoding="utf-8")
    text = path.read_text() + "  - {name: a, type: GRU, units: 4}\n  - {name: b, type: GRU, units: 4}\n"
    shown = rounds(["stack.yaml"], write(path, text), QUIET, QUIET, QUIET)
    assert [each.partition("\n")[0] for each in shown] == [
        "watching stack.yaml",
        "stack.yaml saved",
        "fixes found in stack.yaml",
    ]
    assert "fix: " not in shown[1]
    assert "fix: set `return_sequences: true` on `a`" in shown[2]
    assert "new error SEQ203" in shown[2]
    assert "Layer (type)" not in shown[2]


def test_fixes_are_not_looked_for_once_the_file_is_saved_again(
    specs: Path, rounds: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = specs / "refused.yaml"
    path.write_text(REFUSED, encoding="utf-8")
    monkeypatch.setattr(Watched, "untouched", lambda *_: False)
    start = time.monotonic()
    assert len(rounds(["specs/refused.yaml", "--budget", "60"], QUIET, QUIET, QUIET)) == 1
    assert time.monotonic() - start < 30


def test_half_a_save_is_not_shown(model: Path, rounds: Callable[..., list[str]]) -> None:
    """A file that is emptied before it is written, and one that an editor moves away, writes, and removes."""
    other, third = GOOD.replace("H: 16", "H: 8"), GOOD.replace("H: 16", "H: 4")
    backup = model.with_name("model.yaml~")
    shown = rounds(
        ["model.yaml"],
        write(model, ""),
        write(model, other),
        lambda: model.rename(backup),
        write(model, third),
        backup.unlink,
        QUIET,
    )
    assert [lines(each, "gru", "~ gru")[0].split("(batch, ")[1].split(")")[0] for each in shown] == [
        "16",
        "8",
        "4",
    ]


def test_a_file_that_is_gone_is_told_and_shown_again(model: Path, rounds: Callable[..., list[str]]) -> None:
    shown = rounds(
        ["model.yaml"],
        model.unlink,
        QUIET,
        QUIET,
        write(model, GOOD.replace("H: 16", "H: 8")),
        problems=True,
    )
    assert len(shown) == 3
    assert shown[1].startswith("model.yaml gone\n")
    assert lines(shown[1], "model.yaml", "Error") == [
        "model.yaml gone",
        "model.yaml is gone; it is shown again when it is back",
    ]
    assert shown[2].startswith("model.yaml back\n")
    assert lines(shown[2], "~ gru")


def test_several_files_are_judged_as_check_does(specs: Path, rounds: Callable[..., list[str]]) -> None:
    new = specs / "specs" / "new.yaml"
    shown = rounds(
        ["specs", "--budget", "0"],
        write(specs / "specs" / "wrong.yaml", GOOD),
        write(new, WRONG),
        write(specs / "specs" / "alien.yaml", "on: pull\n"),
        new.unlink,
        QUIET,
    )
    heads = ["watching specs/good.yaml, specs/refused.yaml, specs/wrong.yaml", "specs/wrong.yaml saved"]
    assert [each.partition("\n")[0] for each in shown] == [
        *heads,
        "specs/new.yaml new",
        "specs/new.yaml gone",
    ]
    assert lines(shown[0], "2 errors") == ["2 errors in 2 of 3 specs; 1 other YAML file passed over"]
    assert lines(shown[1], "resolved", "1 error") == [
        "resolved error SEQ102 x: unknown type `Inptu`; did you mean `Input`? (specs/wrong.yaml)",
        "1 error in 1 of 3 specs; 1 other YAML file passed over",
    ]
    assert "new error" not in shown[0] + shown[1]
    assert lines(shown[2], "new error") == [
        "new error SEQ102 x: unknown type `Inptu`; did you mean `Input`?"
    ]
    assert "error SEQ210" in shown[1]  # what stays wrong is told again
    assert lines(shown[3], "1 error") == ["1 error in 1 of 3 specs; 1 other YAML file passed over"]


def test_what_was_not_saved_is_not_judged_again(
    specs: Path, rounds: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from seqshape import pipeline

    asked: list[str] = []
    judged = pipeline.inspect_bytes
    monkeypatch.setattr(
        pipeline,
        "inspect_bytes",
        lambda path, *rest, **named: asked.append(path) or judged(path, *rest, **named),
    )
    rounds(["specs", "--budget", "0"], write(specs / "specs" / "wrong.yaml", GOOD), QUIET)
    assert asked == [f"specs/{name}.yaml" for name in ("good", "refused", "wrong", "wrong")]


def test_a_folder_that_goes_and_comes(specs: Path, rounds: Callable[..., list[str]]) -> None:
    folder, away = specs / "specs", specs / "away"
    shown = rounds(
        ["specs", "--budget", "0"],
        lambda: folder.rename(away),
        QUIET,
        lambda: away.rename(folder),
        problems=True,
    )
    assert len(shown) == 3
    assert "3 files" not in shown[0]
    assert shown[1].startswith("specs/good.yaml gone, specs/refused.yaml gone, specs/wrong.yaml gone\n")
    assert "specs is gone; it is shown again when it is back" in shown[1]
    assert not lines(shown[1], "Error", "no specs")
    assert shown[2].startswith("specs/good.yaml back, specs/refused.yaml back, specs/wrong.yaml back\n")
    assert "2 errors in 2 of 3 specs" in shown[2]
    assert not lines(shown[2], "new", "resolved")


def test_a_folder_without_specs_waits_for_the_first(specs: Path, rounds: Callable[..., list[str]]) -> None:
    (specs / "empty").mkdir()
    first, second = rounds(["empty"], write(specs / "empty" / "a.yaml", GOOD))
    assert lines(first, "no specs")
    assert second.startswith("empty/a.yaml new\n")
    assert lines(second, "1 spec, no findings")


def test_dims_for_the_run_and_columns(model: Path, rounds: Callable[..., list[str]]) -> None:
    arguments = ["model.yaml", "--set", "H=5", "--columns", "layer,params", "--weights"]
    first, second = rounds(arguments, write(model, GOOD.replace("units: H", "units: 2*H")))
    assert lines(first, "gru")[0] == "gru (GRU) 330"
    assert lines(second, "~") == ["~ gru (GRU) 810 (batch, 5) · 330 params"]
    assert "kernel 15×30" in second
    symbolic = rounds(["model.yaml", "--symbolic"], write(model, GOOD.replace("units: H", "units: 3*H")))[1]
    assert "(batch, 3*H)" in symbolic


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["modle.yaml"], "Error: modle.yaml: no such file or folder; did you mean `model.yaml`?\n"),
        (["-"], "standard input has no saves to wait for"),
        ([], "no PATH"),
    ],
)
def test_what_cannot_be_watched_is_status_two(model: Path, arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(cli, ["watch", *arguments, "--no-config"], standalone_mode=False)
    found = (
        result.exception.format_message()
        if isinstance(result.exception, click.UsageError)
        else result.stderr
    )
    assert said in found
    assert (result.return_value if result.exception is None else result.exception.exit_code) == 2


def test_a_terminal_is_cleared_and_told_how_to_end(
    model: Path, rounds: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cleared: list[bool] = []
    monkeypatch.setattr(watch, "_clears", lambda: True)
    monkeypatch.setattr(watch.click, "clear", lambda: cleared.append(True))
    rounds(["model.yaml"], write(model, GOOD + "# 1\n"), write(model, GOOD + "# 2\n"))
    assert len(cleared) == 3
    rounds(["model.yaml", "--no-clear"], write(model, GOOD + "# 3\n"))
    assert len(cleared) == 3


def test_a_dim_that_no_file_has_is_status_two_at_the_start_alone(
    model: Path, rounds: Callable[..., list[str]]
) -> None:
    arguments = ["watch", "model.yaml", "--set", "HH=5", "--no-config"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    said = "Error: model.yaml: the spec has no dim `HH`; did you mean `H`?"
    assert (result.return_value, result.stderr) == (2, said + "\n")
    renamed = write(model, GOOD.replace("H", "HH"))
    _, later = rounds(["model.yaml", "--set", "H=5"], renamed, problems=True)
    assert "Error: model.yaml: the spec has no dim `H`; did you mean `HH`?" in later
    assert lines(later, "~ gru") == ["~ gru (GRU) x (batch, 16) 1,584 100.0% yes (batch, 5) · 330 params"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(
    model: Path, rounds: Callable[..., list[str]]
) -> None:
    def piped() -> None:
        model.unlink()
        os.mkfifo(model)

    def mended() -> None:
        model.unlink()
        model.write_text(GOOD.replace("H: 16", "H: 8"), encoding="utf-8")

    _, wrong, back = rounds(["model.yaml"], piped, QUIET, mended, problems=True)
    assert wrong.startswith("model.yaml not readable\n")
    assert "Error: model.yaml: not a regular file" in wrong
    assert back.startswith("model.yaml back\n")
    assert lines(back, "~ gru")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_that_takes_the_place_just_before_it_is_opened(
    specs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = specs / "pipe.yaml"
    os.mkfifo(pipe)
    regular = os.stat(specs / "specs" / "good.yaml")
    monkeypatch.setattr(_reading.os, "stat", lambda path: regular)
    with pytest.raises(OSError, match="not a regular file"):
        _reading.read_regular(str(pipe), 10_000)


def test_a_folder_in_the_place_of_the_file(model: Path, rounds: Callable[..., list[str]]) -> None:
    def folder() -> None:
        model.unlink()
        model.mkdir()

    def mended() -> None:
        model.rmdir()
        model.write_text(GOOD.replace("H: 16", "H: 8"), encoding="utf-8")

    _, wrong, back = rounds(["model.yaml"], folder, QUIET, mended, problems=True)
    assert "Error: model.yaml is a folder now" in wrong
    assert not lines(wrong, "no specs")
    assert lines(back, "~ gru") == ["~ gru (GRU) x (batch, 8) 600 100.0% yes (batch, 16) · 1,584 params"]


@pytest.mark.parametrize("broken", ["", "layers: [", "layers:\n  - {name: x, type: Inptu, shape: [3]}\n"])
def test_what_was_not_judged_is_neither_resolved_nor_new_afterwards(
    specs: Path, broken: str, rounds: Callable[..., list[str]]
) -> None:
    path = specs / "refused.yaml"
    path.write_text(REFUSED, encoding="utf-8")
    first, wrong, again, good = rounds(
        ["refused.yaml", "--budget", "0"],
        write(path, broken),
        QUIET,
        write(path, REFUSED),
        write(path, GOOD),
    )
    assert lines(first, "error SEQ210")
    assert lines(wrong, "new error")
    assert not lines(wrong, "resolved")
    assert lines(again, "error SEQ210")
    assert not lines(again, "new", "resolved error SEQ210")
    assert lines(good, "resolved error SEQ210")


def test_of_several_files_each_is_told_apart(specs: Path, rounds: Callable[..., list[str]]) -> None:
    """One that is gone, one beside it that is judged, and what a layer with a wrong type was found to have."""
    good, refused = specs / "specs" / "good.yaml", specs / "specs" / "refused.yaml"
    arguments = ["specs/good.yaml", "specs/refused.yaml", "--budget", "0"]
    _, gone, wrong, back = rounds(
        arguments,
        good.unlink,
        QUIET,
        write(refused, REFUSED.replace("type: GRU", "type: GRUU")),
        write(refused, REFUSED),
        problems=True,
    )
    assert "specs/good.yaml is gone; it is shown again when it is back" in gone
    assert lines(gone, "error SEQ210", "1 error")
    assert lines(wrong, "new error SEQ102")
    assert not lines(wrong, "resolved")
    (resolved,) = lines(back, "new", "resolved")
    assert resolved.startswith("resolved error SEQ102")
    assert resolved.endswith("(specs/refused.yaml)")


def test_formulas_are_compared_with_formulas(model: Path, rounds: Callable[..., list[str]]) -> None:
    text = GOOD.replace("H: 16", "H: 8")
    named, other = rounds(
        ["model.yaml", "--symbolic", "--columns", "layer,shape,formula"],
        write(model, text),
        write(model, text.replace("units: H", "units: 2*H")),
    )[1:]
    assert not lines(named, "~", "+", "-")
    assert lines(named, "Sizes")[0].endswith("H=8")
    (gru,) = lines(other, "~")
    assert gru.startswith("~ gru (GRU) (batch, 2*H)")
    assert "(batch, H) · " in gru
    assert gru.endswith(" params")


def test_a_save_of_which_nothing_was_told_is_seen_in_a_quiet_moment(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saves(_: tuple[str, ...]) -> Iterator[bool]:
        yield False
        model.write_text(GOOD.replace("H: 16", "H: 32"), encoding="utf-8")
        yield from (False, False)
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "saves", saves)
    result = CliRunner().invoke(cli, ["watch", "model.yaml", "--no-config"], standalone_mode=False)
    assert result.stdout.count("model.yaml saved") == 1
    assert lines(result.stdout, "~ gru")


def test_ctrl_c_is_heard_while_memory_is_tidied(engine: Engine) -> None:
    class Ring:
        def __init__(self) -> None:
            self.self = self

    asked = Asked(engine, {}, Limits(), True, 0.0, False, Options(), True, lambda report, _: report)

    def rested() -> None:
        weakref.finalize(Ring(), os.kill, os.getpid(), signal.SIGINT).atexit = False
        Rounds(asked).rest()
        time.sleep(10)

    gc.disable()  # else the ring may go before it is time
    try:
        with pytest.raises(KeyboardInterrupt):
            rested()
    finally:
        gc.enable()


def test_where_the_system_does_not_tell_the_files_are_looked_at(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saves(folders: tuple[str, ...]) -> Iterator[bool]:
        raise _saves.Unwatchable("too many watches")
        yield

    saved = GOOD.replace("H: 16", "H: 61")
    steps = iter([write(model, saved), write(model, GOOD), lambda: None])

    def sleep(seconds: float) -> None:
        try:
            next(steps)()
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(watch, "saves", saves)
    monkeypatch.setattr(_saves.time, "sleep", sleep)
    for arguments, note in (([], "Note: too many watches: the files are looked at"), (["--poll"], "")):
        steps = iter([write(model, saved), write(model, GOOD), lambda: None])
        result = CliRunner().invoke(
            cli, ["watch", "model.yaml", "--no-config", *arguments], standalone_mode=False
        )
        assert result.stderr.startswith(note)
        assert result.stdout.count("model.yaml saved") == 2
        assert result.stdout.count("~ ") == 2


def test_a_file_saved_twice_in_one_tick_of_the_clock_is_read_again(model: Path) -> None:
    """Same size, same time: what tells them apart is that they were read just after they were written."""
    watched = Watched((str(model),), 10_000)
    before = watched.look()
    stamp = os.stat(model).st_mtime_ns
    model.write_text(GOOD.replace("16", "61"), encoding="utf-8")
    os.utime(model, ns=(stamp, stamp))
    assert watched.look().differing(before)


def test_old_files_are_read_once(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    for path in (specs / "specs").iterdir():
        os.utime(path, (1, 1))
    watched = Watched(("specs",), 10_000)
    before = watched.look()
    monkeypatch.setattr("seqshape.cli._watched.read_regular", lambda path, most: read.append(path))
    assert watched.look() == before
    assert read == []


def test_the_system_tells_of_saves(specs: Path) -> None:
    """A file that is written, and one that takes its place by a new name, as editors do."""
    told = _saves.saves((str(specs), str(specs / "specs")))
    assert next(told) is False

    def soon() -> bool:
        return any(next(told) for _ in range(10))

    (specs / "specs" / "good.yaml").write_text(GOOD + "# 1\n", encoding="utf-8")
    assert soon()
    while next(told):
        pass
    (specs / "new").write_text(GOOD, encoding="utf-8")
    (specs / "new").rename(specs / "specs" / "good.yaml")
    assert soon()
    assert next(_saves.saves((str(specs / "nowhere"),))) is False


def test_the_whole_command_tells_of_a_save_and_ends_in_peace(
    specs: Path, engine: Engine, cache: Path
) -> None:
    engine.catalogue()
    path = specs / "model.yaml"
    path.write_text(WRONG, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "seqshape", "watch", "model.yaml", "--no-config"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "SEQSHAPE_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("1 error"):
            break
    path.with_name("next").write_text(GOOD, encoding="utf-8")
    path.with_name("next").replace(path)
    told = []
    for line in process.stdout:
        told.append(line)
        if "resolved error SEQ102" in line:
            break
    assert any("(batch, 16)" in line for line in told)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "\n")
