"""From a save to the printed table: `seqshape watch` as a process, one layer of a spec edited again and again."""

import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

SMALL = """\
layers:
  - {name: chars, type: Input, shape: [64, 15]}
  - {name: gru, type: GRU, units: 16, return_sequences: true}
  - {name: logits, type: TimeDistributed, layer: {type: Dense, units: 15}}
  - {name: probs, type: Activation, activation: softmax}
"""
EDITS = 9
"""Saves that count; one before them does not, as it asks Keras the first question."""
_UNITS = re.compile(r"units: \d+")
_LAST = " Weights "
"""How the last line of a table begins."""


def latency(text: str, folder: Path, environment: dict[str, str]) -> float:
    """The median of seconds from a save to the table. Each save has a number of units never seen before."""
    path = folder / "watched.yaml"
    path.write_text(text, encoding="utf-8")
    taken = []
    with _watching(path, environment) as stream:
        _await(stream)
        for number in range(EDITS + 1):
            time.sleep(0.3)
            fresh = path.with_suffix(".new")
            fresh.write_text(_edited(text, 1000 + number), encoding="utf-8")
            start = time.perf_counter()
            fresh.replace(path)
            _await(stream)
            taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def _edited(text: str, units: int) -> str:
    """The text with other units in the layer in its middle that has any."""
    places = list(_UNITS.finditer(text))
    place = places[len(places) // 2]
    return f"{text[: place.start()]}units: {units}{text[place.end() :]}"


@contextmanager
def _watching(path: Path, environment: dict[str, str]) -> Iterator[IO[str]]:
    """A process that watches a file, and what it prints."""
    command = [sys.executable, "-m", "seqshape", "watch", str(path), "--no-config", "--budget", "0"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def _await(stream: IO[str]) -> None:
    """Reads until a table has come."""
    for line in stream:
        if line.startswith(_LAST):
            return
    raise SystemExit("seqshape watch has ended")
