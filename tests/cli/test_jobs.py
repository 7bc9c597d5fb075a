"""`check --jobs`: several processes that ask Keras, real ones, and what the user sees of them."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.test_check import codes, judged, run, said, status
from tests.cli.test_process import COMMAND, environment

__all__ = ["environment"]

PLUGIN = """
import os, keras
@keras.saving.register_keras_serializable("Mine")
class Ends(keras.layers.Layer):
    def call(self, inputs):
        print("a print of the plugin")
        os._exit(7)
@keras.saving.register_keras_serializable("Mine")
class Prints(keras.layers.Layer):
    def call(self, inputs):
        print("a print of the plugin")
        return inputs
"""
SPEC = "layers:\n  - {{name: x, type: Input, shape: [8]}}\n  - {{name: d, type: {}}}\n"
KINDS = {
    "a_sound": "Dense, units: 4715",
    "b_refused": "Dense, units: -4715",
    "c_ends": "Mine>Ends",
    "d_prints": "Mine>Prints",
    "e_wrong": "Desne",
    "f_warned": "Dense, units: 4716, ignore: [SEQ201]",
}
"""Of sizes that no other test asks about: nobody remembers them."""


@pytest.fixture
def many(specs: Path) -> Path:
    (specs / "many").mkdir()
    for name, layer in KINDS.items():
        (specs / "many" / f"{name}.yaml").write_text(SPEC.format(layer), encoding="utf-8")
    (specs / "mine.py").write_text(PLUGIN, encoding="utf-8")
    return specs


def test_two_processes_say_what_one_says_and_one_that_ends_costs_one_diagnostic(
    many: Path, environment: dict[str, str]
) -> None:
    arguments = ["many", "--plugin", "mine", "--output", "json=out.json"]
    two = subprocess.run(
        [*COMMAND, *arguments, "--jobs", "2"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=200,
        check=False,
    )
    reports = json.loads((many / "out.json").read_text(encoding="utf-8"))["reports"]
    assert [Path(each["spec"]["path"]).stem for each in reports] == list(KINDS)
    found = {Path(each["spec"]["path"]).stem: each for each in reports}
    assert [item["code"] for item in found.pop("c_ends")["diagnostics"]] == ["SEQ906"]
    assert "with status 7" in two.stdout
    assert "a print" not in two.stdout
    assert (two.returncode, two.stderr) == (1, "")
    (many / "many" / "c_ends.yaml").unlink()  # in one process it would end the run
    one = subprocess.run(
        [*COMMAND, *arguments, "--jobs", "1"],
        capture_output=True,
        text=True,
        env={**environment, "SEQSHAPE_CACHE_DIR": str(many / "empty")},
        timeout=200,
        check=False,
    )
    assert json.loads((many / "out.json").read_text(encoding="utf-8"))["reports"] == list(found.values())
    before, _, after = two.stdout.partition("error SEQ906")
    after = after[after.index("\nerror ") + 1 :]
    shown, summary = (before + after).rsplit("\n\n", 1)
    assert one.stdout.rsplit("\n\n", 1)[0] == shown
    assert summary.startswith("3 errors, 1 note in 4 of 6 specs")


def test_an_interrupt_ends_all_processes_without_a_word(many: Path, environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [*COMMAND, "many", "--plugin", "mine", "--jobs", "2", "--no-cache"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process of it is interrupted
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error.strip() == b""
    end = time.monotonic() + 20
    while _has_processes(process.pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _has_processes(process.pid)


def _has_processes(session: int) -> bool:
    """Whether any process of a group is there."""
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    return True


def test_text_is_told_as_soon_as_its_turn_has_come(many: Path, environment: dict[str, str]) -> None:
    """What needs no Keras is printed before Keras is imported for the next one."""
    (many / "many" / "_first.yaml").write_text(SPEC.format("Desne"), encoding="utf-8")
    process = subprocess.Popen(
        [*COMMAND, "many", "--plugin", "mine", "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert first.startswith("error SEQ102")
    assert process.returncode == 130


def test_a_file_that_goes_while_others_are_judged_is_one_error(
    specs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (specs / "specs" / "fleeting.yaml").write_text(SPEC.format("Dense, units: 1"), encoding="utf-8")
    from seqshape import paths

    def found(*given: object) -> paths.Found:
        files = paths.find(*given)  # type: ignore[arg-type]
        (specs / "specs" / "fleeting.yaml").unlink()
        return files

    monkeypatch.setattr("seqshape.cli.check.find", found)
    result = run("specs", "--format", "json")
    assert result.stderr.startswith("Error: specs/fleeting.yaml: No such file or directory\n") or (
        "Error: specs/fleeting.yaml: No such file or directory\n" in result.stderr
    )
    assert status(result) == 2
    assert judged(result) == ["specs/good.yaml", "specs/refused.yaml", "specs/wrong.yaml"]
    assert codes(result) == ["SEQ210", "SEQ102"]


def test_a_defect_at_one_file_is_told_last_and_is_status_three(
    specs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from seqshape import checking

    judges = checking.inspect_bytes

    def defective(path: str, *given: object, **settings: object) -> object:
        if path == "specs/good.yaml":
            raise ZeroDivisionError("by nothing")
        return judges(path, *given, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "inspect_bytes", defective)
    result = run("specs", "--format", "json")
    assert (status(result), codes(result)) == (3, ["SEQ210", "SEQ102"])
    assert "a defect of seqshape at specs/good.yaml (ZeroDivisionError: by nothing)" in result.stderr
    assert "Traceback" not in result.stderr
    told = run("specs", "--format", "json", SEQSHAPE_TRACEBACK="1")
    assert "in defective" in told.stderr


@pytest.mark.parametrize("number", ["0", "-1", "two"])
def test_jobs_is_a_number_from_one(number: str, specs: Path) -> None:
    assert status(run("specs", "--jobs", number)) == 2
    wrong = run("specs", SEQSHAPE_JOBS=number)
    assert status(wrong) == 2
    assert "SEQSHAPE_JOBS" in said(wrong)


def test_settings_show_the_jobs(specs: Path) -> None:
    assert "jobs  " in run("--show-settings").stdout
    line = next(
        line for line in run("--show-settings", SEQSHAPE_JOBS="3").stdout.splitlines() if "jobs" in line
    )
    assert line.split() == ["jobs", "3", "SEQSHAPE_JOBS"]
