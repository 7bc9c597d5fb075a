"""What the tests of commands share: a folder of specs, one engine, and a quiet environment."""

import os
from pathlib import Path

import pytest

GOOD = "name: good\ndims: {H: 16}\nlayers:\n  - {name: x, type: Input, shape: [64, 15]}\n  - {name: gru, type: GRU, units: H}\n"
REFUSED = "layers:\n  - {name: x, type: Input, shape: [64, 15]}\n  - {name: gru, type: GRU, units: 0}\n"
WRONG = "layers:\n  - {name: x, type: Inptu, shape: [64, 15]}\n"
NOTED = "layers:\n  - {name: x, type: Input, shape: [3], ignore: [SEQ201]}\n"


@pytest.fixture(autouse=True)
def one_engine(monkeypatch: pytest.MonkeyPatch, shared_engine: None) -> None:
    """All runs of a command share the engine of the tests, and no setting of the shell."""
    for name in os.environ:
        shell = name.startswith(("GITHUB_", "SEQSHAPE_")) and name != "SEQSHAPE_CACHE_DIR"
        if shell or name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory, a checkout of its own, with specs and one alien file in `specs`."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "specs"
    folder.mkdir()
    texts = {"good": GOOD, "refused": REFUSED, "wrong": WRONG, "alien": "on: push\n"}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
