"""`check` as a process of its own: streams that close or are full, an interrupt, two at once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "seqshape", "check", "--no-config"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(cache: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return {**kept, "SEQSHAPE_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT)}


def test_a_reader_that_has_gone_keeps_the_status_and_the_files(
    specs: Path, environment: dict[str, str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run(
        [*COMMAND, "specs/wrong.yaml", "--output", "json=out.json"],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=environment,
        timeout=120,
        check=False,
    )
    os.close(writing)
    assert (result.returncode, result.stderr) == (1, b"")
    assert (specs / "out.json").exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device here")
def test_a_full_disk_is_status_two(specs: Path, environment: dict[str, str]) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [*COMMAND, "specs/wrong.yaml"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=120,
            check=False,
        )
    assert result.returncode == 2
    assert result.stderr == b"Error: standard output: it cannot be written: No space left on device\n"


def test_an_interrupt_writes_nothing_and_is_status_130(specs: Path, environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [*COMMAND, "-", "--output", "json=out.json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in error
    assert out == b""
    assert not list(specs.glob("*out*"))


def test_two_at_once_write_one_whole_file(
    specs: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    environment["SEQSHAPE_CACHE_DIR"] = str(tmp_path_factory.mktemp("empty"))
    processes = [
        subprocess.Popen(
            [*COMMAND, "specs", "--format", "json", "--output", "json=out.json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=200)[0] for process in processes]
    assert [process.returncode for process in processes] == [1, 1]
    assert outputs[0] == outputs[1] == (specs / "out.json").read_bytes()
